{# Vendors that sold before both windows began: of a new one there is nothing to compare with. #}
with vendors as (

    select
        sizes.vendor_id,
        sizes.peer_group_id as size_class
    from {{ ref('int_vendors_grouped_to_peers') }} as sizes
    inner join {{ ref('dim_vendors') }} as vendors
        on sizes.vendor_id = vendors.vendor_id
    where
        sizes.peer_kind = 'size'
        and vendors.first_order_date < {{ days_before(as_of_end_date(), 56) }}

),

sales as (

    select
        vendor_id,
        sum(case when order_date >= {{ days_before(as_of_end_date(), 28) }} then gmv_net else 0 end)
            as gmv_net,
        sum(case when order_date < {{ days_before(as_of_end_date(), 28) }} then gmv_net else 0 end)
            as gmv_net_before
    from {{ ref('mart_vendor_daily') }}
    where
        order_date >= {{ days_before(as_of_end_date(), 56) }}
        and order_date < {{ as_of_end_date() }}
    group by vendor_id

),

-- the score is made of the others
judged as (

    select
        vendor_id,
        window_end,
        is_current,
        count(case when state in ('act', 'watch') then 1 end) as issue_count
    from {{ ref('mart_vendor_scorecard') }}
    where
        is_judged
        and unit <> 'points'
        and (is_current or window_end <= {{ days_before(as_of_end_date(), 28) }})
    group by vendor_id, window_end, is_current
    -- the current one, and the newest of those 28 days ago or more
    qualify
        row_number() over (
            partition by vendor_id, is_current order by window_end desc nulls last
        ) = 1

),

issues as (

    select
        vendor_id,
        max(case when is_current then issue_count end) as issue_count,
        max(case when not is_current then issue_count end) as issue_count_before
    from judged
    group by vendor_id

)

select
    -- ids
    vendors.vendor_id,

    -- text
    vendors.size_class,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    coalesce(looks.look_count, 0) as look_count,
    {{ money('coalesce(sales.gmv_net, 0)') }} as gmv_net,
    {{ money('coalesce(sales.gmv_net_before, 0)') }} as gmv_net_before,
    issues.issue_count,
    issues.issue_count_before,

    -- booleans
    looks.vendor_id is not null as has_looked,

    -- dates
    {{ days_before(as_of_end_date(), 28) }} as window_start,
    {{ as_of_end_date() }} as window_end,
    {{ as_of_date() }} as as_of_date
from vendors
left join sales
    on vendors.vendor_id = sales.vendor_id
left join issues
    on vendors.vendor_id = issues.vendor_id
left join {{ ref('int_vendor_looks_summed') }} as looks
    on vendors.vendor_id = looks.vendor_id
