"""Tallies: calls counted once, for the pages of analysts."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
STEPS = (
    'asked', 'created', 'answered', 'key_pressed', 'bridged', 'office_answered', 'survey',
    'survey_keypad', 'survey_web', 'position', 'position_keypad', 'position_web',
)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)


def upgrade() -> None:
    """Bring the tables forward; every call there is waits to be entered."""
    op.create_table('untallied',
    sa.Column('call', sa.String(length=32), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wide', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['call'], ['calls.id'], name=op.f('fk_untallied_call_calls')),
    sa.PrimaryKeyConstraint('call', name=op.f('pk_untallied'))
    )
    op.create_index('ix_untallied_created', 'untallied', ['created'])
    op.create_table('tally_profiles',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('door', sa.String(length=16), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('referral', sa.String(length=200), nullable=False),
    sa.Column('drive', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tally_profiles'))
    )
    op.create_index(
        'uq_tally_profiles', 'tally_profiles',
        ['slug', 'digest', 'door', 'language', 'referral', 'drive'], unique=True,
    )
    op.create_table('tally_words',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('word', sa.String(length=600), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tally_words')),
    sa.UniqueConstraint('word', name=op.f('uq_tally_words_word'))
    )
    op.create_table('tally_offices',
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('target', sa.String(length=80), nullable=False),
    sa.Column('office', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('chamber', sa.String(length=8), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('district', sa.String(length=40), nullable=True),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.PrimaryKeyConstraint('slug', 'target', 'office', name=op.f('pk_tally_offices'))
    )
    op.create_table('tally_calls',
    *(_number(name) for name in ('profile', 'subject', 'span', 'first')),
    *(sa.Column(name, sa.Integer(), nullable=False) for name in STEPS),
    sa.PrimaryKeyConstraint('profile', 'subject', 'span', 'first', name=op.f('pk_tally_calls'))
    )
    op.create_table('tally_parts',
    *(_number(name) for name in ('profile', 'kind', 'subject', 'span', 'first', 'key')),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('connected', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('profile', 'kind', 'subject', 'span', 'first', 'key', name=op.f('pk_tally_parts'))
    )
    op.execute('INSERT INTO untallied (call, created) SELECT id, created FROM calls')
