with source_rows as (

    select * from {{ source('crm', 'accounts') }}

),

renamed as (

    select
        -- ids
        account_id,
        parent_account_id,
        customer_id,
        sales_rep_id,

        -- text
        name as account_name,
        industry,
        size_class,
        employee_band,
        revenue_band,
        legal_form,
        status,
        country_code,

        -- numbers
        payment_terms_days,

        -- timestamps
        created_at,
        updated_at
    from source_rows

)

select * from renamed
