"""Instructions to TwiML: what a call does next, in the carrier's language; decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import twiml
from callbridge.carriers.addresses import Addresses
from callbridge.domain.campaign import CallerId
from callbridge.domain.instructions import Ask, Bridge, HangUp, Instruction, Say
from callbridge.domain.telephony import Hook, Reply

# The accents our languages are spoken with; another language goes as it is.
LOCALES = {"en": "en-US", "es": "es-US"}
# What the carrier lets us show: a number of the North American plan.
_DIALABLE = re.compile(r"\+1[2-9][0-9]{2}[2-9][0-9]{6}")
SHORTEST_RING = 5  # seconds; Dial's own bound (voice facts 3.5)
_TYPE = "text/xml; charset=utf-8"


class Speaker:
    """Writes documents. `voices` are the carrier's, by language; `number` is ours, E.164."""

    def __init__(self, *, addresses: Addresses, voices: Mapping[str, str], number: str) -> None:
        self._addresses = addresses
        self._voices = dict(voices)
        self._number = number

    def reply(
        self, instructions: Sequence[Instruction], *, hook: Hook, token: str, step: int
    ) -> Reply:
        """Write a document whose keys and bridges come back to `/voice/<token>/<step>`.

        The same instructions and step always give the same bytes.
        """
        verbs = [
            verb
            for instruction in instructions
            for verb in self._verbs(instruction, hook=hook, token=token, step=step)
        ]
        return _reply(twiml.Response(tuple(verbs)))

    def sorry(self, text: str, *, language: str) -> Reply:
        """Say `text` and end the call."""
        spoken = self._spoken(Say(text=text, language=language), token="")
        return _reply(twiml.Response((*spoken, twiml.Hangup())))

    def _verbs(
        self, instruction: Instruction, *, hook: Hook, token: str, step: int
    ) -> Iterator[twiml.Verb]:
        match instruction:
            case Say():
                yield from self._spoken(instruction, token=token)
            case Ask():
                yield self._gather(instruction, token=token, step=step)
            case Bridge():
                yield self._dial(instruction, hook=hook, token=token, step=step)
            case HangUp():
                yield twiml.Hangup()

    def _spoken(self, say: Say, *, token: str) -> Iterator[twiml.Say | twiml.Play]:
        """Speak in pieces that the voice takes; an empty text is an error to the carrier."""
        if say.audio is not None:
            yield twiml.Play(self._addresses.recording(token, say.audio))
            return
        voice = self._voices.get(say.language)
        locale = LOCALES.get(say.language, say.language)
        for piece in twiml.split_text(_clean(say.text), limit=twiml.text_limit(voice)):
            yield twiml.Say(piece.strip(), voice=voice, language=locale)

    def _gather(self, ask: Ask, *, token: str, step: int) -> twiml.Gather:
        children = tuple(verb for say in ask.say for verb in self._spoken(say, token=token))
        return twiml.Gather(
            children,
            action=self._addresses.step(token, step),
            num_digits=ask.digits,
            # "" where no key ends the entry: the carrier's own default is #.
            finish_on_key=ask.finish_on,
            timeout=ask.seconds,
            action_on_empty_result=True if ask.report_silence else None,
        )

    def _dial(self, bridge: Bridge, *, hook: Hook, token: str, step: int) -> twiml.Dial:
        office = twiml.Number(
            bridge.phone,
            status_callback=self._addresses.status(token),
            status_callback_event=("answered", "completed"),
        )
        return twiml.Dial(
            (office,),
            action=self._addresses.step(token, step),
            timeout=max(bridge.ring, SHORTEST_RING),
            time_limit=bridge.seconds,
            caller_id=self._shown(bridge.show, hook),
            hangup_on_star=True,
        )

    def _shown(self, show: CallerId, hook: Hook) -> str:
        """Choose the number the office sees; both sides of this call's hook are permitted.

        The campaign's number is our side of the call: it was placed from there, or rang there.
        A supporter who withheld theirs is shown as the campaign.
        """
        supporter, ours = (hook.from_, hook.to) if hook.inbound else (hook.to, hook.from_)
        if show is CallerId.SUPPORTER and _DIALABLE.fullmatch(supporter):
            return supporter
        return ours if _DIALABLE.fullmatch(ours) else self._number


@cache
def acknowledgement() -> Reply:
    """Return the empty document that answers a status callback."""
    return _reply(twiml.Response(()))


def _reply(response: twiml.Response) -> Reply:
    return Reply(body=twiml.render(response).encode(), content_type=_TYPE)


def _clean(text: str) -> str:
    """Put one space for any white space, and drop what is neither spoken nor allowed in XML."""
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c.isspace())
    return " ".join(text.split())
