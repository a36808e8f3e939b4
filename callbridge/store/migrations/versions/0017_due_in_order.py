"""Who is due longest is found without sorting all who are due as long.

The people of a list are all due at one moment. And an attempt of a drive stands no more in an
index for those that wait for a slot, where each of its states was one more entry.
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

DUE = sa.text("state = 'planned' AND kind = 'drive'")
WAITING = sa.text("state = 'planned' AND kind <> 'drive'")


def upgrade() -> None:
    """Bring the tables forward."""
    _due('bucket', 'run_at', 'id')
    op.drop_index('ix_attempts_kind_state_run_at', 'attempts')
    op.create_index(
        'ix_attempts_waiting', 'attempts', ['run_at', 'id'],
        sqlite_where=WAITING, postgresql_where=WAITING,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index('ix_attempts_waiting', 'attempts')
    op.create_index('ix_attempts_kind_state_run_at', 'attempts', ['kind', 'state', 'run_at'])
    _due('bucket', 'run_at')


def _due(*columns: str) -> None:
    op.drop_index('ix_attempts_due', 'attempts')
    op.create_index(
        'ix_attempts_due', 'attempts', list(columns), sqlite_where=DUE, postgresql_where=DUE
    )
