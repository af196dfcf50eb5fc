"""Decisions whose a browser is not, taken and taken back, in a real operational store."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random

from operations import accounts
from operations.accounts import NewAccount
from operations.kernel import By
from operations.store import open_store, sqlite_url
from operations.visitor_links import Link, rejoin, separate

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_OPERATOR = By("olga", _NOW)
# one comes each day, the other no more
_VISITORS = ("vis-1", "vis-endless")


class RestlessLinks:
    """Separates browsers from customers and joins them again; the same seed decides alike."""

    def __init__(self, seed: int, folder: Path, marketplace: str) -> None:
        self.random = Random(seed)  # noqa: S311 - a test's, to be repeated
        self.url = sqlite_url(folder / "operations.sqlite")
        self.links = [Link(marketplace, visitor, "K1") for visitor in _VISITORS]
        self.separated: set[Link] = set()
        self._decided = 0
        store = open_store(self.url)
        system = By("tests", _NOW, is_system=True)
        account = NewAccount("olga", "operator_admin", "correct horse battery")
        accounts.create_account(store, account, system)
        store.dispose()

    def next(self) -> None:
        """Decides the contrary of what stands about each link, but now and then."""
        store = open_store(self.url)
        for link in self.links:
            if self.random.random() < 0.8:
                self._decided += 1
                decide = rejoin if link in self.separated else separate
                decide(store, link, "it is not theirs, or is", str(self._decided), _OPERATOR)
                self.separated ^= {link}
        store.dispose()
