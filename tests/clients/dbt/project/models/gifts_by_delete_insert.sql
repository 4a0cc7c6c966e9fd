{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='id') }}
select id, name, price + {{ var('surcharge', 0) }} as price, changed_at from {{ ref('gifts') }}
{% if is_incremental() %}
where changed_at >= (select max(changed_at) from {{ this }})
{% endif %}
