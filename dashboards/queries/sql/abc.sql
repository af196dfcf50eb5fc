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
    coalesce(vendors.vendor_name, products.product_name) as entity_name
from marts.mart_abc as classes
left join marts.dim_vendors as vendors
    on classes.entity_kind = 'vendor' and classes.entity_id = vendors.vendor_id
left join marts.dim_products as products
    on classes.entity_kind = 'product' and classes.entity_id = products.product_id
where
    classes.entity_kind = coalesce($entity_kind, 'customer')
    and ($abc_class is null or classes.abc_class = $abc_class)
    and ($xyz_class is null or coalesce(classes.xyz_class, 'none') = $xyz_class)
