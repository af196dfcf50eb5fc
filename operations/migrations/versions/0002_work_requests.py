"""What people ask the pipelines to do, and what became of it.

The columns are written out: a migration must not change when operations.tables does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "work_request_events",
        sa.Column("request_id", sa.String(64), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("event_kind", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("argument", sa.String(200), nullable=False),
        sa.Column("marketplace", sa.String(80), nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(event_kind = 'requested' and version = 1 and outcome is null)"
            " or (event_kind in ('done', 'failed') and version = 2 and outcome is not null)",
            name="work_request_event",
        ),
    )
    op.create_index(
        "work_request_events_by_moment", "work_request_events", ["marketplace", "occurred_at"]
    )


def downgrade() -> None:
    op.drop_table("work_request_events")
