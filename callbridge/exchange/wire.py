"""One request of a hook on the wire: signed, sent, its answer judged; neither retries nor logs."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from callbridge.exchange import delivery, signing
from callbridge.exchange.account import Account
from callbridge.exchange.codes import Trouble
from callbridge.exchange.delivery import Retry, RetryRule
from callbridge.exchange.faults import AnyFault, HookFault
from callbridge.exchange.params import Pairs

Strikes = frozenset[AnyFault]

_CHUNK = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the application answered, and at which address (after redirects)."""

    status: int
    content_type: str
    body: bytes
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no usable answer: Twilio's code, the reason for retries, a sentence."""

    code: Trouble
    sentence: str
    reason: Retry | None = None
    status: int | None = None


Outcome = Reply | Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One request to make. `left` is how many seconds of the wall the whole delivery still has."""

    method: str
    url: str
    params: Pairs
    rule: RetryRule
    token: str
    strikes: Strikes
    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What one request came to. `location` is where a redirect leads; `seconds` are the wall's."""

    url: str
    outcome: Outcome
    seconds: float = 0.0
    location: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the attempt as the log shows it."""
        return {
            "url": self.url,
            "seconds": round(self.seconds, 4),
            "status": self.outcome.status,
            "problem": self.outcome.sentence if isinstance(self.outcome, Failure) else "",
            "headers": self.headers,
        }


async def shoot(session: aiohttp.ClientSession, account: Account, shot: Shot) -> Attempt:
    """Make one request; every failure of the network comes back as a Failure."""
    began = time.monotonic()
    get = shot.method == "GET"
    wire = delivery.request_url(shot.url, query=shot.params if get else ())
    headers = _headers(account, wire, () if get else shot.params, shot)
    body = b"" if get else delivery.form_encoded(shot.params).encode()
    location = ""
    try:
        if HookFault.RESET in shot.strikes:
            outcome: Outcome = await _broken_off(wire, headers, body)
        else:
            outcome, location = await _request(session, shot, wire, headers=headers, body=body)
    except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
        outcome = Failure(code=Trouble.CONNECTION, reason=Retry.CONNECT, sentence=str(error))
    except TimeoutError:
        outcome = Failure(code=Trouble.RETRIEVAL, reason=Retry.READ, sentence="no answer in time")
    except (aiohttp.ServerConnectionError, OSError) as error:
        sentence = f"broken off: {error}"
        outcome = Failure(code=Trouble.CONNECTION, reason=Retry.READ, sentence=sentence)
    except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError) as error:
        outcome = Failure(code=Trouble.PROTOCOL, reason=Retry.READ, sentence=str(error))
    return Attempt(
        url=wire,
        outcome=outcome,
        seconds=time.monotonic() - began,
        location=location,
        headers=headers,
    )


async def _request(
    session: aiohttp.ClientSession,
    shot: Shot,
    wire: str,
    *,
    headers: dict[str, str],
    body: bytes,
) -> tuple[Outcome, str]:
    timeout = aiohttp.ClientTimeout(
        total=shot.left, sock_connect=shot.rule.connect, sock_read=shot.rule.read
    )
    async with session.request(
        shot.method,
        URL(wire, encoded=True),
        data=body or None,
        headers=headers,
        timeout=timeout,
        allow_redirects=False,
    ) as response:
        outcome = _judged(response, await _body(response), wire)
        redirected = 300 <= response.status < 400
        return outcome, response.headers.get("Location", "") if redirected else ""


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """Read the body, but not far over the limit."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_chunked(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > delivery.LARGEST_BODY:
            break
    return b"".join(chunks)


async def _broken_off(wire: str, headers: dict[str, str], body: bytes) -> Failure:
    """Send a whole POST and break the connection without waiting for an answer."""
    url = URL(wire, encoded=True)
    _, writer = await asyncio.open_connection(url.host, url.port)
    lines = [f"POST {url.raw_path_qs} HTTP/1.1", f"Host: {url.authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    writer.write("\r\n".join(lines).encode() + body)
    await writer.drain()
    writer.transport.abort()
    return Failure(code=Trouble.CONNECTION, reason=Retry.READ, sentence="reset on purpose")


def _headers(account: Account, wire: str, form: Pairs, shot: Shot) -> dict[str, str]:
    key = account.signing_key()
    if HookFault.WRONG_TOKEN in shot.strikes:
        key = account.secondary or "somebody-else's-token"
    signed = signing.headers(
        wire, form, key=key, scheme=account.scheme, key_id=account.shared_key_id
    )
    if HookFault.BAD_SIGNATURE in shot.strikes:
        signed[signing.SIGNATURE_HEADER] = signed[signing.SIGNATURE_HEADER][::-1]
    if HookFault.NO_SIGNATURE in shot.strikes:
        signed = {}
    return {
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "I-Twilio-Idempotency-Token": shot.token,
        **signed,
    }


def _judged(response: aiohttp.ClientResponse, body: bytes, url: str) -> Outcome:
    """Tell an answer from a failure by its status and size."""
    status = response.status
    if status >= 400:
        reason = Retry.SERVER_ERROR if status >= 500 else Retry.CLIENT_ERROR
        sentence = f"answered {status}"
        return Failure(code=Trouble.RETRIEVAL, reason=reason, sentence=sentence, status=status)
    if len(body) > delivery.LARGEST_BODY:
        return Failure(code=Trouble.TOO_LARGE, sentence="answered over 64 kB", status=status)
    content_type = response.headers.get("Content-Type", "")
    return Reply(status=status, content_type=content_type, body=body, url=url)
