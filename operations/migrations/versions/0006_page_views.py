"""How often pages are opened: sums per day, role, page and metric."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_views",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("role", sa.String(20), primary_key=True),
        sa.Column("page", sa.String(60), primary_key=True),
        sa.Column("metric", sa.String(100), primary_key=True),
        sa.Column("view_count", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("page_views")
