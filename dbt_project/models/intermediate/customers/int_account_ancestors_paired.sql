{# Each pass joins what is known to itself, so five passes reach 32 levels: neither engine needs a
   recursive query. In a circle an account is its own ancestor. #}
{% set passes = 5 %}

with edges as (

    select
        companies.account_id,
        parents.account_id as ancestor_account_id,
        cast(1 as bigint) as distance
    from {{ ref('stg_crm__accounts') }} as companies
    inner join {{ ref('stg_crm__accounts') }} as parents
        on companies.parent_account_id = parents.account_id

){% for pass in range(passes) %}
    {%- set nearer = 'edges' if loop.first else 'pass_' ~ loop.index0 %},

    pass_{{ loop.index }} as (

        select
            account_id,
            ancestor_account_id,
            min(distance) as distance
        from (
            select
                account_id,
                ancestor_account_id,
                distance
            from {{ nearer }}
            union all
            select
                lower_half.account_id,
                upper_half.ancestor_account_id,
                lower_half.distance + upper_half.distance as distance
            from {{ nearer }} as lower_half
            inner join {{ nearer }} as upper_half
                on lower_half.ancestor_account_id = upper_half.account_id
        ) as reached
        group by account_id, ancestor_account_id

    ){% endfor %}

select
    -- ids
    account_id,
    ancestor_account_id,

    -- numbers
    distance
from pass_{{ passes }}
