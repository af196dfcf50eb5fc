"""Which campaign the shop credits with an order: the last whose link was followed before it.

The shop knows no causes. Its tracker sees one browser, so it credits whatever campaign came last
there: not what a person read on another device, nor what was caused without any link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sources.simulator.cells import NOWHERE
from sources.simulator.world.visit_laws import ASSIST, ORDER

if TYPE_CHECKING:
    from sources.simulator.arrays import Ints
    from sources.simulator.orders.placed import Placed
    from sources.simulator.tracking.visits import Visits
    from sources.simulator.world.profiles import Profiles


def credited_campaigns(visits: Visits, orders: int) -> Ints:
    """Per order the campaign of the last link that led to it, NOWHERE without one."""
    ends = np.flatnonzero(visits.kind == ORDER)
    browser = np.full(orders, NOWHERE)
    browser[visits.order[ends]] = visits.visitor[ends]
    seen = (visits.kind <= ASSIST) & (visits.campaign != NOWHERE)
    mine = np.flatnonzero(seen & (visits.visitor == browser[visits.order]))
    in_time = mine[np.argsort(visits.at[mine], kind="stable")]
    found = np.full(orders, NOWHERE)
    found[visits.order[in_time]] = visits.campaign[in_time]
    return found


def note_first_links(profiles: Profiles, placed: Placed, credit: Ints) -> None:
    """Keeps the campaign that each customer's first order is credited to."""
    first = np.flatnonzero(placed.ordered_at == profiles.first_at[placed.who])
    profiles.followed[placed.who[first]] = credit[first]
