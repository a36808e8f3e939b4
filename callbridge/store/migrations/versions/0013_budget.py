"""What calls cost and may cost; what is held for a call while it goes on."""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

HELD = sa.text('held IS NOT NULL')
UNBOOKED = sa.text('ended IS NOT NULL AND cost IS NULL')
UNPRICED = sa.text('price_due IS NOT NULL')


def upgrade() -> None:
    """Bring the tables forward; calls of the past cost nothing any more."""
    op.create_table('ceilings',
    sa.Column('scope', sa.String(length=100), nullable=False),
    sa.Column('day', sa.BigInteger(), nullable=True),
    sa.Column('total', sa.BigInteger(), nullable=True),
    sa.Column('calls_day', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('scope', name=op.f('pk_ceilings'))
    )
    op.create_table('spending',
    sa.Column('scope', sa.String(length=100), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('micros', sa.BigInteger(), nullable=False),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'day', name=op.f('pk_spending'))
    )
    op.add_column('attempts', sa.Column('held', sa.BigInteger(), nullable=True))
    op.add_column('attempts', sa.Column('held_for', sa.String(length=80), nullable=True))
    op.add_column('attempts', sa.Column('area', sa.String(length=3), nullable=True))
    op.add_column('calls', sa.Column('cost', sa.BigInteger(), nullable=True))
    op.add_column('calls', sa.Column('price_due', sa.DateTime(timezone=True), nullable=True))
    op.execute('UPDATE calls SET cost = 0 WHERE ended IS NOT NULL')
    op.create_index('ix_attempts_held', 'attempts', ['state'], sqlite_where=HELD, postgresql_where=HELD)
    op.create_index('ix_calls_unbooked', 'calls', ['ended'], sqlite_where=UNBOOKED, postgresql_where=UNBOOKED)
    op.create_index('ix_calls_unpriced', 'calls', ['price_due'], sqlite_where=UNPRICED, postgresql_where=UNPRICED)
