"""Hooks and dials write fewer indexes: a call's row has room for its next version beside it.

And an attempt of a drive stands in no index of appointments any more.
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

LIVE = sa.text('ended IS NULL')
OCCURRENCE = sa.text('appointment IS NOT NULL')
UNFINISHED = sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown', 'placed')")
# Percent of a page that inserts fill; the rest is for new versions of the rows in it.
ROOM = 50


def upgrade() -> None:
    """Bring the tables forward."""
    _live_by('created')
    _occurrences(OCCURRENCE, sa.text(f'{OCCURRENCE} AND {UNFINISHED}'))
    _fill(ROOM)


def downgrade() -> None:
    """Take it back."""
    _live_by('heard')
    _occurrences(None, UNFINISHED)
    _fill(100)


def _live_by(column: str) -> None:
    op.drop_index('ix_calls_live', 'calls')
    op.create_index('ix_calls_live', 'calls', [column], sqlite_where=LIVE, postgresql_where=LIVE)


def _occurrences(all_: sa.TextClause | None, unfinished: sa.TextClause) -> None:
    for name in ('ix_attempts_appointment', 'uq_attempts_appointment'):
        op.drop_index(name, 'attempts')
    op.create_index(
        'ix_attempts_appointment', 'attempts', ['appointment'],
        sqlite_where=all_, postgresql_where=all_,
    )
    op.create_index(
        'uq_attempts_appointment', 'attempts', ['appointment'], unique=True,
        sqlite_where=unfinished, postgresql_where=unfinished,
    )


def _fill(percent: int) -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'ALTER TABLE calls SET (fillfactor = {percent})')
