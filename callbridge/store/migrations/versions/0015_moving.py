"""Who is on the way to an office is found by the office, however many calls are in progress."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

MOVING = sa.text("state IN ('claimed', 'dialing', 'unknown', 'placed')")


def upgrade() -> None:
    """Bring the tables forward."""
    _moving_by('office', 'drive')


def downgrade() -> None:
    """Take it back."""
    _moving_by('state')


def _moving_by(*columns: str) -> None:
    op.drop_index('ix_attempts_moving', 'attempts')
    op.create_index(
        'ix_attempts_moving', 'attempts', list(columns),
        sqlite_where=MOVING, postgresql_where=MOVING,
    )
