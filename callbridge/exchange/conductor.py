"""Runs documents on a leg: fetches, falls back, performs verb after verb; dials nothing itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urljoin

from callbridge.exchange import params, speech
from callbridge.exchange.account import Account
from callbridge.exchange.clock import Clock
from callbridge.exchange.codes import Trouble
from callbridge.exchange.hooks import Hook, Kind, Sender
from callbridge.exchange.inbox import Diverted, Gone, Happening, Key
from callbridge.exchange.journal import Journal
from callbridge.exchange.keypad import Keypad, Submit
from callbridge.exchange.legs import Caption, Direction, Leg, Status, Target
from callbridge.exchange.lines import Lines
from callbridge.exchange.params import Pairs
from callbridge.exchange.reading import Document, read_document, read_reply
from callbridge.exchange.switches import Switches
from callbridge.exchange.wire import Failure, Outcome
from twiml import (
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Prompt,
    Redirect,
    Reject,
    Response,
    Say,
    Verb,
)

MOST_DOCUMENTS = 200
APOLOGY = "We are sorry, something went wrong with this call. Goodbye."
DETECTION_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """Go on with the document from there; `extra` are the parameters besides the standard ones."""

    target: Target
    kind: Kind
    extra: Pairs = ()


class Stop(Enum):
    """Run nothing more: the leg ended, or a verb ends it."""

    ENDED = "ended"


Step = Fetch | Stop | None
"""What follows a verb: another document, nothing, or (None) the next verb."""

DialRunner = Callable[["Conductor", Leg, Dial, str], Awaitable[Step]]


@dataclass(slots=True, kw_only=True)
class Conductor:
    """Carries a leg through its documents. `dial` runs the one verb that rings other people."""

    account: Account
    clock: Clock
    journal: Journal
    sender: Sender
    lines: Lines
    switches: Switches
    dial: DialRunner

    async def run(self, leg: Leg, fetch: Fetch) -> None:
        """Run documents until verbs or leg end; then end the leg."""
        if leg.amd and leg.answered_by is not None:
            await self.listen(leg, DETECTION_SECONDS)
        await self.documents(leg, fetch)
        if leg.status is Status.RINGING and leg.direction is Direction.INBOUND:
            self.lines.answer(leg)
        self.lines.finish(leg, Status.COMPLETED, by="document")

    async def documents(self, leg: Leg, fetch: Fetch, *, whisper: bool = False) -> None:
        """Run documents until verbs run out, without ending the leg (but Hangup does)."""
        for _ in range(MOST_DOCUMENTS):
            document = await self._document(leg, fetch)
            if leg.over:
                return
            step = await self._perform(leg, document, whisper=whisper)
            if not isinstance(step, Fetch):
                return
            fetch = step
        self.journal.warn(Trouble.LOOP, f"more than {MOST_DOCUMENTS} documents", call=leg.call_sid)

    async def listen(self, leg: Leg, seconds: float | None) -> Happening | None:
        """Wait on a leg; None when the time is over. Only keys, an end or a diversion count."""
        end = None if seconds is None else self.clock.seconds() + seconds
        while True:
            left = None if end is None else max(end - self.clock.seconds(), 0.0)
            happening = await leg.inbox.get(self.clock, left)
            if happening is None or isinstance(happening, Key | Gone | Diverted):
                return happening

    async def hear(self, leg: Leg, prompt: Prompt, *, keys_count: bool = False) -> Happening | None:
        """Let a prompt be heard; return what interrupted it, None when it ended by itself.

        Keys interrupt only where they count: inside a Gather. Elsewhere they are lost.
        """
        line = speech.line(prompt)
        caption = Caption(
            text=line.text,
            seconds=line.seconds,
            started=self.clock.seconds(),
            voice=line.voice,
            language=line.language,
            keys_count=keys_count,
        )
        leg.caption = caption
        self.journal.note(
            "say",
            call=leg.call_sid,
            leg=leg.sid,
            text=line.text,
            seconds=round(line.seconds, 2),
            voice=line.voice,
            language=line.language,
            recording=line.url,
            keys_count=keys_count,
        )
        self.lines.audience.heard(leg, caption)
        end = self.clock.seconds() + line.seconds
        happening = await self.listen(leg, line.seconds)
        while isinstance(happening, Key) and not keys_count:
            happening = await self.listen(leg, end - self.clock.seconds())
        leg.caption = None
        return happening

    def interrupted(self, happening: Happening | None) -> Step:
        """Turn what interrupted a verb into what follows it."""
        if isinstance(happening, Diverted):
            return Fetch(target=happening.target, kind=Kind.REDIRECT)
        return Stop.ENDED if isinstance(happening, Gone) else None

    async def _document(self, leg: Leg, fetch: Fetch) -> Document:
        """Get a document, from the fallback address if need be, else the carrier's apology."""
        document = await self._read(leg, fetch)
        if isinstance(document, Failure) and leg.fallback is not None and not leg.over:
            extra = fetch.extra + params.failed(document.code, fetch.target.url)
            fallback = Fetch(target=leg.fallback, kind=Kind.FALLBACK, extra=extra)
            document = await self._read(leg, fallback)
        if isinstance(document, Failure):
            self.journal.note("apology", call=leg.call_sid, leg=leg.sid, code=int(document.code))
            return Document(response=Response((Say(APOLOGY), Hangup())), url="")
        for problem in document.problems:
            self.journal.warn(
                problem.code,
                f"{problem.where}: {problem.message}",
                call=leg.call_sid,
                url=document.url,
            )
        return document

    async def _read(self, leg: Leg, fetch: Fetch) -> Document | Failure:
        target = fetch.target
        if target.inline is not None:
            return read_document(target.inline, "", checked=self.switches.checked)
        outcome = await self.post(leg, fetch)
        if isinstance(outcome, Failure):
            return outcome
        read = read_reply(outcome, checked=self.switches.checked)
        if isinstance(read, Failure):
            self.journal.warn(read.code, read.sentence, call=leg.call_sid, url=target.url)
        return read

    async def post(self, leg: Leg, fetch: Fetch) -> Outcome:
        """Send the hook that a fetch stands for."""
        return await self.sender.send(
            Hook(
                kind=fetch.kind,
                url=fetch.target.url,
                method=fetch.target.method,
                params=params.standard(leg, self.account.sid) + fetch.extra,
                call=leg.call_sid,
                leg=leg.sid,
                number=leg.person_number,
            )
        )

    async def _perform(self, leg: Leg, document: Document, *, whisper: bool) -> Step:
        for place, verb in enumerate(document.response.verbs):
            if not self._picked_up(leg, verb, first=place == 0):
                return Stop.ENDED
            if whisper and isinstance(verb, Dial):
                self.journal.warn(Trouble.WHISPER_DIAL, "Dial in a whisper", call=leg.call_sid)
                return Stop.ENDED
            step = await self._verb(leg, verb, document.url)
            if step is not None:
                return step
        return Stop.ENDED

    def _picked_up(self, leg: Leg, verb: Verb, *, first: bool) -> bool:
        """Answer an inbound leg at its first verb (Reject refuses it); False when it is over."""
        if leg.status is Status.RINGING:
            if isinstance(verb, Reject) and first:
                busy = verb.reason == "busy"
                self.lines.finish(leg, Status.BUSY if busy else Status.FAILED, by="document")
            elif not (isinstance(verb, Dial) and verb.answer_on_bridge):
                self.lines.answer(leg)
        return not leg.over

    async def _verb(self, leg: Leg, verb: Verb, base: str) -> Step:
        match verb:
            case Say() | Play() | Pause():
                return self.interrupted(await self.hear(leg, verb))
            case Gather():
                return await self._gather(leg, verb, base)
            case Dial():
                return await self.dial(self, leg, verb, base)
            case Redirect(url=url, method=method):
                return Fetch(
                    target=Target(url=urljoin(base, url), method=method or "POST"),
                    kind=Kind.REDIRECT,
                )
            case Hangup() | Reject():
                self.lines.finish(leg, Status.COMPLETED, by="document")
                return Stop.ENDED

    async def _gather(self, leg: Leg, verb: Gather, base: str) -> Step:
        keypad = Keypad(
            num_digits=verb.num_digits,
            finish_on_key="#" if verb.finish_on_key is None else verb.finish_on_key,
            timeout=5.0 if verb.timeout is None else float(verb.timeout),
            on_empty=bool(verb.action_on_empty_result),
        )
        leg.inbox.drop_keys()
        self._open(leg, keypad, verb)
        result = await self._collect(leg, keypad, verb)
        leg.awaiting = None
        self.journal.note("gathered", call=leg.call_sid, leg=leg.sid, result=_word(result))
        if isinstance(result, Submit):
            url = urljoin(base, verb.action) if verb.action else base
            target = Target(url=url, method=verb.method or "POST")
            extra = params.gathered(result.digits, empty=self.switches.empty_digits)
            return Fetch(target=target, kind=Kind.ACTION, extra=extra)
        return result

    def _open(self, leg: Leg, keypad: Keypad, verb: Gather) -> None:
        prompt = " ".join(child.text for child in verb.children if isinstance(child, Say))
        leg.awaiting = {
            "num_digits": keypad.num_digits,
            "finish_on_key": keypad.finish_on_key,
            "timeout": keypad.timeout,
            "digits": "",
        }
        self.journal.note(
            "gather", call=leg.call_sid, leg=leg.sid, prompt=prompt, awaiting=dict(leg.awaiting)
        )
        self.lines.audience.asked(leg, prompt, num_digits=keypad.num_digits)

    async def _collect(self, leg: Leg, keypad: Keypad, verb: Gather) -> Submit | Step:
        """Hear the prompts until a key silences them, then collect keys."""
        happening: Happening | None = None
        for child in verb.children:
            happening = await self.hear(leg, child, keys_count=True)
            if happening is not None:
                break
        if happening is None:
            happening = await self.listen(leg, keypad.timeout)
        while True:
            if isinstance(happening, Key):
                result = keypad.press(happening.key)
            elif happening is None:
                result = keypad.silence()
            else:
                return self.interrupted(happening)
            if isinstance(result, Submit):
                return result
            if not isinstance(result, Keypad):
                return None
            keypad = result
            if leg.awaiting is not None:
                leg.awaiting["digits"] = keypad.digits
            happening = await self.listen(leg, keypad.timeout)


def _word(result: Submit | Step) -> str:
    match result:
        case Submit(digits=digits):
            return f"digits {digits}" if digits else "silence"
        case None:
            return "nothing"
        case _:
            return "interrupted"
