with source_rows as (

    select * from {{ source('erp', 'payouts') }}

),

renamed as (

    select
        -- ids
        payout_id,
        vendor_id,

        -- text
        coalesce(status, 'paid') as status,
        currency_code,

        -- numbers
        gross_amount,
        {{ money('coalesce(shipping_amount, 0)') }} as shipping_amount,
        {{ money('coalesce(commission_amount, 0)') }} as commission_amount,
        {{ money('coalesce(refund_amount, 0)') }} as refund_amount,
        {{ money('coalesce(fee_amount, 0)') }} as fee_amount,
        net_amount,

        -- dates
        period_start,
        period_end,

        -- timestamps
        paid_at
    from source_rows

)

select * from renamed
