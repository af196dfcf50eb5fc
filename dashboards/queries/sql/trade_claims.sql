-- audience: operator
select
    claim_id,
    verdict,
    reason,
    claimed_more_than,
    measured,
    measured_lower,
    measured_upper,
    sample_count,
    compared_count
from marts.mart_trade_claims
order by claim_id
