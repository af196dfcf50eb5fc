with source_rows as (

    select * from {{ source('crm', 'sales_reps') }}

),

renamed as (

    select
        -- ids
        sales_rep_id,

        -- text
        team,
        role as rep_role,

        -- booleans
        is_active,

        -- dates
        started_on,
        ended_on
    from source_rows

)

select * from renamed
