{# 80 percent lie within so many standard deviations. #}
{% set deviations = 1.2816 %}
{# With fewer order lines expected or sold the interval of the logarithm says nothing. #}
{% set least_lines = 10 %}

{# Order lines on a promotion's days against what comparable days let expect, weekday by weekday.
   Counts scatter more than Poisson's: by how much is Pearson's statistic of the comparable days by
   its degrees of freedom (McCullagh and Nelder 1989, 4.5). The interval is that of the ratio's
   logarithm. #}
with days as (

    select * from {{ ref('int_promotion_days_compared') }}

),

weekdays as (

    select
        promotion_id,
        iso_weekday,
        count(case when is_promoted then 1 end) as promoted_days,
        count(case when not is_promoted then 1 end) as compared_days,
        sum(case when is_promoted then line_count else 0 end) as promoted_lines,
        sum(case when not is_promoted then line_count else 0 end) as compared_lines,
        sum(case when not is_promoted then line_count * line_count else 0 end) as squared_lines,
        sum(case when is_promoted then gmv_net else 0 end) as promoted_gmv_net
    from days
    group by promotion_id, iso_weekday

),

expected as (

    select
        *,
        -- as decimals: their sums do not depend on the order of the rows
        cast(
            {{ ratio('promoted_days * compared_lines', 'compared_days') }} as decimal(28, 6)
        ) as expected_lines,
        cast(
            {{ ratio(
                'promoted_days * promoted_days * compared_lines', 'compared_days * compared_days'
            ) }} as decimal(28, 6)
        ) as expected_variance,
        -- the sum of (lines - mean) squared by the mean, over comparable days
        cast(
            {{ ratio(
                'compared_days * squared_lines - compared_lines * compared_lines', 'compared_lines'
            ) }} as decimal(28, 6)
        ) as pearson_part,
        promoted_days > 0 and compared_days = 0 as is_without_comparison
    from weekdays

),

summed as (

    select
        promotion_id,
        sum(promoted_days) as promoted_days,
        sum(case when promoted_days > 0 then compared_days else 0 end) as compared_days,
        sum(promoted_lines) as promoted_lines,
        sum(promoted_gmv_net) as promoted_gmv_net,
        cast(sum(expected_lines) as double) as expected_lines,
        sum(expected_variance) as expected_variance,
        greatest(
            coalesce(
                {{ ratio(
                    'sum(pearson_part)',
                    'sum(case when compared_lines > 0 then compared_days - 1 else 0 end)'
                ) }},
                1.0
            ),
            1.0
        ) as dispersion,
        bool_or(is_without_comparison) as is_without_comparison
    from expected
    group by promotion_id

),

judged as (

    select
        *,
        not is_without_comparison
        and promoted_lines >= {{ least_lines }}
        and expected_lines >= {{ least_lines }} as is_measured,
        {{ ratio('expected_lines', 'promoted_lines') }} as expected_by_sold,
        {{ deviations }} * sqrt(
            dispersion * (
                {{ ratio('1', 'promoted_lines') }}
                + {{ ratio('expected_variance', 'expected_lines * expected_lines') }}
            )
        ) as deviation
    from summed
    where promoted_days > 0

),

{# The exponential by four terms: the engines' own differ in the last digit. #}
ranged as (

    select
        *,
        1
        + deviation
        + deviation * deviation / 2
        + deviation * deviation * deviation / 6 as spread
    from judged

),

discounts as (

    select
        order_lines.promotion_id,
        count(days.order_date) as discounted_line_count,
        sum(case when days.order_date is not null then order_lines.discount_amount end)
            as discount_amount,
        sum(order_lines.discount_amount) as total_discount_amount
    from {{ ref('fct_order_lines') }} as order_lines
    left join days
        on
            order_lines.promotion_id = days.promotion_id
            and order_lines.order_date = days.order_date
            and days.is_promoted
    where order_lines.promotion_id is not null and not order_lines.is_cancelled
    group by order_lines.promotion_id

)

select
    -- ids
    promotions.promotion_id,
    promotions.vendor_id,
    promotions.category_id,

    -- text
    promotions.promotion_name,
    promotions.kind,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    cast(
        {{ days_between('promotions.first_date', 'promotions.last_promoted_date') }} + 1 as bigint
    ) as begun_days,
    cast(coalesce(judged.promoted_days, 0) as bigint) as promoted_days,
    cast(coalesce(judged.compared_days, 0) as bigint) as compared_days,
    cast(coalesce(judged.promoted_lines, 0) as bigint) as line_count,
    case when judged.is_measured then judged.expected_lines end as expected_line_count,
    case when judged.is_measured then 1 - judged.expected_by_sold end as incremental_share,
    case when judged.is_measured then 1 - judged.expected_by_sold * judged.spread end
        as incremental_share_lower,
    case
        when judged.is_measured
            then 1 - {{ ratio('judged.expected_by_sold', 'judged.spread') }}
    end as incremental_share_upper,
    {{ money('coalesce(judged.promoted_gmv_net, 0)') }} as gmv_net,
    case
        when judged.is_measured
            then {{ money(rounded('judged.promoted_gmv_net * (1 - judged.expected_by_sold)')) }}
    end as incremental_gmv_net,
    coalesce(discounts.discounted_line_count, 0) as discounted_line_count,
    {{ money('coalesce(discounts.discount_amount, 0)') }} as discount_amount,
    {{ money('coalesce(discounts.total_discount_amount, 0)') }} as total_discount_amount,

    -- booleans
    coalesce(judged.is_measured, false) as is_measured,

    -- dates
    promotions.first_date,
    promotions.last_date,
    {{ as_of_date() }} as as_of_date
from {{ ref('int_promotions_begun') }} as promotions
left join ranged as judged
    on promotions.promotion_id = judged.promotion_id
left join discounts
    on promotions.promotion_id = discounts.promotion_id
