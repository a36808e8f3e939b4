"""Members of one chamber or party are counted together."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        'tally_blocs',
        sa.Column('subject', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('bloc', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('of_calls', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('subject', 'bloc', name=op.f('pk_tally_blocs')),
        sqlite_with_rowid=False,
    )
    op.create_index('ix_tally_blocs_bloc', 'tally_blocs', ['bloc'], unique=False)


def downgrade() -> None:
    """Take it back."""
    op.drop_table('tally_blocs')
