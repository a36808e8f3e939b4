"""What analysts ask: searches of the log, saved filters."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('searches',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('who', sa.String(length=255), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['slug'], ['campaigns.slug'], name=op.f('fk_searches_slug_campaigns')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_searches'))
    )
    op.create_index('ix_searches_slug_at', 'searches', ['slug', 'at'])
    op.create_table('saved_filters',
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('who', sa.String(length=255), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['slug'], ['campaigns.slug'], name=op.f('fk_saved_filters_slug_campaigns')),
    sa.PrimaryKeyConstraint('slug', 'name', name=op.f('pk_saved_filters'))
    )
