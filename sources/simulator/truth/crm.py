"""What makes a lead convert: the odds that no CRM knows."""

from __future__ import annotations

import polars as pl

from sources.simulator.world.crm_laws import ANSWERS, DEVELOPMENT, ORIGINS, desks


def lead_conversion_truth() -> pl.DataFrame:
    """The odds ratio of every level of what makes a lead convert, against the factor's first."""
    developers = desks(DEVELOPMENT)
    levels = [
        *(("origin", origin.name, origin.share, origin.odds) for origin in ORIGINS),
        *(("answer", answer.name, answer.share, answer.odds) for answer in ANSWERS),
        *(
            ("sales_rep", f"rep-{desk.number}", 1 / len(developers), desk.odds)
            for desk in developers
        ),
        *(
            ("sales_rep", f"rep-{desk.successor}", 0.0, desk.odds)
            for desk in developers
            if desk.successor
        ),
    ]
    columns = ["factor", "level", "share_of_others", "odds"]
    return pl.DataFrame(levels, schema=columns, orient="row")
