select id from {{ ref('gifts') }} where price <= 0
