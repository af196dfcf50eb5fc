"""Browsers in which an account signed in before: a cookie that proves it, and nothing stored.

The cookie is signed with a key made of the account's password hash, which is random and never
leaves the store, and of the account's version. So it proves something of this account only, and any
change to the account (another password, another role, disabled) ends it, as it ends sessions. It
opens nothing: a browser that is known only need not wait for what others did.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from operations.accounts import Account

LIFETIME = timedelta(days=180)
_LONGEST = 200


def proof(account: Account, *, now: datetime) -> str:
    """A cookie that says: this account signed in here."""
    said = f"{int(now.timestamp())}.{secrets.token_urlsafe(16)}"
    return f"{said}.{_signature(account, said)}"


def browser_id(account: Account | None, cookie: str | None, *, now: datetime) -> str | None:
    """What tells the browser from others, where its cookie is this account's; else nothing."""
    if account is None or cookie is None or len(cookie) > _LONGEST or not cookie.isascii():
        return None
    said, _, signature = cookie.rpartition(".")
    if not hmac.compare_digest(signature, _signature(account, said)):
        return None
    moment, _, browser = said.partition(".")
    made_at = datetime.fromtimestamp(int(moment), UTC)
    return browser if made_at <= now < made_at + LIFETIME else None


def _signature(account: Account, said: str) -> str:
    key = f"known browser of version {account.version}\n{account.password_hash}".encode()
    message = f"{account.account_name}\n{said}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
