{{ config(materialized='incremental', partition_by=['reconciliation_date']) }}

{#- amount of a document: what it is shared out by -#}
{%- set weight_of = {
    'goods': 'goods', 'shipping': 'shipping', 'tax': 'taxed',
    'received': 'owed', 'refunded': 'back', 'charged_back': 'back', 'pending': 'owed',
} %}
{#- what the shop says of the same part of the order -#}
{%- set shop_amounts = [
    'goods', 'goods_cancelled', 'goods_returned', 'goods_not_due', 'goods_reversed_lately',
    'shipping', 'shipping_cancelled', 'tax', 'tax_cancelled', 'tax_returned', 'tax_not_due',
    'tax_reversed_lately', 'shipping_tax', 'shipping_tax_cancelled', 'paid_back', 'owed',
    'owed_cancelled', 'owed_standing_total', 'discount', 'discount_share',
] %}

with owed as (

    select * from {{ ref('int_order_vendors_owed') }}
    where {{ is_stale('order_date') }}

),

documents as (

    select * from {{ ref('int_order_documents_summed') }}
    where {{ is_stale('reconciliation_date') }}

),

{# A document of the whole order is shared out over its vendors; one that names a vendor is that
   vendor's alone. #}
shares as (

    select
        owed.*,
        {%- for amount in weight_of %}
            coalesce(whole.{{ amount }}, 0) as whole_{{ amount }},
            coalesce(named.{{ amount }}, 0) as own_{{ amount }},
        {%- endfor %}
        coalesce(whole.has_other_currency, false) or coalesce(named.has_other_currency, false)
            as has_other_currency
    from owed
    left join documents as whole
        on owed.order_id = whole.order_id and whole.vendor_id is null
    left join documents as named
        on owed.order_id = named.order_id and owed.vendor_id = named.vendor_id

),

{# Where a discount makes the rest of an order's tax negative, nothing of it stands to be borne. #}
divided as (

    select
        *
        {%- for amount, kind in weight_of.items() %}
            ,
            least(whole_{{ amount }}, greatest({{ kind }}_standing_total, 0)) as first_{{ amount }}
    
        {%- endfor %}
    from shares

),

allocated as (

    select
        order_id,
        vendor_id,
        currency_code,
        {%- for amount, kind in weight_of.items() %}
            own_{{ amount }}
            + {{ allocated(
            'first_' ~ amount, kind ~ '_first_weight', kind ~ '_first_until', kind ~ '_first_total'
        ) }}
            + {{ allocated(
            '(whole_' ~ amount ~ ' - first_' ~ amount ~ ')',
            kind ~ '_rest_weight', kind ~ '_rest_until', kind ~ '_rest_total'
        ) }} as {{ amount }},
        {%- endfor %}
        {%- for amount in shop_amounts %}
            {{ amount }} as shop_{{ amount }},
        {%- endfor %}
        line_count,
        is_payment_young,
        is_refund_young,
        is_tax_stated,
        is_tax_known,
        has_other_currency,
        true as is_matched,
        order_date as reconciliation_date
    from divided

),

{# What a document can name: an order as a whole, or one vendor's part of it. #}
known as (

    select
        order_id,
        vendor_id
    from owed
    union
    select
        order_id,
        cast(null as string) as vendor_id
    from owed

),

{# No order of the shop, or a vendor that the order does not have: kept with its day and amounts. #}
unmatched as (

    select
        documents.order_id,
        documents.vendor_id,
        documents.currency_code,
        {%- for amount in weight_of %}
            documents.{{ amount }},
        {%- endfor %}
        {%- for amount in shop_amounts %}
            {{ money('0') }} as shop_{{ amount }},
        {%- endfor %}
        1 as line_count,
        false as is_payment_young,
        false as is_refund_young,
        true as is_tax_stated,
        true as is_tax_known,
        documents.has_other_currency,
        false as is_matched,
        documents.reconciliation_date
    from documents
    left join known
        on
            documents.order_id = known.order_id
            and documents.vendor_id is not distinct from known.vendor_id
    where known.order_id is null

),

together as (

    select * from allocated
    union all
    select * from unmatched

)

select
    -- ids
    order_id,
    vendor_id,

    -- text
    currency_code,

    -- numbers: what the documents say
    {%- for amount in weight_of %}
        {{ money(amount) }} as {{ amount }},
    {%- endfor %}
    -- what the shop says
    {%- for amount in shop_amounts %}
        shop_{{ amount }},
    {%- endfor %}
    line_count,

    -- booleans
    is_payment_young,
    is_refund_young,
    is_tax_stated,
    is_tax_known,
    has_other_currency,
    is_matched,

    -- dates
    reconciliation_date
from together
