"""Signs a webhook's message as Standard Webhooks says and sends it once; keeps nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography.fernet import InvalidToken
from standardwebhooks import Webhook as Signer

from callbridge import __version__
from callbridge.domain.deliveries import Delivery
from callbridge.errors import DeliveryError
from callbridge.service.context import Context


def post(ctx: Context, webhook: str, one: Delivery) -> None:
    """Send a delivery to its webhook. Raises DeliveryError."""
    with ctx.store.reading() as unit:
        found = unit.webhooks.get(webhook)
    if found is None or ctx.poster is None:
        raise DeliveryError("Its address was removed.", final=True)
    try:
        secret = ctx.vault.decrypt(found.secret)
    except InvalidToken as gone:
        raise DeliveryError("The key of its secret is gone from PHONE_KEYS.") from gone
    # The machine's own time, not a rehearsal's: the receiver compares it with theirs.
    now = datetime.now(UTC)
    body = one.body.decode()
    headers = {
        "content-type": "application/json",
        "user-agent": f"callbridge/{__version__}",
        "webhook-id": one.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Signer(secret).sign(one.id, now, body),
    }
    ctx.poster.post(found.url, headers=headers, body=one.body)
