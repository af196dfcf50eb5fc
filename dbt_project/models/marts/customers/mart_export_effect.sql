{# 95 percent of a normal distribution lie within so many standard deviations. #}
{% set deviations = 1.96 %}
{# With fewer people on a side its mean is not normally distributed, so there is no interval. #}
{% set least_people = 30 %}

{# What contact brought, against those held out by lot. Three estimates of one thing:
   - holdout: the difference of the means, its variance by Welch (1947), equation 1;
   - adjusted: the same less what the past explains of it, theta times the difference of the means
     before, with theta = cov / var within the sides (CUPED: Deng et al. 2013, equations 3 and 4);
   - before_after: the difference of the changes, which is theta = 1 (Card and Krueger 1994, 2).
   Of all campaigns and exports together each counts by whom it reached. #}
with people as (

    select * from {{ ref('int_contacts_followed') }}

),

outcomes as (

    select
        effect_of,
        is_holdout,
        'orders' as metric,
        orders_after as outcome,
        orders_before as outcome_before
    from people
    union all
    select
        effect_of,
        is_holdout,
        'margin' as metric,
        margin_after as outcome,
        margin_before as outcome_before
    from people
    union all
    select
        effect_of,
        is_holdout,
        'recovery' as metric,
        carts_recovered as outcome,
        cast(null as double) as outcome_before
    from people

),

-- as decimals: their sums do not depend on the order of the rows
summed as (

    select
        effect_of,
        metric,
        is_holdout,
        count(*) as people,
        cast(sum(cast(outcome as decimal(28, 6))) as double) as outcomes,
        cast(sum(cast(outcome * outcome as decimal(28, 6))) as double) as squares,
        cast(sum(cast(outcome_before as decimal(28, 6))) as double) as befores,
        cast(sum(cast(outcome_before * outcome_before as decimal(28, 6))) as double)
            as squares_before,
        cast(sum(cast(outcome * outcome_before as decimal(28, 6))) as double) as products
    from outcomes
    where outcome is not null
    group by effect_of, metric, is_holdout
    having count(*) > 1

),

-- sums of squares about the mean
sides as (

    select
        effect_of,
        metric,
        is_holdout,
        people,
        {{ ratio('outcomes', 'people') }} as outcome_mean,
        {{ ratio('befores', 'people') }} as before_mean,
        squares - {{ ratio('outcomes * outcomes', 'people') }} as spread,
        squares_before - {{ ratio('befores * befores', 'people') }} as spread_before,
        products - {{ ratio('outcomes * befores', 'people') }} as spread_together
    from summed

),

compared as (

    select
        sent.effect_of,
        sent.metric,
        sent.people as sent_people,
        held.people as held_people,
        sent.outcome_mean as sent_mean,
        held.outcome_mean as held_mean,
        sent.before_mean - held.before_mean as difference_before,
        sent.spread as sent_spread,
        held.spread as held_spread,
        sent.spread_before as sent_spread_before,
        held.spread_before as held_spread_before,
        sent.spread_together as sent_spread_together,
        held.spread_together as held_spread_together,
        {{ ratio(
            'sent.spread_together + held.spread_together',
            'sent.spread_before + held.spread_before'
        ) }} as explained
    from sides as sent
    inner join sides as held
        on
            sent.effect_of = held.effect_of
            and sent.metric = held.metric
            and held.is_holdout
    where not sent.is_holdout

),

estimated as (

    select
        *,
        'holdout' as estimator,
        cast(0 as double) as theta
    from compared
    union all
    select
        *,
        'adjusted' as estimator,
        explained as theta
    from compared
    union all
    select
        *,
        'before_after' as estimator,
        cast(1 as double) as theta
    from compared

),

lifted as (

    select
        effect_of,
        metric,
        estimator,
        sent_people,
        held_people,
        sent_mean,
        held_mean,
        sent_mean
        - held_mean
        - case when theta <> 0 then theta * difference_before else 0 end as lift,
        {{ ratio(
            'sent_spread + case when theta <> 0 then theta * theta * sent_spread_before '
            ~ '- 2 * theta * sent_spread_together else 0 end',
            'sent_people * (sent_people - 1)'
        ) }}
        + {{ ratio(
            'held_spread + case when theta <> 0 then theta * theta * held_spread_before '
            ~ '- 2 * theta * held_spread_together else 0 end',
            'held_people * (held_people - 1)'
        ) }} as variance
    from estimated
    where theta is not null and (theta = 0 or difference_before is not null)

),

weighed as (

    select
        metric,
        estimator,
        sum(sent_people) as sent_people,
        sum(held_people) as held_people,
        cast(sum(cast(sent_people * sent_mean as decimal(28, 6))) as double) as sent_sum,
        cast(sum(cast(sent_people * held_mean as decimal(28, 6))) as double) as held_sum,
        cast(sum(cast(sent_people * lift as decimal(28, 6))) as double) as lift_sum,
        cast(
            sum(cast(sent_people * sent_people * variance as decimal(28, 6))) as double
        ) as variance_sum
    from lifted
    group by metric, estimator

),

effects as (

    select
        effect_of,
        metric,
        estimator,
        sent_people,
        held_people,
        sent_mean,
        held_mean,
        lift,
        sqrt(greatest(variance, 0)) as deviation
    from lifted
    union all
    select
        cast(null as string) as effect_of,
        metric,
        estimator,
        sent_people,
        held_people,
        {{ ratio('sent_sum', 'sent_people') }} as sent_mean,
        {{ ratio('held_sum', 'sent_people') }} as held_mean,
        {{ ratio('lift_sum', 'sent_people') }} as lift,
        {{ ratio('sqrt(greatest(variance_sum, 0))', 'sent_people') }} as deviation
    from weighed

),

contacts as (

    select
        effect_of,
        contact_kind,
        campaign_id,
        campaign_name,
        export_name,
        min(contacted_on) as first_contacted_on,
        max(contacted_on) as last_contacted_on
    from people
    group by effect_of, contact_kind, campaign_id, campaign_name, export_name

)

select
    -- ids
    coalesce(effects.effect_of, 'all') as effect_of,
    contacts.campaign_id,
    contacts.export_name,

    -- text
    coalesce(contacts.contact_kind, 'all') as contact_kind,
    contacts.campaign_name,
    effects.metric,
    effects.estimator,
    '{{ var("currency_code") }}' as currency_code,

    -- numbers
    cast(effects.sent_people as bigint) as sent_count,
    cast(effects.held_people as bigint) as holdout_count,
    effects.sent_mean,
    effects.held_mean as holdout_mean,
    effects.lift as lift_mean,
    case
        when effects.sent_people >= {{ least_people }} and effects.held_people >= {{ least_people }}
            then effects.lift - {{ deviations }} * effects.deviation
    end as lift_lower,
    case
        when effects.sent_people >= {{ least_people }} and effects.held_people >= {{ least_people }}
            then effects.lift + {{ deviations }} * effects.deviation
    end as lift_upper,

    -- dates
    contacts.first_contacted_on,
    contacts.last_contacted_on,
    {{ as_of_date() }} as as_of_date
from effects
left join contacts
    on effects.effect_of = contacts.effect_of
