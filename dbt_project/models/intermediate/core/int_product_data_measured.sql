{# How complete a product's data are: images, attributes of those its category requires, brand and
   GTIN, each a share of one and all of the same weight. What no product at all states the catalogue
   does not hold, and nobody forgot it. #}
with products as (

    select
        *,
        case when bool_or(brand is not null) over () then brand is not null end as has_brand,
        case when bool_or(gtin is not null) over () then gtin is not null end as has_gtin,
        case
            when required_attribute_count > 0 and attribute_count is not null
                then least({{ ratio('attribute_count', 'required_attribute_count') }}, 1)
        end as attribute_share
    from {{ ref('stg_pim__products') }}

),

counted as (

    select
        *,
        case when image_count is not null then 1 else 0 end
        + case when attribute_share is not null then 1 else 0 end
        + case when has_brand is not null then 1 else 0 end
        + case when has_gtin is not null then 1 else 0 end as asked_count,
        case when image_count > 0 then 1 else 0 end
        + coalesce(attribute_share, 0)
        + case when has_brand then 1 else 0 end
        + case when has_gtin then 1 else 0 end as given_count
    from products

)

select
    -- ids
    product_id,

    -- numbers
    image_count,
    attribute_count,
    required_attribute_count,
    {{ ratio('given_count', 'asked_count') }} as completeness_share,

    -- booleans
    has_brand,
    has_gtin
from counted
