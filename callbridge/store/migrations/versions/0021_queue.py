"""The queue of the tallies refers to calls without a key: a server locked each call for it."""

from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

NAME = 'fk_untallied_call_calls'


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table('untallied') as table:
        table.drop_constraint(op.f(NAME), type_='foreignkey')


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table('untallied') as table:
        table.create_foreign_key(op.f(NAME), 'calls', ['call'], ['id'])
