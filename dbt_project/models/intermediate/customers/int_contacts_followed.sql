{{ config(materialized='table') }}

{# How long what somebody does is counted after the contact, and how many such spans before it
   tell what the person does anyhow. #}
{% set followed_days = 14 %}
{% set spans_before = 6 %}
{# A cart is what a contact is about if it was left within so many days before. #}
{% set cart_days = 3 %}
{% set recovery_days = 7 %}
with members as (

    select
        campaign_id as effect_of,
        'campaign' as contact_kind,
        campaign_id,
        cast(null as string) as export_name,
        customer_id,
        is_holdout,
        joined_at,
        {{ business_date('joined_at') }} as contacted_on
    from {{ ref('stg_marketing__campaign_members') }}
    union all
    select
        'export:' || export_name as effect_of,
        'export' as contact_kind,
        cast(null as string) as campaign_id,
        export_name,
        subject_id as customer_id,
        is_holdout,
        changed_at as joined_at,
        {{ business_date('changed_at') }} as contacted_on
    from {{ ref('int_export_rows_judged') }}
    where is_first_contact and subject_kind = 'customer'

),

-- nobody knows yet what the others will do
followed as (

    select *
    from members
    where {{ days_after('contacted_on', followed_days) }} <= {{ as_of_end_date() }}

),

order_days as (

    select
        customer_id,
        order_date,
        count(*) as order_count
    from {{ ref('fct_orders') }}
    where customer_id is not null and not is_cancelled
    group by customer_id, order_date

),

bought as (

    select
        followed.effect_of,
        followed.customer_id,
        sum(
            case when order_days.order_date >= followed.contacted_on then order_days.order_count end
        ) as orders_after,
        sum(
            case when order_days.order_date < followed.contacted_on then order_days.order_count end
        ) as orders_before,
        sum(
            case when order_days.order_date >= followed.contacted_on then purchases.margin end
        ) as margin_after,
        sum(
            case when order_days.order_date < followed.contacted_on then purchases.margin end
        ) as margin_before
    from followed
    inner join order_days
        on
            followed.customer_id = order_days.customer_id
            and order_days.order_date
            >= {{ days_before('followed.contacted_on', followed_days * spans_before) }}
            and order_days.order_date < {{ days_after('followed.contacted_on', followed_days) }}
    left join {{ ref('int_customer_purchase_days') }} as purchases
        on
            order_days.customer_id = purchases.customer_id
            and order_days.order_date = purchases.order_date
    group by followed.effect_of, followed.customer_id

),

carts as (

    select
        followed.effect_of,
        followed.customer_id,
        bool_or(
            coalesce(
                carts.ordered_at <= followed.joined_at + interval '{{ recovery_days }}' day, false
            )
        ) as is_recovered
    from followed
    inner join {{ ref('fct_carts') }} as carts
        on
            followed.customer_id = carts.customer_id
            and followed.joined_at >= carts.created_at
            and followed.joined_at < carts.created_at + interval '{{ cart_days }}' day
            and coalesce(followed.joined_at < carts.ordered_at, true)
    group by followed.effect_of, followed.customer_id

),

-- a campaign is about carts if most of its members have just left one
about_carts as (

    select
        followed.effect_of,
        2 * count(carts.customer_id) > count(*) as is_about_carts
    from followed
    left join carts
        on
            followed.effect_of = carts.effect_of
            and followed.customer_id = carts.customer_id
    group by followed.effect_of

),

known as (

    select count(margin) > 0 as is_margin_known
    from {{ ref('int_customer_purchase_days') }}

)

select
    -- ids
    followed.effect_of,
    followed.campaign_id,
    followed.customer_id,

    -- text
    followed.contact_kind,
    followed.export_name,
    campaigns.campaign_name,

    -- numbers
    cast(coalesce(bought.orders_after, 0) as double) as orders_after,
    {{ ratio('coalesce(bought.orders_before, 0)', spans_before) }} as orders_before,
    case
        when known.is_margin_known then cast(coalesce(bought.margin_after, 0) as double)
    end as margin_after,
    case
        when known.is_margin_known
            then {{ ratio('coalesce(bought.margin_before, 0)', spans_before) }}
    end as margin_before,
    case
        when about_carts.is_about_carts and carts.is_recovered then cast(1 as double)
        when about_carts.is_about_carts and not carts.is_recovered then cast(0 as double)
    end as carts_recovered,

    -- booleans
    followed.is_holdout,

    -- dates
    followed.contacted_on
from followed
inner join about_carts
    on followed.effect_of = about_carts.effect_of
left join {{ ref('stg_marketing__campaigns') }} as campaigns
    on followed.campaign_id = campaigns.campaign_id
left join bought
    on
        followed.effect_of = bought.effect_of
        and followed.customer_id = bought.customer_id
left join carts
    on
        followed.effect_of = carts.effect_of
        and followed.customer_id = carts.customer_id
cross join known
