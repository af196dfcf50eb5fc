with source_rows as (

    select * from {{ source('shop', 'approvals') }}

),

renamed as (

    select
        -- ids
        approval_id,
        order_id,
        quote_id,
        account_id,
        requested_by,
        approver_id,

        -- text
        decision,
        reason,
        currency_code,

        -- numbers
        step_number,
        amount,

        -- timestamps
        requested_at,
        decided_at
    from source_rows

)

select * from renamed
