{# The groups of a vendor's buyers and visitors that it may see. A group that may not be shown goes
   into the rest, and so do the smallest of the others until the rest may be shown itself: then
   neither a group nor what is left of the whole is fewer people than allowed, or one person's. Where
   even all together may not be shown there is no row. People are counted in tens, and shares of
   amounts by twentieths. docs/decisions/0036-what-a-vendor-sees.md #}
with groups as (

    select * from {{ ref('int_vendor_buyers_grouped') }}
    union all
    select * from {{ ref('int_vendor_visitors_grouped') }}

),

judged as (

    select
        *,
        {{ may_be_shown('people', 'amount', 'largest_amount') }} as is_showable,
        sum(amount) over (partition by vendor_id, group_kind) as whole_amount
    from groups

),

{# From the group that goes into the rest first to the one that goes last. #}
run_up as (

    select
        *,
        row_number() over so_far as place,
        sum(people) over so_far as people_so_far,
        sum(amount) over so_far as amount_so_far,
        max(largest_amount) over so_far as largest_so_far,
        count(case when not is_showable then 1 end) over (partition by vendor_id, group_kind)
            as hidden_count,
        count(*) over (partition by vendor_id, group_kind) as group_count
    from judged
    window so_far as (
        partition by vendor_id, group_kind
        order by is_showable asc nulls last, people asc nulls last, group_id asc nulls last
        rows between unbounded preceding and current row
    )

),

rests as (

    select
        vendor_id,
        group_kind,
        min(
            case
                when
                    place >= hidden_count
                    and {{ may_be_shown('people_so_far', 'amount_so_far', 'largest_so_far') }}
                    then place
            end
        ) as last_place,
        max(hidden_count) as hidden_count
    from run_up
    group by vendor_id, group_kind

),

shown as (

    select
        run_up.vendor_id,
        run_up.group_kind,
        case
            when rests.hidden_count > 0 and run_up.place <= rests.last_place then 'rest'
            else run_up.group_id
        end as group_id,
        sum(run_up.people) as people,
        sum(run_up.amount) as amount,
        max(run_up.whole_amount) as whole_amount
    from run_up
    inner join rests
        on run_up.vendor_id = rests.vendor_id and run_up.group_kind = rests.group_kind
    where rests.hidden_count = 0 or rests.last_place is not null
    group by
        run_up.vendor_id,
        run_up.group_kind,
        case
            when rests.hidden_count > 0 and run_up.place <= rests.last_place then 'rest'
            else run_up.group_id
        end

),

counted as (

    select
        *,
        {{ in_tens('people') }} as people_in_tens,
        {{ ratio('floor(20 * ' ~ ratio('amount', 'whole_amount') ~ ' + 0.5)', '20') }}
            as amount_share
    from shown

)

select
    -- ids
    vendor_id,
    group_id,

    -- text
    group_kind,

    -- numbers
    people_in_tens,
    {{ ratio(
        'people_in_tens', 'sum(people_in_tens) over (partition by vendor_id, group_kind)'
    ) }} as people_share,
    amount_share,

    -- dates
    case
        when group_kind in ('visitors', 'channel', 'landing_page')
            then {{ visitors_from() }}
        else {{ groups_from() }}
    end as window_start,
    {{ groups_until() }} as window_end,
    {{ as_of_date() }} as as_of_date
from counted
