"""Sends text messages that people agreed to: each at most once, whatever happens meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken

from callbridge.domain.legal_hours import FEDERAL, effective
from callbridge.domain.records import CallRecord
from callbridge.domain.telephony import TextHook, TextOrder
from callbridge.domain.texts import Answer, NewText, TextKind, TextRecord, TextState, meant, wording
from callbridge.domain.windows import next_opening
from callbridge.errors import (
    CarrierBusyError,
    CarrierRefusedError,
    CarrierUnknownError,
    DatabaseError,
    PhoneError,
)
from callbridge.logs import log
from callbridge.service import phones
from callbridge.service.after import links
from callbridge.service.context import Context
from callbridge.service.hours import is_federal_holiday
from callbridge.service.storage import Unit

_log = log(__name__)

# A link that comes later than this surprises more than it helps.
LATEST = timedelta(days=2)
BUSY = timedelta(minutes=1)
MOST_TRIES = 5
ONE_A = timedelta(days=1)
_STOPPED = "stopped"


def plan_after(ctx: Context, unit: Unit, record: CallRecord, words: str) -> None:
    """Plan the text after a call whose supporter ticked the box beside `words`."""
    if not ctx.settings.sends_texts or record.phone_hash is None or record.phone_enc is None:
        return
    now = ctx.clock.now()
    unit.texts.plan(
        NewText(
            token=ctx.token(),
            kind=TextKind.AFTER,
            call=record.id,
            phone_hash=record.phone_hash,
            phone_enc=record.phone_enc,
            from_=ctx.settings.text_from,
            language=record.call.language,
            consent=unit.guards.consent(words, now),
            planned=now,
        )
    )


def plan_link(ctx: Context, *, phone: str, language: str, words: str) -> None:
    """Plan a text with the own page's link to the number itself, at most one a day.

    Says nothing about whether there is such a page: anybody may type anybody's number. Raises
    PhoneError.
    """
    number = phones.read_phone(phone, regions=ctx.settings.phone_regions, loopback=ctx.on_loopback)
    now = ctx.clock.now()
    hashes = ctx.vault.hashes(number)
    with ctx.store.writing() as unit:
        unit.guards.lock(hashes[0])
        known = links.sent(ctx, unit, number, None).page is not None
        lately = unit.texts.all(hashes, since=now - ONE_A)
        asked = any(text.kind is TextKind.LINK for text in lately)
        if not known or asked or not ctx.settings.sends_texts:
            return
        unit.texts.plan(
            NewText(
                token=ctx.token(),
                kind=TextKind.LINK,
                phone_hash=hashes[0],
                phone_enc=ctx.vault.encrypt(number),
                from_=ctx.settings.text_from,
                language=language,
                consent=unit.guards.consent(words, now),
                planned=now,
            )
        )


def send_due(ctx: Context, *, owner: str, most: int = 50) -> int:
    """Send the texts that are due; return how many were handed to the carrier.

    Each is one claim, one commit as `sending`, one request. One of which it is not known whether
    it was sent stays so: it is never sent again.
    """
    if ctx.carrier is None:
        return 0
    with ctx.store.reading() as unit:
        left_behind = unit.texts.expired_leases()
    if left_behind:
        with ctx.store.writing() as unit:
            unit.texts.free_expired_leases()
    handed = 0
    for _ in range(most):
        now = ctx.clock.now()
        with ctx.store.reading() as unit:
            if not unit.texts.waiting(now):
                return handed
        with ctx.store.writing() as unit:
            text = unit.texts.claim(owner, now=now, lease_seconds=ctx.settings.lease_seconds)
        if text is not None and (order := _commit(ctx, text, now)) is not None:
            _send(ctx, text, order)
            handed += 1
    return handed


def _commit(ctx: Context, text: TextRecord, now: datetime) -> TextOrder | None:
    """Judge a claimed text and commit it as `sending`; put it off or close it otherwise."""
    phone = _phone_of(ctx, text)
    with ctx.store.writing() as unit:
        record = unit.calls.by_id(text.call) if text.call else None
        if phone is None:
            unit.texts.close(text, TextState.FAILED, reason="number-gone")
            return None
        if (why := _refusal(ctx, unit, text, phone, record)) is not None:
            unit.texts.close(text, TextState.SUPPRESSED, reason=why)
            return None
        opens = _opens(phone, record, now)
        if opens is None or opens > text.planned + LATEST or text.tries >= MOST_TRIES:
            unit.texts.close(text, TextState.EXPIRED, reason="too-late")
            return None
        if opens > now:
            unit.texts.give_back(text, run_at=opens)
            return None
        body = _body(ctx, unit, text, phone, record)
        if body is None:
            unit.texts.close(text, TextState.SUPPRESSED, reason="nothing-to-link")
            return None
        if not unit.texts.sending(text):
            return None
    return TextOrder(to=phone, from_=text.from_, body=body, token=text.token)


def _refusal(
    ctx: Context, unit: Unit, text: TextRecord, phone: str, record: CallRecord | None
) -> str | None:
    hashes = ctx.vault.hashes(phone)
    if unit.guards.opted_out(hashes) or unit.texts.opted_out(hashes):
        return "opted-out"
    if text.kind is TextKind.AFTER and (record is None or not record.call.legs):
        return "not-reached"
    return None


def _opens(phone: str, record: CallRecord | None, now: datetime) -> datetime | None:
    """Return when this person may be texted: the lawful hours of calls, where they live."""
    state = None
    if record is not None:
        targets = record.call.targets
        state = record.call.state or next((one.state for one in targets if one.state), None)
    window = effective(FEDERAL, *([state] if state else []))
    zones = (phones.zone_of(phone),)
    return next_opening(window, now=now, zones=zones, holidays=is_federal_holiday)


def _body(
    ctx: Context, unit: Unit, text: TextRecord, phone: str, record: CallRecord | None
) -> str | None:
    found = links.sent(ctx, unit, phone, record)
    organization = ctx.settings.organization
    if record is not None:
        organization = ctx.organization(ctx.shelf.campaign(unit, record.digest)).name
    ending = "" if text.language == "en" else f"?lang={text.language}"
    address = ctx.settings.public_url
    return wording(
        text.language,
        organization=organization,
        survey=found.survey and f"{address}/answer/{found.survey}{ending}",
        page=found.page and f"{address}/mine/{found.page}{ending}",
    )


def _send(ctx: Context, text: TextRecord, order: TextOrder) -> None:
    """Make the request; no transaction is open meanwhile."""
    try:
        sid = ctx.needed_carrier().send_text(order)
    except CarrierRefusedError as refusal:
        with ctx.store.writing() as unit:
            reason = f"{refusal.reason}-{refusal.code}" if refusal.code else refusal.reason
            unit.texts.close(text, TextState.FAILED, reason=reason)
            if refusal.reason == _STOPPED and text.phone_hash is not None:
                unit.texts.opt_out(text.phone_hash, at=ctx.clock.now())
        _log.warning("text_refused", text=text.id, reason=reason)
    except CarrierBusyError:
        with ctx.store.writing() as unit:
            unit.texts.not_processed(text, run_at=ctx.clock.now() + BUSY)
    except CarrierUnknownError:
        with ctx.store.writing() as unit:
            unit.texts.close(text, TextState.UNKNOWN, reason="no-answer")
        _log.warning("text_unknown", text=text.id)
    else:
        try:
            with ctx.store.writing() as unit:
                unit.texts.sent(text, sid)
        except DatabaseError:
            # It went out all the same: its lease ends, and then it is unknown, never sent again.
            _log.exception("text_sid_not_stored", text=text.id)


def reported(ctx: Context, token: str, hook: TextHook) -> None:
    """Note what the carrier says became of a text."""
    if hook.lost:
        state, reason = TextState.FAILED, f"carrier-{hook.error_code or hook.status}"
    elif hook.status == "delivered":
        state, reason = TextState.DELIVERED, None
    else:
        state, reason = TextState.SENT, None
    with ctx.store.writing() as unit:
        unit.texts.report(token, hook.sid, state, reason=reason)


def received(ctx: Context, hook: TextHook) -> Answer:
    """Take a text that came in: STOP and START are honoured at once, the rest is kept nowhere."""
    answer = Answer(hook.opt_out.lower()) if hook.opt_out in {"STOP", "START"} else meant(hook.body)
    try:
        number = phones.read_phone(
            hook.from_, regions=ctx.settings.phone_regions, loopback=ctx.on_loopback
        )
    except PhoneError:
        return Answer.OTHER
    with ctx.store.writing() as unit:
        match answer:
            case Answer.STOP:
                unit.texts.opt_out(ctx.vault.hash(number), at=ctx.clock.now())
            case Answer.START:
                unit.texts.undo_opt_out(ctx.vault.hashes(number))
            case Answer.OTHER:
                pass
    return answer


def _phone_of(ctx: Context, text: TextRecord) -> str | None:
    if text.phone_enc is None:
        return None
    try:
        return ctx.vault.decrypt(text.phone_enc)
    except InvalidToken:
        _log.warning("phone_key_gone", text=text.id)
        return None
