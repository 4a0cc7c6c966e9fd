{{ config(materialized='materialized_view') }}
select case when price < 20 then 'small' else 'large' end as band, count(*) as gifts from {{ ref('gifts') }} group by 1
