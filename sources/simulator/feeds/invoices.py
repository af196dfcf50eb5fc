"""The invoices feed: the documents that the ERP issued, as it knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sources.simulator.cells import at_places, latest, only, pick
from sources.simulator.orders.differences import MISSING, DifferenceBook
from sources.simulator.orders.documents import DUNNING_FEE, half_of
from sources.simulator.orders.states import Known, order_ids
from sources.simulator.world.buyers import customer_ids
from sources.simulator.world.countries import CURRENCY_CODES
from sources.simulator.world.profiles import account_ids

if TYPE_CHECKING:
    from sources.simulator.world.world import World

KINDS = ("invoice", "credit_note", "dunning_fee")
STATUS = ("open", "partly_paid", "paid", "overdue", "cancelled", "written_off")
OPEN, PARTLY_PAID, PAID, OVERDUE, CANCELLED, WRITTEN_OFF = range(6)


def invoice_rows(
    world: World, known: Known, documents: pl.DataFrame, book: DifferenceBook
) -> pl.DataFrame:
    """The invoices feed, wrong only where the book of differences says so."""
    issued = documents.filter(pl.col("issued_at") < known.cutoff)
    ids = order_ids(known.placed.number[issued["order"].to_numpy()]) + issued["suffix"]
    vendors = at_places(world.vendors.ids, issued["vendor"].to_numpy())
    currencies = pick(CURRENCY_CODES, known.placed.storefront[issued["order"].to_numpy()])
    book.note_invoices(issued, ids, vendors, currencies)
    there = issued["fault"] != MISSING
    return document_rows(world, known, issued.filter(there), ids.filter(there))


def document_rows(
    world: World, known: Known, documents: pl.DataFrame, ids: pl.Series
) -> pl.DataFrame:
    """The rows of issued documents."""
    value = {name: documents[name].to_numpy() for name in documents.columns if name != "suffix"}
    who, cutoff = known.placed.who[value["order"]], known.cutoff
    business = world.buyers.is_business[who]
    paid, ended = value["paid_at"] < cutoff, value["ended_at"] < cutoff
    half = ~paid & (value["half_paid_at"] < cutoff)
    overdue = (value["due_at"] < cutoff) & (value["paid_at"] > value["due_at"])
    end = np.where(value["kind"] == DUNNING_FEE, WRITTEN_OFF, CANCELLED)
    status = np.where(half, PARTLY_PAID, np.where(overdue, OVERDUE, OPEN))
    status = np.where(ended, end, np.where(paid, PAID, status))
    # What is typed wrong is paid as it should have been.
    total = value["true_cents"] + value["shipping_cents"] + value["tax_cents"]
    turned = np.where(overdue, value["due_at"], 0)
    return pl.DataFrame(
        {
            "invoice_id": ids,
            "order_id": order_ids(known.placed.number[value["order"]]),
            "vendor_id": at_places(world.vendors.ids, value["vendor"]),
            "customer_id": customer_ids(who),
            "account_id": only(account_ids(who), business),
            "document_kind": pick(KINDS, value["kind"]),
            "status": pick(STATUS, status),
            "currency_code": pick(CURRENCY_CODES, known.placed.storefront[value["order"]]),
            "net_amount": value["net_cents"],
            "shipping_amount": value["shipping_cents"],
            "tax_amount": value["tax_cents"],
            "paid_amount": np.where(paid, total, np.where(half, half_of(total), 0)),
            "is_corrected": value["corrected_at"] < cutoff,
            "issued_at": value["issued_at"],
            "due_at": value["due_at"],
            "paid_at": known.before(value["paid_at"]),
            "updated_at": latest(
                cutoff,
                value["issued_at"],
                turned,
                value["half_paid_at"],
                value["paid_at"],
                value["ended_at"],
                value["corrected_at"],
            ),
        }
    )
