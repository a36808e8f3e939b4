"""The links that a supporter gets after a call."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('links',
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('call', sa.String(length=32), nullable=True),
    sa.Column('sealed', sa.Text(), nullable=True),
    sa.Column('made', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('survey', 'own-page')", name=op.f('ck_links_kind')),
    sa.CheckConstraint("(kind = 'survey') = (call IS NOT NULL)", name=op.f('ck_links_call')),
    sa.ForeignKeyConstraint(['call'], ['calls.id'], name=op.f('fk_links_call_calls')),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_links')),
    sa.UniqueConstraint('call', name=op.f('uq_links_call'))
    )
