"""Housekeeping: jobs, heartbeats of dialers, what this installation is."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('jobs',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('due', sa.Float(), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=True),
    sa.Column('lease_until', sa.Float(), nullable=True),
    sa.Column('started', sa.Float(), nullable=True),
    sa.Column('finished', sa.Float(), nullable=True),
    sa.Column('succeeded', sa.Float(), nullable=True),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('result', sa.String(length=400), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_jobs'))
    )
    op.create_table('dialers',
    sa.Column('owner', sa.String(length=80), nullable=False),
    sa.Column('started', sa.Float(), nullable=False),
    sa.Column('beat', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('owner', name=op.f('pk_dialers'))
    )
    op.create_table('installation',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('held_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released', sa.DateTime(timezone=True), nullable=True),
    sa.Column('copied', sa.DateTime(timezone=True), nullable=True),
    sa.Column('copied_to', sa.BigInteger(), server_default='0', nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_installation_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_installation'))
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table('installation')
    op.drop_table('dialers')
    op.drop_table('jobs')
