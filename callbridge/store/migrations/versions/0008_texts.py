"""Text messages, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
OPEN = sa.text("state IN ('planned', 'claimed', 'sending')")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('texts',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('token', sa.String(length=48), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('call', sa.String(length=32), nullable=True),
    sa.Column('phone_hash', sa.String(length=64), nullable=True),
    sa.Column('phone_enc', sa.Text(), nullable=True),
    sa.Column('from_number', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('consent', sa.Integer(), nullable=False),
    sa.Column('planned', sa.DateTime(timezone=True), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=True),
    sa.Column('fence', sa.Integer(), server_default='0', nullable=False),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lease_until', sa.Float(), nullable=True),
    sa.Column('sid', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.CheckConstraint("kind IN ('after-call', 'link')", name=op.f('ck_texts_kind')),
    sa.CheckConstraint("state IN ('planned', 'claimed', 'sending', 'unknown', 'sent', 'delivered', 'failed', 'suppressed', 'expired')", name=op.f('ck_texts_state')),
    sa.ForeignKeyConstraint(['call'], ['calls.id'], name=op.f('fk_texts_call_calls')),
    sa.ForeignKeyConstraint(['consent'], ['consents.id'], name=op.f('fk_texts_consent_consents')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_texts')),
    sa.UniqueConstraint('sid', name=op.f('uq_texts_sid')),
    sa.UniqueConstraint('token', name=op.f('uq_texts_token'))
    )
    op.create_index('uq_texts_call', 'texts', ['call'], unique=True)
    op.create_index('ix_texts_phone_hash_planned', 'texts', ['phone_hash', 'planned'])
    op.create_index('ix_texts_open', 'texts', ['run_at'], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table('text_opt_outs',
    sa.Column('phone_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('phone_hash', name=op.f('pk_text_opt_outs'))
    )
