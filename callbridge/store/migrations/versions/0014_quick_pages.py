"""What pages read at once: counts by one thing, bounds by day, members' sums, endings."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

STEPS = (
    'asked', 'created', 'answered', 'key_pressed', 'bridged', 'office_answered', 'survey',
    'survey_keypad', 'survey_web', 'position', 'position_keypad', 'position_web',
)


def _number(name: str, kind: sa.types.TypeEngine = sa.Integer()) -> sa.Column:
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Bring the tables forward; every call there is waits to be entered again."""
    op.create_table('tally_days',
    _number('profile'), _number('first'), _number('calls'),
    _number('low', sa.BigInteger()), _number('high', sa.BigInteger()),
    sa.PrimaryKeyConstraint('profile', 'first', name=op.f('pk_tally_days')),
    sqlite_with_rowid=False,
    )
    op.create_table('tally_ends',
    sa.Column('ending', sa.String(length=16), nullable=False),
    _number('calls', sa.BigInteger()), _number('steps', sa.BigInteger()),
    sa.PrimaryKeyConstraint('ending', name=op.f('pk_tally_ends'))
    )
    op.create_table('rollup_members',
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('target', sa.String(length=80), nullable=False),
    sa.Column('channel', sa.String(length=12), nullable=False),
    sa.Column('meaning', sa.String(length=20), nullable=False),
    sa.Column('half_life', sa.Float(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('mass', sa.Float(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('last', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('slug', 'target', 'channel', 'meaning', name=op.f('pk_rollup_members')),
    sqlite_with_rowid=False,
    )
    op.create_index(
        'ix_rollup_legs_signals', 'rollup_legs',
        ['slug', 'outcome', 'length', 'reported', 'last'],
    )
    reasons = sa.text('reason IS NOT NULL')
    op.create_index(
        'ix_calls_refused', 'calls', ['created'],
        sqlite_where=reasons, postgresql_where=reasons,
    )
    # Emptied, and on SQLite kept in the order of their keys: what a page sums up lies together.
    op.drop_table('tally_calls')
    op.create_table('tally_calls',
    *(_number(name) for name in ('profile', 'subject', 'span', 'first')),
    *(sa.Column(name, sa.Integer(), nullable=False) for name in STEPS),
    sa.PrimaryKeyConstraint('profile', 'subject', 'span', 'first', name=op.f('pk_tally_calls')),
    sqlite_with_rowid=False,
    )
    op.drop_table('tally_parts')
    op.create_table('tally_parts',
    *(_number(name) for name in ('profile', 'kind', 'subject', 'span', 'first', 'key')),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('connected', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('profile', 'kind', 'subject', 'span', 'first', 'key', name=op.f('pk_tally_parts')),
    sqlite_with_rowid=False,
    )
    for table in ('tally_offices', 'untallied'):
        op.execute(sa.table(table).delete())
    op.execute('INSERT INTO untallied (call, created) SELECT id, created FROM calls')
    # Marked, each cell is counted once more, and its member's sums with it.
    op.execute(
        'INSERT INTO rollup_marks (slug, target, day)'
        ' SELECT DISTINCT slug, target, day FROM rollup_positions'
    )
