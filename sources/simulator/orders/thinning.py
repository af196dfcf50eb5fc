"""Leaves out the orders that never came, because their buyers had left for good before."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from sources.simulator.arrays import Bools, Ints
    from sources.simulator.orders.conversations import Conversations
    from sources.simulator.orders.fulfilment import Fate
    from sources.simulator.orders.placed import Lines, Placed
    from sources.simulator.world.buyers import Buyers

Rows = TypeVar("Rows", "Placed", "Lines", "Fate", "Conversations")


def note_orders(buyers: Buyers, placed: Placed, cutoff: int) -> None:
    """Remembers each buyer's latest order, and how many are known before the cutoff."""
    np.maximum.at(buyers.last_order_at, placed.who, placed.ordered_at)
    np.add.at(buyers.order_count, placed.who[placed.ordered_at < cutoff], 1)


def keep_orders(
    stays: Bools, placed: Placed, lines: Lines, fate: Fate, talks: Conversations
) -> tuple[Placed, Lines, Fate, Conversations]:
    """The orders that stand, with everything that follows from them, numbered anew."""
    order = np.flatnonzero(stays)
    part = np.flatnonzero(stays[lines.part_order])
    line = np.flatnonzero(stays[lines.order])
    talk = np.flatnonzero(stays[talks.order])
    new_order, new_part = np.cumsum(stays) - 1, np.cumsum(stays[lines.part_order]) - 1
    return (
        chosen(placed, {}, order),
        replace(
            chosen(lines, dict.fromkeys(LINES_PER_PART, part), line),
            order=new_order[lines.order[line]],
            part=new_part[lines.part[line]],
            part_order=new_order[lines.part_order[part]],
        ),
        chosen(fate, dict.fromkeys(FATES_PER_ORDER, order), part),
        replace(
            chosen(talks, {}, talk),
            order=new_order[talks.order[talk]],
            part=new_part[talks.part[talk]],
        ),
    )


LINES_PER_PART = ("part_order", "part_vendor")  # the others belong to a line
FATES_PER_ORDER = ("approved_at",)  # the others belong to a part


def chosen(rows: Rows, places: dict[str, Ints], others: Ints) -> Rows:
    """Some of the rows; the columns that `places` names have places of their own."""
    columns = {f.name: places.get(f.name, others) for f in fields(rows)}
    return replace(rows, **{name: getattr(rows, name)[mine] for name, mine in columns.items()})
