"""What leaves by itself: webhooks, mail, their deliveries; who did what."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
UTC = sa.DateTime(timezone=True)
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('webhooks',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('events', sa.String(length=300), nullable=False),
    sa.Column('created', UTC, nullable=False),
    sa.Column('created_by', sa.String(length=255), nullable=False),
    sa.Column('removed', UTC, nullable=True),
    sa.ForeignKeyConstraint(['slug'], ['campaigns.slug'], name=op.f('fk_webhooks_slug')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhooks'))
    )
    op.create_index('ix_webhooks_slug', 'webhooks', ['slug'])
    op.create_table('happenings',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('event', sa.String(length=30), nullable=False),
    sa.Column('call', sa.String(length=32), nullable=True),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_happenings'))
    )
    op.create_table('deliveries',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('lane', sa.String(length=40), nullable=False),
    sa.Column('event', sa.String(length=30), nullable=False),
    sa.Column('to', sa.String(length=320), nullable=True),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('created', UTC, nullable=False),
    sa.Column('due', UTC, nullable=False),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('trouble', sa.String(length=200), nullable=True),
    sa.Column('ended', UTC, nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'delivered', 'dead')", name=op.f('ck_deliveries_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries'))
    )
    op.create_index('ix_deliveries_due', 'deliveries', ['lane', 'due'], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index('ix_deliveries_lane_state', 'deliveries', ['lane', 'state'])
    op.create_index('ix_deliveries_ended', 'deliveries', ['ended'])
    op.create_table('lanes',
    sa.Column('lane', sa.String(length=40), nullable=False),
    sa.Column('owner', sa.String(length=80), nullable=True),
    sa.Column('lease_until', sa.Float(), nullable=True),
    sa.Column('failures', sa.Integer(), server_default='0', nullable=False),
    sa.Column('rest_until', UTC, nullable=True),
    sa.PrimaryKeyConstraint('lane', name=op.f('pk_lanes'))
    )
    op.create_table('mail_wishes',
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('wish', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('email', 'wish', name=op.f('pk_mail_wishes'))
    )
    op.create_table('audit',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('at', UTC, nullable=False),
    sa.Column('who', sa.String(length=255), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit'))
    )
    op.create_index('ix_audit_at', 'audit', ['at'])
