"""By which identifiers destinations have rows of exports."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_identifiers",
        sa.Column("marketplace", sa.String(80), primary_key=True),
        sa.Column("export", sa.String(80), primary_key=True),
        sa.Column("row_key", sa.String(200), primary_key=True),
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(64), primary_key=True),
    )
    op.create_index(
        "export_identifiers_by_value", "export_identifiers", ["marketplace", "export", "value"]
    )


def downgrade() -> None:
    op.drop_table("export_identifiers")
