with promotions as (

    select
        *,
        {{ business_date('starts_at') }} as first_date,
        -- the moment at which it ends is the first that it does not hold
        {{ business_date("ends_at - interval '1' second") }} as last_date
    from {{ ref('stg_marketing__promotions') }}

)

select
    -- ids
    promotion_id,
    vendor_id,
    category_id,

    -- text
    promotion_name,
    kind,

    -- dates
    first_date,
    last_date,
    coalesce({{ earlier('last_date', as_of_date()) }}, {{ as_of_date() }}) as last_promoted_date
from promotions
where first_date <= {{ as_of_date() }} and coalesce(last_date >= first_date, true)
