with source_rows as (

    select * from {{ source('marketing', 'campaign_costs') }}

),

renamed as (

    select
        -- ids
        campaign_id,

        -- text
        cost_kind,
        currency_code,

        -- numbers
        cost_amount,

        -- dates
        cost_date
    from source_rows

)

select * from renamed
