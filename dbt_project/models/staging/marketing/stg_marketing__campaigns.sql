with source_rows as (

    select * from {{ source('marketing', 'campaigns') }}

),

renamed as (

    select
        -- ids
        campaign_id,

        -- text
        name as campaign_name,
        channel,
        objective,
        status,
        currency_code,

        -- numbers
        budget_amount,

        -- dates
        starts_on,
        ends_on
    from source_rows

)

select * from renamed
