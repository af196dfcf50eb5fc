with decisions as (

    select * from {{ ref('stg_operations__states') }}
    where stream = 'visitor_links'

),

links as (

    select
        {{ text_of('state', 'marketplace') }} as marketplace,
        {{ text_of('state', 'visitor_id') }} as visitor_id,
        {{ text_of('state', 'customer_id') }} as customer_id,
        {{ text_of('state', 'is_separated') }} = 'true' as is_separated
    from decisions

)

select
    -- ids
    visitor_id,
    customer_id
from links
where is_separated and marketplace = '{{ var("marketplace") }}'
