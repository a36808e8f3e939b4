"""Drives have a name, and what was done to them is written down."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column('drives', sa.Column('name', sa.String(length=120), server_default='', nullable=False))
    op.create_table('drive_deeds',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('drive', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('what', sa.String(length=10), nullable=False),
    sa.Column('who', sa.String(length=255), nullable=True),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['drive'], ['drives.id'], name=op.f('fk_drive_deeds_drive_drives')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drive_deeds'))
    )
    op.create_index('ix_drive_deeds_drive', 'drive_deeds', ['drive', 'id'])
