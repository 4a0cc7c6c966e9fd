{{ config(materialized='table', dist='id', sort=['changed_at', 'id']) }}
select id, coalesce(name, 'unnamed') as name, price, changed_at
from {{ ref('raw_gifts') }}
{% if var('second_run', false) %}
union all
select 5, 'Nutcracker', 27.00::decimal(8,2), '2026-12-05 12:00:00'::timestamp
{% endif %}
