"""Accounts, sessions, login attempts and the audit log.

The columns are written out: a migration must not change when operations.tables does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_account_events()
    _create_sessions()
    _create_login_attempts()
    _create_audit_log()


def downgrade() -> None:
    for table in ("audit_log", "login_attempts", "sessions", "account_events"):
        op.drop_table(table)


def _create_account_events() -> None:
    op.create_table(
        "account_events",
        sa.Column("account_name", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("event_kind", sa.String(30), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("vendor_id", sa.String(200)),
        sa.Column("marketplace", sa.String(80)),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("is_disabled", sa.Boolean, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False),
        sa.CheckConstraint("role in ('operator', 'analyst', 'vendor')", name="account_role"),
        sa.CheckConstraint(
            "(role = 'vendor' and vendor_id is not null and vendor_id <> '')"
            " or (role <> 'vendor' and vendor_id is null)",
            name="account_vendor",
        ),
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_hash", sa.String(64), primary_key=True),
        sa.Column("account_name", sa.String(80), nullable=False),
        sa.Column("account_version", sa.Integer, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("vendor_id", sa.String(200)),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("remote_address", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_seen_at", _MOMENT, nullable=False),
        sa.Column("idle_expires_at", _MOMENT, nullable=False),
        sa.Column("absolute_expires_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT),
        sa.Column("revoked_reason", sa.String(40)),
    )
    op.create_index("ix_sessions_account_name", "sessions", ["account_name"])


def _create_login_attempts() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("attempt_number", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("account_name", sa.String(80), nullable=False),
        sa.Column("remote_address", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False),
    )
    op.create_index("login_attempts_by_name", "login_attempts", ["account_name", "occurred_at"])
    op.create_index(
        "login_attempts_by_address", "login_attempts", ["remote_address", "occurred_at"]
    )


def _create_audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("audit_number", _ROW_NUMBER, primary_key=True, autoincrement=True),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False),
    )
