"""Office numbers added up by day; one index of legs less, which another begins with."""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

# As callbridge/store/numbers.py has it at this revision.
FILL = """
INSERT INTO rollup_numbers (day, phone, calls, worked, trouble)
SELECT day, phone, sum(count),
       max(CASE WHEN reported IN ('spoke', 'voicemail') THEN last END),
       max(CASE WHEN reported IN ('wrong-number', 'mailbox-full', 'nobody')
                     OR reported = '' AND outcome IN ('failed', 'no-answer') THEN last END)
FROM rollup_legs GROUP BY day, phone
"""


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        'rollup_numbers',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('phone', sa.String(length=20), nullable=False),
        sa.Column('calls', sa.Integer(), nullable=False),
        sa.Column('worked', sa.DateTime(timezone=True), nullable=True),
        sa.Column('trouble', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('day', 'phone', name=op.f('pk_rollup_numbers')),
        sqlite_with_rowid=False,
    )
    op.execute(FILL)
    op.drop_index('ix_legs_target', 'legs')


def downgrade() -> None:
    """Take it back."""
    op.create_index('ix_legs_target', 'legs', ['target'])
    op.drop_table('rollup_numbers')
