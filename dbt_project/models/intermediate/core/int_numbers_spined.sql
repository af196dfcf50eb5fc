{# 0 to 99,999: as days that is 273 years, more than lie between the earliest day that the parser
   believes and any day that counts. Written out because no generator is common to both engines,
   and Spark stops a recursive query after 100 levels. #}
with digits as (

    select 0 as digit
    union all
    select 1 as digit
    union all
    select 2 as digit
    union all
    select 3 as digit
    union all
    select 4 as digit
    union all
    select 5 as digit
    union all
    select 6 as digit
    union all
    select 7 as digit
    union all
    select 8 as digit
    union all
    select 9 as digit

)

select
    ten_thousands.digit * 10000
    + thousands.digit * 1000
    + hundreds.digit * 100
    + tens.digit * 10
    + ones.digit as number_value
from digits as ones
cross join digits as tens
cross join digits as hundreds
cross join digits as thousands
cross join digits as ten_thousands
