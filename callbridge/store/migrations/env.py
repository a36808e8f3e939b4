"""Runs migrations on the connection it is given; opens none itself."""

from alembic import context

from callbridge.store.tables import Utc, metadata


def _render(kind, item, autogen):
    # A migration must not change when the type's Python does.
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Utc) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
