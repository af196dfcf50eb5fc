-- audience: operator
select
    changes.series_kind,
    changes.series_id,
    changes.vendor_id,
    vendors.vendor_name,
    changes.category_name,
    changes.last_gmv,
    changes.expected_gmv,
    changes.gmv_change,
    changes.currency_code,
    abs(changes.gmv_change) as change_size
from marts.mart_forecast_change as changes
left join marts.dim_vendors as vendors
    on changes.vendor_id = vendors.vendor_id
where
    changes.series_kind = $series_kind
    or ($series_kind is null and changes.series_kind = 'vendor')
