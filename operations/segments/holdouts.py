"""Who of a segment is held back from being addressed, so that its effect can be measured.

A keyed hash of segment and customer decides (HMAC, RFC 2104, with SHA-256): nobody can choose, who
leaves and comes back is drawn alike, and neither the number of customers nor their order matters. A
larger share holds back the same customers and more.
"""

import hmac
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

MOST_HELD_BACK: Final = Decimal("0.5")
NOBODY: Final = Decimal(0)
_DECIMALS: Final = 4
_DRAWN_BYTES: Final = 8


def share_of(given: Any) -> Decimal | None:
    """The share to hold back, 0 to 0.5 with four decimals at most; nothing where it is none."""
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        return None
    share = Decimal(str(given))
    if not share.is_finite() or not NOBODY <= share <= MOST_HELD_BACK:
        return None
    return share.normalize() if share == round(share, _DECIMALS) else None


def held_back(key: bytes, segment_id: str, share: Decimal, customers: Iterable[str]) -> list[str]:
    """Those of the customers whom the key draws, in their order."""
    bound = int(share * (1 << 8 * _DRAWN_BYTES))
    if not bound:
        return []
    # No name of a segment holds a space, so no two pairs are one text.
    segment = f"{segment_id} ".encode()
    return [
        customer
        for customer in customers
        if int.from_bytes(
            hmac.digest(key, segment + customer.encode(), "sha256")[:_DRAWN_BYTES], "big"
        )
        < bound
    ]
