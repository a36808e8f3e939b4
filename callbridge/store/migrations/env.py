"""Runs migrations on the connection it is given; opens none itself."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from callbridge.store.tables import Utc, metadata


def _render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
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
