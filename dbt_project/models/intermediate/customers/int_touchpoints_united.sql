{# Every system's contacts with a customer or a company in one form. A touchpoint is inbound where
   the customer began it. What somebody is asked about an order belongs to the order's buyer. #}
with orders as (

    select
        orders.order_id,
        orders.customer_id,
        sources.account_id,
        sources.contact_id,
        orders.channel,
        orders.status,
        orders.ordered_at
    from {{ ref('fct_orders') }} as orders
    inner join {{ ref('stg_shop__orders') }} as sources
        on orders.order_id = sources.order_id

),

{# A review of several orders is one touchpoint of their buyer. #}
reviews as (

    select
        reviews.review_id,
        orders.customer_id,
        min(reviews.order_id) as order_id,
        min(reviews.vendor_id) as vendor_id,
        min(reviews.rating) as rating,
        min(coalesce(reviews.created_at, orders.ordered_at)) as reviewed_at
    from {{ ref('stg_shop__reviews') }} as reviews
    inner join orders
        on reviews.order_id = orders.order_id
    group by reviews.review_id, orders.customer_id

),

united as (

    select
        'order' as kind,
        order_id as source_id,
        'shop' as source_system,
        customer_id,
        account_id,
        contact_id,
        order_id,
        cast(null as string) as vendor_id,
        channel,
        'inbound' as direction,
        status as detail,
        cast(null as bigint) as score,
        ordered_at as occurred_at
    from orders
    union all
    select
        'ticket' as kind,
        ticket_id as source_id,
        'helpdesk' as source_system,
        customer_id,
        cast(null as string) as account_id,
        contact_id,
        order_id,
        vendor_id,
        channel,
        'inbound' as direction,
        topic as detail,
        cast(null as bigint) as score,
        opened_at as occurred_at
    from {{ ref('stg_helpdesk__tickets') }}
    union all
    select
        'message' as kind,
        message_id as source_id,
        'marketing' as source_system,
        customer_id,
        cast(null as string) as account_id,
        contact_id,
        cast(null as string) as order_id,
        vendor_id,
        channel,
        direction,
        case
            when clicked_at is not null then 'clicked'
            when opened_at is not null then 'opened'
            else status
        end as detail,
        cast(null as bigint) as score,
        sent_at as occurred_at
    from {{ ref('stg_marketing__messages') }}
    union all
    select
        'vendor_message' as kind,
        message_id as source_id,
        'vendor_portal' as source_system,
        customer_id,
        cast(null as string) as account_id,
        cast(null as string) as contact_id,
        order_id,
        vendor_id,
        'portal' as channel,
        direction,
        cast(null as string) as detail,
        cast(null as bigint) as score,
        sent_at as occurred_at
    from {{ ref('stg_vendor_portal__vendor_messages') }}
    union all
    select
        case when activity_type in ('call', 'visit') then activity_type else 'activity' end as kind,
        activity_id as source_id,
        'crm' as source_system,
        cast(null as string) as customer_id,
        account_id,
        contact_id,
        cast(null as string) as order_id,
        vendor_id,
        case
            when activity_type = 'call' then 'phone'
            when activity_type = 'email' then 'email'
            when activity_type in ('visit', 'meeting', 'demo') then 'in_person'
        end as channel,
        direction,
        activity_type as detail,
        cast(null as bigint) as score,
        started_at as occurred_at
    from {{ ref('stg_crm__activities') }}
    where account_id is not null or contact_id is not null
    union all
    select
        'survey' as kind,
        response_id as source_id,
        'helpdesk' as source_system,
        customer_id,
        cast(null as string) as account_id,
        cast(null as string) as contact_id,
        order_id,
        vendor_id,
        cast(null as string) as channel,
        'inbound' as direction,
        question_kind as detail,
        score,
        answered_at as occurred_at
    from {{ ref('stg_helpdesk__survey_responses') }}
    union all
    select
        'review' as kind,
        review_id || ':' || order_id as source_id,
        'shop' as source_system,
        customer_id,
        cast(null as string) as account_id,
        cast(null as string) as contact_id,
        order_id,
        vendor_id,
        'web' as channel,
        'inbound' as direction,
        cast(null as string) as detail,
        rating as score,
        reviewed_at as occurred_at
    from reviews
    union all
    select
        'registration' as kind,
        registration_id as source_id,
        'shop' as source_system,
        customer_id,
        account_id,
        cast(null as string) as contact_id,
        cast(null as string) as order_id,
        cast(null as string) as vendor_id,
        'web' as channel,
        'inbound' as direction,
        cast(null as string) as detail,
        cast(null as bigint) as score,
        registered_at as occurred_at
    from {{ ref('stg_shop__product_registrations') }}
    union all
    select
        'session' as kind,
        session_id as source_id,
        'tracking' as source_system,
        customer_id,
        account_id,
        cast(null as string) as contact_id,
        cast(null as string) as order_id,
        cast(null as string) as vendor_id,
        'web' as channel,
        'inbound' as direction,
        cast(null as string) as detail,
        cast(null as bigint) as score,
        started_at as occurred_at
    from {{ ref('fct_sessions') }}
    where session_kind = 'human' and (customer_id is not null or account_id is not null)

),

contacts as (

    select
        contact_id,
        account_id,
        customer_id
    from {{ ref('int_contacts_resolved') }}

),

accounts as (

    select
        account_id,
        customer_id
    from {{ ref('stg_crm__accounts') }}

)

select
    -- ids
    united.kind || ':' || united.source_id as touchpoint_id,
    coalesce(united.customer_id, contacts.customer_id, accounts.customer_id) as customer_id,
    coalesce(united.account_id, contacts.account_id) as account_id,
    united.contact_id,
    united.order_id,
    united.vendor_id,

    -- text
    united.kind,
    united.source_system,
    united.channel,
    united.direction,
    united.detail,

    -- numbers
    united.score,

    -- dates
    {{ business_date('united.occurred_at') }} as touchpoint_date,

    -- timestamps
    united.occurred_at
from united
left join contacts
    on united.contact_id = contacts.contact_id
left join accounts
    on united.account_id = accounts.account_id
where {{ business_date('united.occurred_at') }} < {{ as_of_end_date() }}
