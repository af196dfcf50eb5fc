{# What the shop and the CRM each say of a customer. The shop's word counts, because customers keep
   it themselves; the CRM fills what is missing. Whose word it is, and whether the other differs, is
   a column of each field. Decision 5. #}
with customers as (

    select * from {{ ref('int_customers_merged') }}

),

accounts as (

    select *
    from {{ ref('stg_crm__accounts') }}
    where customer_id is not null
    qualify row_number() over (
        partition by customer_id order by created_at desc nulls last, account_id desc
    ) = 1

),

{# Contacts who disagree say nothing about the customer, and one of several is not its name. #}
contacts as (

    select
        customer_id,
        count(*) as contact_count,
        max(case when account_id is null then contact_name end) as contact_name,
        case when min(language_code) = max(language_code) then min(language_code) end
            as language_code,
        case when min(preferred_channel) = max(preferred_channel) then min(preferred_channel) end
            as stated_channel
    from {{ ref('int_contacts_resolved') }}
    where customer_id is not null
    group by customer_id

),

said as (

    select
        customers.*,
        accounts.account_id,
        coalesce(contacts.contact_count, 0) as contact_count,
        contacts.stated_channel,
        coalesce(
            accounts.account_name,
            case when contacts.contact_count = 1 then contacts.contact_name end
        ) as crm_name,
        accounts.country_code as crm_country_code,
        contacts.language_code as crm_language_code
    from customers
    left join accounts
        on customers.customer_id = accounts.customer_id
    left join contacts
        on customers.customer_id = contacts.customer_id

)

select
    -- ids
    customer_id,
    account_id,

    -- text
    customer_type,
    coalesce(customer_name, crm_name) as customer_name,
    {{ stated_by('customer_name', 'crm_name') }} as name_source,
    city,
    region,
    coalesce(country_code, crm_country_code) as country_code,
    {{ stated_by('country_code', 'crm_country_code') }} as country_source,
    coalesce(language_code, crm_language_code) as language_code,
    {{ stated_by('language_code', 'crm_language_code') }} as language_source,
    stated_channel,

    -- numbers
    contact_count,

    -- booleans
    has_email,
    has_phone,
    has_postal_code
from said
