"""Drives, their people, and a pace that slows down when the carrier has too much."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('drives',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('window', sa.String(length=20), nullable=False),
    sa.Column('days', sa.String(length=60), nullable=False),
    sa.Column('in_progress', sa.Integer(), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rate', sa.Float(), nullable=True),
    sa.Column('promised', sa.Boolean(), nullable=False),
    sa.Column('redial_missing', sa.Boolean(), nullable=False),
    sa.Column('weight', sa.Float(), nullable=False),
    sa.Column('served', sa.Float(), server_default='0', nullable=False),
    sa.Column('next_free', sa.Float(), server_default='0', nullable=False),
    sa.Column('share', sa.Float(), server_default='1', nullable=False),
    sa.Column('eased', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved', sa.String(length=255), nullable=True),
    sa.Column('started_by', sa.String(length=255), nullable=True),
    sa.Column('resumed', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cause', sa.String(length=300), nullable=True),
    sa.Column('rung', sa.Integer(), server_default='0', nullable=False),
    sa.Column('answered', sa.Integer(), server_default='0', nullable=False),
    sa.Column('keyed', sa.Integer(), server_default='0', nullable=False),
    sa.Column('bridged', sa.Integer(), server_default='0', nullable=False),
    sa.Column('rung_before', sa.Integer(), server_default='0', nullable=False),
    sa.Column('answered_before', sa.Integer(), server_default='0', nullable=False),
    sa.CheckConstraint("state IN ('draft', 'running', 'paused', 'stopped', 'finished')", name=op.f('ck_drives_state')),
    sa.CheckConstraint('rate IS NULL OR rate > 0', name=op.f('ck_drives_rate')),
    sa.ForeignKeyConstraint(['slug'], ['campaigns.slug'], name=op.f('fk_drives_slug')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drives'))
    )
    with op.batch_alter_table('drives', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drives_slug'), ['slug'], unique=False)
        batch_op.create_index(batch_op.f('ix_drives_state'), ['state'], unique=False)

    op.create_table('drive_buckets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('drive', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('zones', sa.Text(), nullable=False),
    sa.Column('states', sa.Text(), nullable=False),
    sa.Column('offices', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['drive'], ['drives.id'], name=op.f('fk_drive_buckets_drive')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drive_buckets'))
    )
    with op.batch_alter_table('drive_buckets', schema=None) as batch_op:
        batch_op.create_index('uq_drive_buckets_digest', ['drive', 'digest'], unique=True)

    op.create_table('contacts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('drive', sa.String(length=32), nullable=False),
    sa.Column('phone_hash', sa.String(length=64), nullable=True),
    sa.Column('phone_enc', sa.Text(), nullable=True),
    sa.Column('zip', sa.String(length=5), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('group_name', sa.String(length=120), nullable=False),
    sa.Column('consent_source', sa.String(length=300), nullable=False),
    sa.Column('consent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('extra', sa.Text(), nullable=False),
    sa.Column('bucket', sa.Integer(), nullable=False),
    sa.Column('final', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['bucket'], ['drive_buckets.id'], name=op.f('fk_contacts_bucket')),
    sa.ForeignKeyConstraint(['drive'], ['drives.id'], name=op.f('fk_contacts_drive')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contacts'))
    )
    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.create_index('ix_contacts_numbered', ['drive'], unique=False, sqlite_where=sa.text('phone_enc IS NOT NULL'), postgresql_where=sa.text('phone_enc IS NOT NULL'))
        batch_op.create_index('ix_contacts_phone_hash', ['phone_hash'], unique=False)
        batch_op.create_index('uq_contacts_drive_phone_hash', ['drive', 'phone_hash'], unique=True)

    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('drive', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('contact', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('bucket', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('office', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('latest', sa.Boolean(), server_default=sa.text('false'), nullable=False))
        batch_op.add_column(sa.Column('result', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('over_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('call',
               existing_type=sa.VARCHAR(length=32),
               nullable=True)
        batch_op.drop_index(batch_op.f('ix_attempts_open'), sqlite_where=sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown')"), postgresql_where=sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown')"))
        batch_op.create_index(batch_op.f('ix_attempts_contact'), ['contact'], unique=False)
        batch_op.create_index('ix_attempts_due', ['bucket', 'run_at'], unique=False, sqlite_where=sa.text("state = 'planned' AND kind = 'drive'"), postgresql_where=sa.text("state = 'planned' AND kind = 'drive'"))
        batch_op.create_index('ix_attempts_kind_state_run_at', ['kind', 'state', 'run_at'], unique=False)
        batch_op.create_index('ix_attempts_latest', ['drive', 'state'], unique=False, sqlite_where=sa.text("latest AND kind = 'drive'"), postgresql_where=sa.text("latest AND kind = 'drive'"))
        batch_op.create_index('ix_attempts_moving', ['state'], unique=False, sqlite_where=sa.text("state IN ('claimed', 'dialing', 'unknown', 'placed')"), postgresql_where=sa.text("state IN ('claimed', 'dialing', 'unknown', 'placed')"))
        batch_op.create_index('ix_attempts_to_follow', ['drive'], unique=False, sqlite_where=sa.text("over_at IS NULL AND kind = 'drive' AND state IN ('done', 'failed', 'suppressed', 'expired')"), postgresql_where=sa.text("over_at IS NULL AND kind = 'drive' AND state IN ('done', 'failed', 'suppressed', 'expired')"))
        batch_op.create_foreign_key(batch_op.f('fk_attempts_drive'), 'drives', ['drive'], ['id'])
        batch_op.drop_constraint(batch_op.f('ck_attempts_kind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_attempts_kind'), "kind IN ('now', 'ring-back', 'drive')")
        batch_op.create_check_constraint(batch_op.f('ck_attempts_drive'), "kind <> 'drive' OR (drive IS NOT NULL AND contact IS NOT NULL)")
        batch_op.create_check_constraint(batch_op.f('ck_attempts_call'), "kind = 'drive' OR call IS NOT NULL")
        batch_op.create_foreign_key(batch_op.f('fk_attempts_contact'), 'contacts', ['contact'], ['id'])

    with op.batch_alter_table('pace', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rate', sa.Float(), nullable=True))
        batch_op.add_column(sa.Column('strikes', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('closed_until', sa.Float(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('changed', sa.Float(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('clock', sa.Float(), server_default='0', nullable=False))


def downgrade() -> None:
    """Bring the tables back."""
    with op.batch_alter_table('pace', schema=None) as batch_op:
        batch_op.drop_column('clock')
        batch_op.drop_column('changed')
        batch_op.drop_column('closed_until')
        batch_op.drop_column('strikes')
        batch_op.drop_column('rate')

    op.execute("DELETE FROM attempts WHERE kind = 'drive'")
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        for name in ('kind', 'drive', 'call'):
            batch_op.drop_constraint(batch_op.f(f'ck_attempts_{name}'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_attempts_kind'), "kind IN ('now', 'ring-back')")
        batch_op.drop_constraint(batch_op.f('fk_attempts_contact'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_attempts_drive'), type_='foreignkey')
        batch_op.drop_index('ix_attempts_to_follow', sqlite_where=sa.text("over_at IS NULL AND kind = 'drive' AND state IN ('done', 'failed', 'suppressed', 'expired')"), postgresql_where=sa.text("over_at IS NULL AND kind = 'drive' AND state IN ('done', 'failed', 'suppressed', 'expired')"))
        batch_op.drop_index('ix_attempts_moving', sqlite_where=sa.text("state IN ('claimed', 'dialing', 'unknown', 'placed')"), postgresql_where=sa.text("state IN ('claimed', 'dialing', 'unknown', 'placed')"))
        batch_op.drop_index('ix_attempts_latest', sqlite_where=sa.text("latest AND kind = 'drive'"), postgresql_where=sa.text("latest AND kind = 'drive'"))
        batch_op.drop_index('ix_attempts_kind_state_run_at')
        batch_op.drop_index('ix_attempts_due', sqlite_where=sa.text("state = 'planned' AND kind = 'drive'"), postgresql_where=sa.text("state = 'planned' AND kind = 'drive'"))
        batch_op.drop_index(batch_op.f('ix_attempts_contact'))
        batch_op.create_index(batch_op.f('ix_attempts_open'), ['state', 'run_at'], unique=False, sqlite_where=sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown')"), postgresql_where=sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown')"))
        batch_op.alter_column('call',
               existing_type=sa.VARCHAR(length=32),
               nullable=False)
        batch_op.drop_column('over_at')
        batch_op.drop_column('result')
        batch_op.drop_column('latest')
        batch_op.drop_column('office')
        batch_op.drop_column('bucket')
        batch_op.drop_column('contact')
        batch_op.drop_column('drive')

    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.drop_index('uq_contacts_drive_phone_hash')
        batch_op.drop_index('ix_contacts_phone_hash')
        batch_op.drop_index('ix_contacts_numbered', sqlite_where=sa.text('phone_enc IS NOT NULL'), postgresql_where=sa.text('phone_enc IS NOT NULL'))

    op.drop_table('contacts')
    with op.batch_alter_table('drive_buckets', schema=None) as batch_op:
        batch_op.drop_index('uq_drive_buckets_digest')

    op.drop_table('drive_buckets')
    with op.batch_alter_table('drives', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_drives_state'))
        batch_op.drop_index(batch_op.f('ix_drives_slug'))

    op.drop_table('drives')
