select
    -- ids
    subject_id,
    basis_id,

    -- text
    subject_kind,
    purpose,
    channel,
    consent_state,

    -- booleans
    has_address,
    is_contactable,

    -- dates
    {{ business_date('stated_at') }} as stated_date,
    {{ as_of_date() }} as as_of_date,

    -- timestamps
    stated_at
from {{ ref('int_business_contactability_judged') }}
