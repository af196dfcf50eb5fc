{# What became of the price of an order's first line: the next change of its offer, and whether it
   rose. Which line somebody came for is not recorded; the first one is what was put in first. An
   offer whose price was not known yet when it was ordered is left out. #}
with changes as (

    select
        offer_id,
        currency_code,
        unit_price,
        lag(unit_price) over (
            partition by offer_id, currency_code order by valid_from asc nulls last
        ) as price_before,
        valid_from
    from {{ ref('stg_erp__price_changes') }}

),

first_lines as (

    select
        order_id,
        offer_id,
        original_currency_code as currency_code,
        ordered_at
    from {{ ref('fct_order_lines') }}
    qualify row_number() over (
        partition by order_id order by order_line_id asc nulls last
    ) = 1

),

known as (

    select
        offer_id,
        currency_code,
        min(valid_from) as known_from
    from changes
    group by offer_id, currency_code

),

{# Orders and changes in one line, so that each is passed once however many there are. #}
united as (

    select
        first_lines.order_id,
        first_lines.offer_id,
        first_lines.currency_code,
        first_lines.ordered_at as happened_at,
        cast(null as timestamp) as changed_at
    from first_lines
    inner join known
        on
            first_lines.offer_id = known.offer_id
            and first_lines.currency_code = known.currency_code
            and first_lines.ordered_at >= known.known_from
    union all
    select
        cast(null as string) as order_id,
        offer_id,
        currency_code,
        valid_from as happened_at,
        valid_from as changed_at
    from changes
    where unit_price <> price_before

),

followed as (

    select
        order_id,
        offer_id,
        currency_code,
        happened_at,
        min(changed_at) over (
            partition by offer_id, currency_code
            order by happened_at desc nulls last, order_id desc nulls last
            rows between unbounded preceding and current row
        ) as next_change_at
    from united

)

select
    -- ids
    followed.order_id,
    followed.offer_id,

    -- booleans
    changes.unit_price > changes.price_before as is_rise,

    -- timestamps
    followed.next_change_at
from followed
left join changes
    on
        followed.offer_id = changes.offer_id
        and followed.currency_code = changes.currency_code
        and followed.next_change_at = changes.valid_from
where followed.order_id is not null
