"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table('consents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('first_used', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents')),
    sa.UniqueConstraint('digest', name=op.f('uq_consents_digest'))
    )
    op.create_table('counters',
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('bucket', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', 'bucket', name=op.f('pk_counters'))
    )
    op.create_table('offices',
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('resting_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('phone', name=op.f('pk_offices'))
    )
    op.create_table('opt_outs',
    sa.Column('phone_hash', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call', sa.String(length=32), nullable=True),
    sa.PrimaryKeyConstraint('phone_hash', name=op.f('pk_opt_outs'))
    )
    op.create_table('pace',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('next_free', sa.Float(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_pace_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pace'))
    )
    op.create_table('people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=255), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('email', name=op.f('uq_people_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_people_fs_uniquifier'))
    )
    op.create_table('revisions',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('published', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_revisions'))
    )
    op.create_table('roles',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roles')),
    sa.UniqueConstraint('name', name=op.f('uq_roles_name'))
    )
    op.create_table('campaigns',
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=True),
    sa.Column('published', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('live', 'paused', 'ended')", name=op.f('ck_campaigns_state')),
    sa.ForeignKeyConstraint(['digest'], ['revisions.digest'], name=op.f('fk_campaigns_digest')),
    sa.PrimaryKeyConstraint('slug', name=op.f('pk_campaigns'))
    )
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_campaigns_number'), ['number'], unique=False)

    op.create_table('people_roles',
    sa.Column('person', sa.Integer(), nullable=False),
    sa.Column('role', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person'], ['people.id'], name=op.f('fk_people_roles_person')),
    sa.ForeignKeyConstraint(['role'], ['roles.id'], name=op.f('fk_people_roles_role')),
    sa.PrimaryKeyConstraint('person', 'role', name=op.f('pk_people_roles'))
    )
    op.create_table('revision_files',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['digest'], ['revisions.digest'], name=op.f('fk_revision_files_digest')),
    sa.PrimaryKeyConstraint('digest', 'name', name=op.f('pk_revision_files'))
    )
    op.create_table('calls',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('token', sa.String(length=48), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('door', sa.String(length=16), nullable=False),
    sa.Column('stage', sa.String(length=16), nullable=False),
    sa.Column('ending', sa.String(length=16), nullable=True),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('targets', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('zip', sa.String(length=5), nullable=True),
    sa.Column('districts', sa.String(length=120), nullable=True),
    sa.Column('sid', sa.String(length=64), nullable=True),
    sa.Column('from_number', sa.String(length=20), nullable=False),
    sa.Column('phone_hash', sa.String(length=64), nullable=True),
    sa.Column('phone_enc', sa.Text(), nullable=True),
    sa.Column('network', sa.String(length=64), nullable=True),
    sa.Column('referral', sa.String(length=200), nullable=True),
    sa.Column('consent', sa.Integer(), nullable=True),
    sa.Column('consented', sa.DateTime(timezone=True), nullable=True),
    sa.Column('parent', sa.String(length=32), nullable=True),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.Column('created', sa.DateTime(timezone=True), nullable=False),
    sa.Column('heard', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(stage = 'ended') = (ended IS NOT NULL)", name=op.f('ck_calls_ended')),
    sa.CheckConstraint('step >= 0', name=op.f('ck_calls_step')),
    sa.ForeignKeyConstraint(['consent'], ['consents.id'], name=op.f('fk_calls_consent')),
    sa.ForeignKeyConstraint(['digest'], ['revisions.digest'], name=op.f('fk_calls_digest')),
    sa.ForeignKeyConstraint(['slug'], ['campaigns.slug'], name=op.f('fk_calls_slug')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calls')),
    sa.UniqueConstraint('sid', name=op.f('uq_calls_sid')),
    sa.UniqueConstraint('token', name=op.f('uq_calls_token'))
    )
    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.create_index('ix_calls_erasable', ['ended'], unique=False, sqlite_where=sa.text('phone_enc IS NOT NULL'), postgresql_where=sa.text('phone_enc IS NOT NULL'))
        batch_op.create_index('ix_calls_live', ['heard'], unique=False, sqlite_where=sa.text('ended IS NULL'), postgresql_where=sa.text('ended IS NULL'))
        batch_op.create_index('ix_calls_network_created', ['network', 'created'], unique=False)
        batch_op.create_index('ix_calls_phone_hash_created', ['phone_hash', 'created'], unique=False)
        batch_op.create_index('ix_calls_slug_created', ['slug', 'created'], unique=False)

    op.create_table('answers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('call', sa.String(length=32), nullable=False),
    sa.Column('leg', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=80), nullable=False),
    sa.Column('meaning', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('superseded', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['call'], ['calls.id'], name=op.f('fk_answers_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers'))
    )
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.create_index('ix_answers_call', ['call'], unique=False)
        batch_op.create_index('uq_answers_standing', ['call', 'leg', 'question'], unique=True, sqlite_where=sa.text('NOT superseded'), postgresql_where=sa.text('NOT superseded'))

    op.create_table('attempts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('call', sa.String(length=32), nullable=False),
    sa.Column('phone_hash', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('owner', sa.String(length=64), nullable=True),
    sa.Column('fence', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lease_until', sa.Float(), nullable=True),
    sa.Column('dialing_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checks', sa.Integer(), server_default='0', nullable=False),
    sa.Column('tries', sa.Integer(), server_default='0', nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=True),
    sa.CheckConstraint("kind IN ('now', 'ring-back')", name=op.f('ck_attempts_kind')),
    sa.CheckConstraint("state IN ('planned', 'claimed', 'dialing', 'unknown', 'placed', 'done', 'failed', 'suppressed', 'expired')", name=op.f('ck_attempts_state')),
    sa.ForeignKeyConstraint(['call'], ['calls.id'], name=op.f('fk_attempts_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts'))
    )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempts_call'), ['call'], unique=False)
        batch_op.create_index('ix_attempts_open', ['state', 'run_at'], unique=False, sqlite_where=sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown')"), postgresql_where=sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown')"))
        batch_op.create_index('uq_attempts_in_flight', ['phone_hash'], unique=True, sqlite_where=sa.text("state IN ('claimed', 'dialing', 'unknown', 'placed') OR (state = 'planned' AND kind = 'now')"), postgresql_where=sa.text("state IN ('claimed', 'dialing', 'unknown', 'placed') OR (state = 'planned' AND kind = 'now')"))

    op.create_table('facts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('call', sa.String(length=32), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call'], ['calls.id'], name=op.f('fk_facts_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_facts'))
    )
    with op.batch_alter_table('facts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_facts_call'), ['call'], unique=False)

    op.create_table('legs',
    sa.Column('call', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('target', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('office', sa.String(length=120), nullable=False),
    sa.Column('city', sa.String(length=120), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('sid', sa.String(length=64), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('started', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call'], ['calls.id'], name=op.f('fk_legs_call')),
    sa.PrimaryKeyConstraint('call', 'number', name=op.f('pk_legs')),
    sa.UniqueConstraint('sid', name=op.f('uq_legs_sid'))
    )
    with op.batch_alter_table('legs', schema=None) as batch_op:
        batch_op.create_index('ix_legs_phone_started', ['phone', 'started'], unique=False)
        batch_op.create_index(batch_op.f('ix_legs_target'), ['target'], unique=False)



def downgrade() -> None:
    """Bring the tables back."""
    with op.batch_alter_table('legs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_legs_target'))
        batch_op.drop_index('ix_legs_phone_started')

    op.drop_table('legs')
    with op.batch_alter_table('facts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_facts_call'))

    op.drop_table('facts')
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_index('uq_attempts_in_flight', sqlite_where=sa.text("state IN ('claimed', 'dialing', 'unknown', 'placed') OR (state = 'planned' AND kind = 'now')"), postgresql_where=sa.text("state IN ('claimed', 'dialing', 'unknown', 'placed') OR (state = 'planned' AND kind = 'now')"))
        batch_op.drop_index('ix_attempts_open', sqlite_where=sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown')"), postgresql_where=sa.text("state IN ('planned', 'claimed', 'dialing', 'unknown')"))
        batch_op.drop_index(batch_op.f('ix_attempts_call'))

    op.drop_table('attempts')
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_index('uq_answers_standing', sqlite_where=sa.text('NOT superseded'), postgresql_where=sa.text('NOT superseded'))
        batch_op.drop_index('ix_answers_call')

    op.drop_table('answers')
    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.drop_index('ix_calls_slug_created')
        batch_op.drop_index('ix_calls_phone_hash_created')
        batch_op.drop_index('ix_calls_network_created')
        batch_op.drop_index('ix_calls_live', sqlite_where=sa.text('ended IS NULL'), postgresql_where=sa.text('ended IS NULL'))
        batch_op.drop_index('ix_calls_erasable', sqlite_where=sa.text('phone_enc IS NOT NULL'), postgresql_where=sa.text('phone_enc IS NOT NULL'))

    op.drop_table('calls')
    op.drop_table('revision_files')
    op.drop_table('people_roles')
    with op.batch_alter_table('campaigns', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_campaigns_number'))

    op.drop_table('campaigns')
    op.drop_table('roles')
    op.drop_table('revisions')
    op.drop_table('people')
    op.drop_table('pace')
    op.drop_table('opt_outs')
    op.drop_table('offices')
    op.drop_table('counters')
    op.drop_table('consents')
