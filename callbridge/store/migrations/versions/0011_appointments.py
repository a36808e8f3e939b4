"""Appointments: rings at a time that a person asked for; drives that are shifts."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
UTC = sa.DateTime(timezone=True)
OPEN = sa.text('ended IS NULL')
UNFINISHED = sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown', 'placed')")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('appointments',
    sa.Column('id', SERIAL, nullable=False),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('opening', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('zip', sa.String(length=5), nullable=True),
    sa.Column('district', sa.String(length=8), nullable=True),
    sa.Column('phone_hash', sa.String(length=64), nullable=True),
    sa.Column('phone_enc', sa.Text(), nullable=True),
    sa.Column('network', sa.String(length=64), nullable=True),
    sa.Column('consent', sa.Integer(), nullable=True),
    sa.Column('consented', UTC, nullable=True),
    sa.Column('parent', sa.String(length=32), nullable=True),
    sa.Column('created', UTC, nullable=False),
    sa.Column('planned', UTC, nullable=True),
    sa.Column('missed', sa.Integer(), server_default='0', nullable=False),
    sa.Column('ended', UTC, nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('ended_by', sa.String(length=32), nullable=True),
    sa.CheckConstraint("kind IN ('once', 'weekly')", name=op.f('ck_appointments_kind')),
    sa.ForeignKeyConstraint(['consent'], ['consents.id'], name=op.f('fk_appointments_consent')),
    sa.ForeignKeyConstraint(['slug'], ['campaigns.slug'], name=op.f('fk_appointments_slug')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointments')),
    sa.UniqueConstraint('token', name=op.f('uq_appointments_token'))
    )
    op.create_index('ix_appointments_phone_hash', 'appointments', ['phone_hash'])
    op.create_index('ix_appointments_network_created', 'appointments', ['network', 'created'])
    op.create_index('ix_appointments_open', 'appointments', ['id'], sqlite_where=OPEN, postgresql_where=OPEN)
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('appointment', SERIAL, nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_attempts_appointment'), 'appointments', ['appointment'], ['id'])
        batch_op.create_index(batch_op.f('ix_attempts_appointment'), ['appointment'], unique=False)
        batch_op.create_index('uq_attempts_appointment', ['appointment'], unique=True, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED)
        for name in ('kind', 'call'):
            batch_op.drop_constraint(batch_op.f(f'ck_attempts_{name}'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_attempts_kind'), "kind IN ('now', 'ring-back', 'drive', 'appointment')")
        batch_op.create_check_constraint(batch_op.f('ck_attempts_call'), "kind IN ('drive', 'appointment') OR call IS NOT NULL")
        batch_op.create_check_constraint(batch_op.f('ck_attempts_appointment'), "(kind = 'appointment') = (appointment IS NOT NULL)")
    with op.batch_alter_table('drives', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shift', sa.Text(), nullable=True))


def downgrade() -> None:
    """Bring the tables back."""
    with op.batch_alter_table('drives', schema=None) as batch_op:
        batch_op.drop_column('shift')
    op.execute("DELETE FROM attempts WHERE kind = 'appointment'")
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        for name in ('kind', 'call', 'appointment'):
            batch_op.drop_constraint(batch_op.f(f'ck_attempts_{name}'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_attempts_appointment'), type_='foreignkey')
        batch_op.drop_index('uq_attempts_appointment', sqlite_where=UNFINISHED, postgresql_where=UNFINISHED)
        batch_op.drop_index(batch_op.f('ix_attempts_appointment'))
        batch_op.drop_column('appointment')
        batch_op.create_check_constraint(batch_op.f('ck_attempts_kind'), "kind IN ('now', 'ring-back', 'drive')")
        batch_op.create_check_constraint(batch_op.f('ck_attempts_call'), "kind = 'drive' OR call IS NOT NULL")
    op.drop_table('appointments')
