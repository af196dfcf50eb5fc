with source_rows as (

    select * from {{ source('crm', 'quotes') }}

),

renamed as (

    select
        -- ids
        quote_id,
        account_id,
        customer_id,
        vendor_id,
        opportunity_id,
        order_id,
        sales_rep_id,

        -- text
        status,
        currency_code,

        -- numbers
        amount,

        -- dates
        valid_until,

        -- timestamps
        requested_at,
        sent_at,
        decided_at
    from source_rows

)

select * from renamed
