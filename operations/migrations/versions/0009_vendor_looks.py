"""How often pages of each vendor are opened: sums per day, marketplace and vendor."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vendor_looks",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("marketplace", sa.String(80), primary_key=True),
        sa.Column("vendor_id", sa.String(200), primary_key=True),
        sa.Column("look_count", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("vendor_looks")
