{{ config(materialized='incremental', incremental_strategy='append') }}
select id, '{{ invocation_id }}'::varchar(40) as run from {{ ref('gifts') }}
