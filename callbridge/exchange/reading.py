"""An answer to a hook, read as a document or as a fault; runs nothing.

Source: Twilio's rules for content types; plain text that is no document is read aloud, a
recording is played, and both end the call.
"""

from __future__ import annotations

from dataclasses import dataclass

import twiml
from callbridge.exchange.codes import Trouble
from callbridge.exchange.wire import Failure, Reply
from twiml import Hangup, Play, Problem, Response, Say, TwimlError

_DOCUMENT_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Verbs to run; addresses in them are relative to `url`. `problems` are warnings."""

    response: Response
    url: str
    body: str = ""
    problems: tuple[Problem, ...] = ()


def read_reply(reply: Reply, *, checked: bool) -> Document | Failure:
    """Read what the application answered; with `checked`, list all the carrier would warn of."""
    media = reply.content_type.partition(";")[0].strip().lower()
    if not media:
        return _failure(Trouble.RETRIEVAL, "answered without a Content-Type", reply)
    if media.startswith("audio/"):
        return Document(response=Response((Play(reply.url), Hangup())), url=reply.url)
    if media == "text/plain":
        read = read_document(reply.body, reply.url, checked=checked)
        if isinstance(read, Document):
            return read
        text = reply.body.decode(errors="replace")
        return Document(response=Response((Say(text), Hangup())), url=reply.url, body=text)
    if media not in _DOCUMENT_TYPES:
        return _failure(Trouble.CONTENT_TYPE, f"answered with {media}", reply)
    return read_document(reply.body, reply.url, checked=checked)


def read_document(body: bytes | str, url: str, *, checked: bool) -> Document | Failure:
    """Read TwiML leniently, as the carrier runs it."""
    try:
        response, problems = twiml.parse_leniently(body)
    except TwimlError as error:
        problem = error.problems[0]
        return Failure(code=Trouble(problem.code), sentence=problem.message)
    if checked:
        problems += twiml.check(response, parsed=True)
    text = body if isinstance(body, str) else body.decode(errors="replace")
    return Document(response=response, url=url, body=text, problems=problems)


def _failure(code: Trouble, sentence: str, reply: Reply) -> Failure:
    return Failure(code=code, sentence=sentence, status=reply.status)
