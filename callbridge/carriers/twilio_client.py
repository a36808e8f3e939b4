"""Placing, ending and listing calls by the carrier's REST API; knows no hook and no TwiML."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from callbridge.carriers.addresses import Addresses
from callbridge.carriers.refusals import NOT_FOUND, NOT_IN_PROGRESS
from callbridge.carriers.statuses import read_status
from callbridge.carriers.wire import Wire
from callbridge.domain.telephony import CarrierCall, PlaceOrder, TextOrder
from callbridge.errors import CarrierBusyError, CarrierRefusedError, CarrierUnknownError

# That a call is begun its create's own answer says, and where that was lost the first hook; that
# it rings changes nothing here, and that it is answered the voice hook says. Each event asked for
# is a request to this service, and the carrier counts it.
EVENTS = ("completed",)
# Waits before a request that was answered 429 is sent again, seconds, each shortened or
# lengthened by up to half so that many processes do not come back at once.
WAITS = (0.5, 1.0)
# The carrier's times have whole seconds and its clock may be behind ours.
SKEW = timedelta(seconds=5)
PAGE = 100  # the most that every compatible carrier takes

UNAUTHORIZED = 20003


class TwilioClient:
    """The calls of one account. Thread-safe; holds connections, so make one a process.

    `tokens` are tried in order where the carrier says 401, so that a token may be changed while
    the service runs; such a request was never processed.
    """

    def __init__(
        self,
        *,
        account: str,
        tokens: Sequence[str],
        addresses: Addresses,
        wire: Wire,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        # The client reads region and edge from the environment; the wire decides the host anyway.
        self._clients = [Client(account, token, http_client=wire) for token in tokens]
        self._addresses = addresses
        self._sleep = sleep
        self._chance = chance

    def get_ready(self) -> None:
        """Have the vendor's client load its parts, some ninety modules; asks nobody.

        It would do so within the first request, a third of a second from a cold disk, for which
        every other request of this process would wait, to leave together with it.
        """
        for client in self._clients:
            _ = client.calls

    def place(self, order: PlaceOrder) -> str:
        """Ring somebody and return the sid.

        Raises CarrierRefusedError (for good), CarrierBusyError (429 after two more tries, or no
        connection: certainly not processed), CarrierUnknownError (it may ring).
        """
        call = self._patiently(
            lambda client: client.calls.create(
                to=order.to,
                from_=order.from_,
                url=self._addresses.step(order.token, 0),
                method="POST",
                fallback_url=self._addresses.sorry(order.token),
                fallback_method="POST",
                status_callback=self._addresses.status(order.token),
                status_callback_method="POST",
                status_callback_event=list(EVENTS),
                timeout=order.ring,
                time_limit=order.time_limit,
            )
        )
        if not isinstance(call.sid, str) or not call.sid:
            raise CarrierUnknownError("The telephone company gave the call no name.")
        return call.sid

    def send_text(self, order: TextOrder) -> str:
        """Hand a text message over and return its sid; raises what `place` raises."""
        message = self._patiently(
            lambda client: client.messages.create(
                to=order.to,
                from_=order.from_,
                body=order.body,
                status_callback=self._addresses.text_status(order.token),
            )
        )
        if not isinstance(message.sid, str) or not message.sid:
            raise CarrierUnknownError("The telephone company gave the text no name.")
        return message.sid

    def hang_up(self, sid: str) -> None:
        """End a leg; one that is over or unknown is no error."""
        try:
            self._patiently(lambda client: client.calls(sid).update(status="completed"))
        except CarrierRefusedError as refused:
            if refused.code not in (NOT_FOUND, NOT_IN_PROGRESS):
                raise

    def fetch(self, sid: str) -> CarrierCall | None:
        """Return one leg, None when the carrier does not know it."""
        try:
            return _leg(self._patiently(lambda client: client.calls(sid).fetch()))
        except CarrierRefusedError as refused:
            if refused.code == NOT_FOUND:
                return None
            raise

    def find(self, *, to: str, from_: str, since: datetime) -> tuple[CarrierCall, ...]:
        """List legs between two numbers created at or after `since` (aware), in any state.

        No filter on state or start: a queued call has no start time (voice facts 1.3). Legs up to
        five seconds older count too, because of the carrier's clock; a sid that is bound to
        another call is the asker's to leave out.
        """
        earliest = since.astimezone(UTC) - SKEW
        legs = self._list(to=to, from_=from_)
        return tuple(leg for leg in legs if leg.created >= earliest)

    def children(self, sid: str) -> tuple[CarrierCall, ...]:
        """List the office legs of a supporter's leg."""
        return self._list(parent_call_sid=sid)

    def probe(self) -> None:
        """Ask for one page of one call: the cheapest request that needs the credentials."""
        self._patiently(lambda client: client.calls.page(page_size=1))

    def owns(self, number: str) -> bool | None:
        """Tell whether the account owns a number; None where this carrier cannot be asked."""
        try:
            found = self._patiently(
                lambda client: client.incoming_phone_numbers.list(phone_number=number, limit=1)
            )
        except CarrierRefusedError as refused:
            if refused.code == NOT_FOUND:
                return None
            raise
        return bool(found)

    def _list(self, **filters: str) -> tuple[CarrierCall, ...]:
        found = self._patiently(lambda client: client.calls.list(page_size=PAGE, **filters))
        return tuple(_leg(call) for call in found)

    def _patiently(self, ask: Callable[[Client], Any]) -> Any:
        """Ask, again after 429 while waits are left, and with the next token after 401."""
        waits = iter(WAITS)
        clients = iter(self._clients)
        client = next(clients)
        while True:
            try:
                with _readable():
                    return ask(client)
            except CarrierBusyError:
                if (wait := next(waits, None)) is None:
                    raise
                self._sleep(wait * (0.5 + self._chance()))
            except CarrierRefusedError as refused:
                following = next(clients, None) if refused.code == UNAUTHORIZED else None
                if following is None:
                    raise
                client = following


@contextmanager
def _readable() -> Iterator[None]:
    """Map an answer of 2xx that cannot be read: whatever was asked may have been done."""
    try:
        yield
    except (TwilioException, ValueError, TypeError, KeyError, AttributeError) as unreadable:
        raise CarrierUnknownError("The telephone company's answer makes no sense.") from unreadable


def _leg(call: Any) -> CarrierCall:
    status = read_status(str(call.status or ""))
    if status is None or not isinstance(call.date_created, datetime) or not call.sid:
        raise CarrierUnknownError("The telephone company's record of a call makes no sense.")
    return CarrierCall(
        sid=call.sid,
        parent_sid=call.parent_call_sid or None,
        to=str(call.to or ""),
        from_=str(call._from or ""),  # the vendor's one name for it
        status=status,
        created=call.date_created.astimezone(UTC),
        seconds=_seconds(call.duration),
        price=_price(call.price),
    )


def _price(price: object) -> float | None:
    """Read a price, which the carrier writes below 0 (voice facts); None while it has none."""
    try:
        found = abs(float(str(price)))
    except ValueError:
        return None
    return found if isfinite(found) else None


def _seconds(duration: object) -> int | None:
    """Read a duration, text at Twilio and a number elsewhere."""
    text = str(duration)
    return int(text) if text.isascii() and text.isdigit() else None
