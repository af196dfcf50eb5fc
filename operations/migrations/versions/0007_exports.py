"""What exports send: rows of a run, what a destination has, and which run is open."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_open_runs",
        sa.Column("marketplace", sa.String(80), primary_key=True),
        sa.Column("destination", sa.String(80), primary_key=True),
        sa.Column("run_id", sa.String(40), nullable=False),
    )
    op.create_table(
        "export_rows",
        sa.Column("run_id", sa.String(40), primary_key=True),
        sa.Column("row_key", sa.String(200), primary_key=True),
        sa.Column("operation", sa.String(10), nullable=False),
        sa.Column("is_new", sa.Boolean, nullable=False),
        sa.Column("content_hash", sa.String(32)),
        sa.Column("consent_version", sa.String(80)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(80)),
        sa.Column("request", sa.Integer),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True)),
    )
    op.create_index("export_rows_by_state", "export_rows", ["run_id", "state", "request"])
    op.create_table(
        "export_sent",
        sa.Column("marketplace", sa.String(80), primary_key=True),
        sa.Column("export", sa.String(80), primary_key=True),
        sa.Column("row_key", sa.String(200), primary_key=True),
        sa.Column("content_hash", sa.String(32)),
        sa.Column("consent_version", sa.String(80)),
        sa.Column("is_certain", sa.Boolean, nullable=False),
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("export_sent")
    op.drop_table("export_rows")
    op.drop_table("export_open_runs")
