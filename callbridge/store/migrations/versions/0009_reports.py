"""The reports of the night that were mailed."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('mailed_reports',
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['slug'], ['campaigns.slug'], name=op.f('fk_mailed_reports_slug')),
    sa.PrimaryKeyConstraint('slug', 'day', name=op.f('pk_mailed_reports'))
    )
