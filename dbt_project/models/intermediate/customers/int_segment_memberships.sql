{# Segments of the models and segments of rules; whoever is no customer any more is in none. #}
select
    customer_id,
    segment_id,
    segment_kind,
    false as is_holdout,
    valid_from,
    valid_to
from {{ ref('int_segments_spanned') }}
union all
select
    members.customer_id,
    members.segment_id,
    'rule' as segment_kind,
    members.is_holdout,
    members.valid_from,
    members.valid_to
from {{ ref('stg_kontor__segment_members') }} as members
inner join {{ ref('int_customer_attributes') }} as customers
    on members.customer_id = customers.customer_id
