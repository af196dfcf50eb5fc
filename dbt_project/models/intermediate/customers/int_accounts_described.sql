with contacts as (

    select
        account_id,
        count(*) as contact_count
    from {{ ref('int_contacts_resolved') }}
    where account_id is not null
    group by account_id

)

select
    -- ids
    companies.account_id,
    companies.customer_id,
    companies.sales_rep_id,

    -- text
    companies.account_name,
    companies.industry,
    companies.size_class,
    companies.employee_band,
    companies.revenue_band,
    companies.legal_form,
    companies.status,
    companies.country_code,

    -- numbers
    companies.payment_terms_days,
    coalesce(contacts.contact_count, 0) as contact_count,

    -- dates
    {{ business_date('companies.created_at') }} as created_date
from {{ ref('stg_crm__accounts') }} as companies
left join contacts
    on companies.account_id = contacts.account_id
