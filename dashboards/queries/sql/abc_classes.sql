-- audience: operator
select
    abc_class,
    xyz_class,
    count(*) as entity_count,
    sum(net_sales) as net_sales
from marts.mart_abc
where entity_kind = $entity_kind
group by abc_class, xyz_class
