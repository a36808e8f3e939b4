"""Tallies know every filter by day, and where members stand by day first.

What is in them is not by day, and cannot be told from them: all calls go back into the queue. Pages
count their rows until the dialer has entered them again.
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

COUNTS = ('tally_calls', 'tally_parts', 'tally_days', 'tally_ends', 'tally_offices', 'untallied')


def upgrade() -> None:
    """Bring the tables forward."""
    keys = ('profile', 'span', 'first', 'office', 'said')
    op.create_table(
        'tally_positions',
        *(sa.Column(name, sa.Integer(), autoincrement=False, nullable=False) for name in keys),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*keys, name=op.f('pk_tally_positions')),
        sqlite_with_rowid=False,
    )
    _count_anew()


def downgrade() -> None:
    """Take it back."""
    op.drop_table('tally_positions')
    _count_anew()


def _count_anew() -> None:
    for name in COUNTS:
        op.execute(f'DELETE FROM {name}')
    op.execute('INSERT INTO untallied (call, created) SELECT id, created FROM calls ORDER BY id')
