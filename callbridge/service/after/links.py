"""Makes a call's two links when it ends, and shows them again while the number is known.

The survey's link belongs to the call. An own page belongs to a number; the one that is shown on
a page lists only what was asked for from the same network, because anybody may type anybody's
number into a page. The one that is sent to the number itself lists everything. What a page lists
is sealed under the link's own secret, which is stored nowhere: once number and hash are erased,
nobody without the link can tell that two calls were one person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

import msgspec

from callbridge.domain.links import LinkKind, LinkRecord
from callbridge.domain.records import AppointmentRecord, CallRecord
from callbridge.service.context import Context
from callbridge.service.phones import phone_of
from callbridge.service.storage import Unit
from callbridge.service.vault import Seal, fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What an own page lists: the number's keyed hash, calls, and the same number's other pages."""

    phone_hash: str
    calls: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The secrets of a call's links, None where there is none (any more)."""

    survey: str | None = None
    page: str | None = None


def remember(ctx: Context, unit: Unit, record: CallRecord) -> None:
    """Make the links of a call that has just ended, if it reached an office."""
    if not record.call.legs or record.phone_hash is None:
        return
    now = ctx.clock.now()
    survey = ctx.vault.secrets(LinkKind.SURVEY, record.id)[0]
    unit.links.add_survey(fingerprint(survey), record.id, now)
    phone = phone_of(ctx, record)
    if phone is None:
        return
    unit.guards.lock(record.phone_hash)
    pages = [_current(ctx, unit, about) for about in _scopes(phone, record.network)]
    secrets = tuple(secret for secret, _ in pages)
    for secret, link in pages:
        listed = opened(secret, link) if link else Listed(phone_hash=record.phone_hash)
        grown = replace(
            listed,
            calls=(*listed.calls, *({record.id} - set(listed.calls))),
            kin=(*listed.kin, *(s for s in secrets if s not in {secret, *listed.kin})),
        )
        sealed = Seal(secret).close(msgspec.json.encode(grown))
        if link is None:
            unit.links.add_page(fingerprint(secret), sealed, now)
        else:
            unit.links.seal(link.hash, sealed)


def shown(ctx: Context, unit: Unit, record: CallRecord) -> Links:
    """Return the links that a call's own page may show."""
    page = None
    phone = phone_of(ctx, record)
    if phone is not None and record.network is not None:
        page = _known(ctx, unit, _scopes(phone, record.network)[-1])
    return Links(survey=_survey(ctx, unit, record), page=page)


def sent(ctx: Context, unit: Unit, phone: str, record: CallRecord | None) -> Links:
    """Return the links that may be sent to the number itself."""
    survey = _survey(ctx, unit, record) if record else None
    return Links(survey=survey, page=_known(ctx, unit, _scopes(phone, None)[0]))


def shows(
    ctx: Context, unit: Unit, secret: str, listed: Listed, appointment: AppointmentRecord
) -> bool:
    """Tell whether an own page may show a planned ring: by the rule that holds for calls."""
    if appointment.parent in listed.calls:
        return True
    phone = phone_of(ctx, appointment)
    about = () if phone is None else _scopes(phone, appointment.network)
    return any(_known(ctx, unit, one) == secret for one in about)


def opened(secret: str, link: LinkRecord) -> Listed:
    """Return what an own page lists."""
    if link.sealed is None:
        raise LookupError("an erased page lists nothing")
    return msgspec.json.decode(Seal(secret).open(link.sealed), type=Listed)


def _scopes(phone: str, network: str | None) -> tuple[str, ...]:
    return (phone,) if network is None else (phone, f"{phone} {network}")


def _survey(ctx: Context, unit: Unit, record: CallRecord) -> str | None:
    for secret in ctx.vault.secrets(LinkKind.SURVEY, record.id):
        link = unit.links.find(fingerprint(secret))
        if link is not None:
            return secret if link.closed is None else None
    return None


def _known(ctx: Context, unit: Unit, about: str) -> str | None:
    secret, link = _current(ctx, unit, about)
    return secret if link else None


def _current(ctx: Context, unit: Unit, about: str) -> tuple[str, LinkRecord | None]:
    """Return the link in force about somebody; where there is none, the secret of the next."""
    fresh = ""
    for turn in _turns(ctx, about):
        found = [(secret, unit.links.find(fingerprint(secret))) for secret in turn]
        fresh = turn[0]
        for secret, link in found:
            if link is not None and link.closed is None:
                return secret, link
        if all(link is None for _, link in found):
            break
    return fresh, None


def _turns(ctx: Context, about: str) -> Iterator[tuple[str, ...]]:
    """Return the secrets of somebody's pages by each key: a new turn after each erasure."""
    for turn in count():
        yield ctx.vault.secrets(LinkKind.OWN_PAGE, f"{about} {turn}")
