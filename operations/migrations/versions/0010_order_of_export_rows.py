"""The next rows of a run are found in the order of their keys, however many wait."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NAME, _TABLE = "export_rows_by_state", "export_rows"


def upgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["run_id", "state", "request", "row_key"])


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    op.create_index(_NAME, _TABLE, ["run_id", "state", "request"])
