with source_rows as (

    select * from {{ source('pim', 'categories') }}

),

renamed as (

    select
        -- ids
        category_id,
        parent_category_id,

        -- text
        name as category_name
    from source_rows

)

select * from renamed
