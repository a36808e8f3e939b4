"""Rollups by day, evidence, numbers confirmed dead."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Bring the tables forward; what was answered before is marked to be counted."""
    op.create_table('rollup_marks',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('target', sa.String(length=80), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rollup_marks'))
    )
    op.create_index('ix_rollup_marks_cell', 'rollup_marks', ['slug', 'target', 'day'])
    op.create_table('rollup_positions',
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('target', sa.String(length=80), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('channel', sa.String(length=12), nullable=False),
    sa.Column('meaning', sa.String(length=20), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('last', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('slug', 'target', 'day', 'channel', 'meaning', name=op.f('pk_rollup_positions'))
    )
    op.create_table('rollup_legs',
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('target', sa.String(length=80), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('office', sa.String(length=120), nullable=False),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('length', sa.String(length=8), nullable=False),
    sa.Column('reported', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('city', sa.String(length=120), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('first', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('slug', 'target', 'day', 'phone', 'office', 'outcome', 'length', 'reported', name=op.f('pk_rollup_legs'))
    )
    op.create_index('ix_rollup_legs_phone', 'rollup_legs', ['phone', 'day'])
    op.create_table('repeats',
    sa.Column('answer', SERIAL, autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['answer'], ['answers.id'], name=op.f('fk_repeats_answer_answers')),
    sa.PrimaryKeyConstraint('answer', name=op.f('pk_repeats'))
    )
    op.create_table('evidence',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('target', sa.String(length=80), nullable=False),
    sa.Column('position', sa.String(length=20), nullable=True),
    sa.Column('grade', sa.String(length=8), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('who', sa.String(length=255), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("grade IN ('heard', 'written', 'public')", name=op.f('ck_evidence_grade')),
    sa.CheckConstraint('(position IS NULL) = (grade IS NULL)', name=op.f('ck_evidence_position')),
    sa.ForeignKeyConstraint(['slug'], ['campaigns.slug'], name=op.f('fk_evidence_slug_campaigns')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    op.create_index('ix_evidence_slug_target', 'evidence', ['slug', 'target'])
    op.create_table('dead_numbers',
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('who', sa.String(length=255), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('phone', name=op.f('pk_dead_numbers'))
    )
    op.create_index('ix_legs_target_started', 'legs', ['target', 'started'])
    day = "date(l.started)"
    if op.get_bind().dialect.name == 'postgresql':
        day = "CAST(l.started AT TIME ZONE 'UTC' AS date)"
    op.execute(
        "INSERT INTO rollup_marks (slug, target, day) "
        f"SELECT DISTINCT c.slug, l.target, {day} FROM legs l JOIN calls c ON c.id = l.call"
    )
