"""Attempts to sign in are counted in memory; the table kept names and addresses for ever."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("login_attempts")


def downgrade() -> None:
    raise NotImplementedError("what the table held is gone")
