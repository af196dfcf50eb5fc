-- audience: operator
select
    classes.entity_id,
    classes.abc_class,
    classes.xyz_class,
    classes.net_sales,
    classes.cumulative_share,
    classes.unit_count,
    classes.week_count,
    classes.demand_week_count,
    classes.demand_variation,
    classes.is_intermittent,
    classes.currency_code,
    case
        when classes.entity_kind = 'vendor' then vendors.vendor_name
        else products.product_name
    end as entity_name
from marts.mart_abc as classes
left join marts.dim_vendors as vendors
    on classes.entity_kind = 'vendor' and classes.entity_id = vendors.vendor_id
left join marts.dim_products as products
    on classes.entity_kind = 'product' and classes.entity_id = products.product_id
where
    (
        classes.entity_kind = $entity_kind
        or ($entity_kind is null and classes.entity_kind = 'customer')
    )
    and ($abc_class is null or classes.abc_class = $abc_class)
    and (
        $xyz_class is null
        or classes.xyz_class = $xyz_class
        or ($xyz_class = 'none' and classes.xyz_class is null)
    )
