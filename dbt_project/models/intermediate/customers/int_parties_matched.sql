{# Who buys and sells. An equal e-mail address is likely the same party; an equal legal name in the
   same country may be, and is shown with that reason. No name matches silently, and a name that
   several customers or several companies behind vendors have matches nobody. #}
with vendors as (

    select
        vendor_id,
        {{ comparable('legal_entity') }} as legal_name,
        country_code,
        email_hash
    from {{ ref('stg_vendor_portal__vendors') }}

),

customers as (

    select
        customers.customer_id,
        {{ comparable('coalesce(companies.account_name, customers.customer_name)') }} as legal_name,
        coalesce(companies.country_code, customers.country_code) as country_code,
        customers.email_hash
    from {{ ref('int_customers_merged') }} as customers
    left join {{ ref('stg_crm__accounts') }} as companies
        on customers.customer_id = companies.customer_id
    where customers.customer_type = 'business' or companies.account_id is not null

),

unique_names as (

    select
        legal_name,
        country_code
    from customers
    where legal_name is not null and country_code is not null
    group by legal_name, country_code
    having count(distinct customer_id) = 1

),

addresses as (

    select
        customer_id,
        email_hash
    from {{ ref('int_customers_merged') }}
    where email_hash is not null
    union
    select
        customer_id,
        email_hash
    from {{ ref('int_contacts_resolved') }}
    where email_hash is not null and customer_id is not null

),

matched as (

    select
        addresses.customer_id,
        vendors.vendor_id,
        'email' as match_reason,
        1 as preference
    from addresses
    inner join vendors
        on addresses.email_hash = vendors.email_hash
    union all
    select
        customers.customer_id,
        vendors.vendor_id,
        'legal_name' as match_reason,
        2 as preference
    from customers
    inner join unique_names
        on
            customers.legal_name = unique_names.legal_name
            and customers.country_code = unique_names.country_code
    inner join vendors
        on
            customers.legal_name = vendors.legal_name
            and customers.country_code = vendors.country_code

)

select
    -- ids
    customer_id,
    vendor_id,

    -- text
    match_reason,
    case when match_reason = 'email' then 'likely' else 'possible' end as confidence
from matched
qualify row_number() over (
    partition by customer_id, vendor_id order by preference asc nulls last
) = 1
