{{ config(materialized='view', bind=false) }}
select id, name, price from {{ ref('gifts') }} where price > 20
