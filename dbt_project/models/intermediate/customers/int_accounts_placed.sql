{# Every account has one place. Where the CRM's links lead nowhere or in a circle, the link does not
   count and the account is the top of its own tree: its sales are in one sum all the same. #}
with accounts as (

    select * from {{ ref('stg_crm__accounts') }}

),

ancestors as (

    select * from {{ ref('int_account_ancestors_paired') }}

),

circles as (

    select account_id
    from ancestors
    where account_id = ancestor_account_id

),

{# The nearest ancestor in a circle is the top, because its own link is cut; else the farthest. #}
tops as (

    select
        ancestors.account_id,
        ancestors.ancestor_account_id as root_account_id,
        ancestors.distance as tree_level
    from ancestors
    left join circles
        on ancestors.ancestor_account_id = circles.account_id
    qualify row_number() over (
        partition by ancestors.account_id
        order by
            circles.account_id is not null desc,
            case when circles.account_id is not null then ancestors.distance end asc nulls last,
            ancestors.distance desc,
            ancestors.ancestor_account_id asc nulls last
    ) = 1

),

judged as (

    select
        accounts.account_id,
        tops.root_account_id,
        tops.tree_level,
        case
            when circles.account_id is not null then 'circle'
            when accounts.parent_account_id is null then 'top'
            when tops.account_id is null then 'orphan'
            when tops.tree_level >= 32 then 'too_deep'
            else 'below'
        end as tree_state,
        accounts.parent_account_id
    from accounts
    left join tops
        on accounts.account_id = tops.account_id
    left join circles
        on accounts.account_id = circles.account_id

)

select
    -- ids
    account_id,
    case when tree_state = 'below' then parent_account_id end as parent_account_id,
    case when tree_state = 'below' then root_account_id else account_id end as root_account_id,

    -- text
    tree_state,

    -- numbers
    case when tree_state = 'below' then tree_level else 0 end as tree_level
from judged
