"""Writes down what others are to be told, in the transaction of the fact itself; sends nothing."""

from __future__ import annotations

import json
from datetime import datetime

from callbridge.domain.deliveries import EventName, MailWish
from callbridge.domain.drives import DriveRecord, DriveState
from callbridge.domain.facts import AnswerGiven, AnswerWithdrawn, CallEnded
from callbridge.domain.records import CallRecord
from callbridge.service import mailing
from callbridge.service.context import Context
from callbridge.service.storage import Unit


def tell_answer(
    unit: Unit, record: CallRecord, fact: AnswerGiven, *, changed: bool, at: datetime
) -> None:
    """Note an answer; `changed`: another one stood for the same question."""
    leg = next((one for one in record.call.legs if one.number == fact.leg), None)
    data: dict[str, object] = {
        "leg": fact.leg,
        "member": leg.target if leg else None,
        "office": leg.office if leg else None,
        "question": fact.question,
        "answer": fact.meaning.value,
        "source": str(fact.source),
    }
    name = EventName.ANSWER_CHANGED if changed else EventName.ANSWER_GIVEN
    _note(unit, record, name, data, at)


def tell_withdrawn(unit: Unit, record: CallRecord, fact: AnswerWithdrawn, *, at: datetime) -> None:
    """Note that an answer no longer stands."""
    data: dict[str, object] = {"leg": fact.leg, "question": fact.question, "answer": None}
    _note(unit, record, EventName.ANSWER_CHANGED, data, at)


def tell_ended(unit: Unit, record: CallRecord, fact: CallEnded, *, at: datetime) -> None:
    """Note that a call is over."""
    _note(unit, record, EventName.CALL_ENDED, _ended(record, fact), at)


def tell_opt_out(unit: Unit, record: CallRecord, *, at: datetime) -> None:
    """Note that somebody opted out: no more than that their number is to be counted anew."""
    unit.webhooks.note(record.slug, EventName.OPT_OUTS_COUNTED, data="{}", at=at)


def _ended(record: CallRecord, fact: CallEnded) -> dict[str, object]:
    return {
        "ending": fact.ending.value,
        "door": record.door.value,
        "language": record.call.language,
        "answered": record.answered.isoformat() if record.answered else None,
        "offices": len(record.call.legs),
    }


def _note(
    unit: Unit, record: CallRecord, name: EventName, data: dict[str, object], at: datetime
) -> None:
    unit.webhooks.note(record.slug, name, data=json.dumps(data), at=at, call=record.id)


def tell_drive(ctx: Context, unit: Unit, drive: DriveRecord) -> None:
    """Note that a drive paused itself or is over, and write to those who asked."""
    over = drive.state is not DriveState.PAUSED
    data = {
        "drive": drive.id,
        "state": drive.state.value,
        "cause": drive.cause,
        "rung": drive.rung,
        "answered": drive.answered,
        "reached": drive.keyed,
        "bridged": drive.bridged,
    }
    name = EventName.DRIVE_FINISHED if over else EventName.DRIVE_PAUSED
    unit.webhooks.note(drive.slug, name, data=json.dumps(data), at=ctx.clock.now())
    wish = MailWish.DRIVE_FINISHED if over else MailWish.DRIVE_PAUSED
    what = f"is {drive.state.value}" if over else "has paused itself"
    lines = (
        f"The drive {drive.id} of the campaign {drive.slug} {what}.",
        *((drive.cause,) if drive.cause else ()),
        "",
        f"Rung: {drive.rung:,}. Answered: {drive.answered:,}. Pressed a key: {drive.keyed:,}."
        f" Connected to an office: {drive.bridged:,}.",
        "",
        *(
            ()
            if over
            else (
                "Nobody of it is rung until somebody resumes it:",
                f"python -m callbridge drive resume {drive.id}",
            )
        ),
    )
    mailing.tell(
        ctx,
        unit,
        wish,
        subject=f"Drive of {drive.slug} {what}",
        text="\n".join(lines).rstrip() + "\n",
    )
