{# Whom a vendor is compared with: vendors of the same main category, and of those the ones of the
   same size; where they are too few, vendors of the same size whatever they sell. By the year
   before the last month start, so that a vendor is in the same group for a whole month and nobody
   learns from one day to the next who came or went. #}
with order_lines as (

    select
        vendor_id,
        order_id,
        category_id,
        gmv
    from {{ ref('fct_order_lines') }}
    where
        order_date >= {{ days_before(peer_month(), 365) }}
        and order_date < {{ peer_month() }}

),

main_categories as (

    select
        vendor_id,
        category_id
    from order_lines
    where category_id is not null
    group by vendor_id, category_id
    qualify
        row_number() over (
            partition by vendor_id
            order by sum(gmv) desc nulls last, category_id asc nulls last
        ) = 1

),

sizes as (

    select
        vendor_id,
        count(distinct order_id) as order_count,
        {{ money('coalesce(sum(gmv), 0)') }} as gmv
    from order_lines
    group by vendor_id

),

classed as (

    select
        sizes.vendor_id,
        main_categories.category_id,
        sizes.gmv,
        case
            when sizes.order_count < 100 then 'small'
            when sizes.order_count < 1000 then 'medium'
            else 'large'
        end as size_class
    from sizes
    inner join main_categories
        on sizes.vendor_id = main_categories.vendor_id

)

select
    -- ids
    vendor_id,
    category_id || '|' || size_class as peer_group_id,

    -- text
    'category_and_size' as peer_kind,

    -- numbers: the closest kind is the first
    1 as peer_rank,
    gmv
from classed
union all
select
    vendor_id,
    category_id as peer_group_id,
    'category' as peer_kind,
    2 as peer_rank,
    gmv
from classed
union all
select
    vendor_id,
    size_class as peer_group_id,
    'size' as peer_kind,
    3 as peer_rank,
    gmv
from classed
