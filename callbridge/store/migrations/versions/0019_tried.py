"""Attempts that are over are counted by blocks of their numbers."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        'tally_attempts',
        sa.Column('block', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('block', 'state', name=op.f('pk_tally_attempts')),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table('tally_attempts')
