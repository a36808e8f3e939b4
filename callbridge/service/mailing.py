"""Puts mail into the outbox; the dialer hands it to the mail server, which this does not know."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from callbridge.domain.deliveries import MAIL_LANE, Delivery, MailWish
from callbridge.errors import RefusedError
from callbridge.service.context import Context
from callbridge.service.storage import Unit

# Mail servers refuse much larger ones, and what waits stands in the database.
LARGEST = 10_000_000
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a mail; `content_type` such as text/csv or image/svg+xml."""

    name: str
    content_type: str
    content: bytes


def send(
    ctx: Context,
    *,
    to: str | Sequence[str],
    subject: str,
    text: str,
    html: str | None = None,
    attachments: Sequence[Attachment] = (),
    kind: str = "mail",
) -> tuple[str, ...]:
    """Put a mail to each address into the outbox, in a transaction of its own; return their ids.

    It goes out within seconds while a dialer runs. Raises RefusedError when no mail server is set
    up, an address is none, or the mail is too large.
    """
    with ctx.store.writing() as unit:
        return write(
            ctx,
            unit,
            to=to,
            subject=subject,
            text=text,
            html=html,
            attachments=attachments,
            kind=kind,
        )


def write(
    ctx: Context,
    unit: Unit,
    *,
    to: str | Sequence[str],
    subject: str,
    text: str,
    html: str | None = None,
    attachments: Sequence[Attachment] = (),
    kind: str = "mail",
) -> tuple[str, ...]:
    """As `send`, in the transaction of whatever the mail tells: both are kept or neither is."""
    if not is_set_up(ctx):
        raise RefusedError("No mail server is set up: set SMTP_URL and MAIL_FROM.")
    now = ctx.clock.now()
    found = []
    for address in [to] if isinstance(to, str) else to:
        name = f"mail-{secrets.token_hex(16)}"
        message = _message(ctx, name, address, subject=subject, text=text, at=now)
        if html is not None:
            message.add_alternative(html, subtype="html")
        for one in attachments:
            main, _, sub = one.content_type.partition("/")
            message.add_attachment(
                one.content, maintype=main, subtype=sub or "octet-stream", filename=one.name
            )
        body = message.as_bytes()
        if len(body) > LARGEST:
            raise RefusedError(f"A mail may have {LARGEST // 1_000_000} MB, attachments included.")
        found.append(
            Delivery(id=name, lane=MAIL_LANE, event=kind[:30], to=address, body=body, created=now)
        )
    unit.outbox.add(found)
    return tuple(one.id for one in found)


def tell(ctx: Context, unit: Unit, wish: MailWish, *, subject: str, text: str) -> int:
    """Write to everybody who asked to be told of this; return how many that is.

    Nothing is written where no mail server is set up: then nobody can have been promised mail.
    """
    if not is_set_up(ctx):
        return 0
    wanted = unit.outbox.wishing(wish)
    if wanted:
        write(ctx, unit, to=wanted, subject=subject, text=text, kind=wish.value)
    return len(wanted)


def is_set_up(ctx: Context) -> bool:
    """Tell whether mail can be sent at all."""
    return bool(ctx.settings.smtp_url and ctx.settings.mail_from)


def _message(
    ctx: Context, name: str, to: str, *, subject: str, text: str, at: datetime
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    sender = ctx.settings.mail_from
    try:
        message["From"] = Address(ctx.settings.organization, addr_spec=sender)
        message["To"] = Address(addr_spec=to)
    except (ValueError, IndexError) as problem:
        raise RefusedError(f"{to!r} is no address that mail can go to.") from problem
    # One line: what somebody else named must not write headers of its own.
    message["Subject"] = " ".join(subject.split())[:_LONGEST_SUBJECT]
    message["Date"] = format_datetime(at)
    # The same at every try, so that a mail that came twice is seen to be one.
    message["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
