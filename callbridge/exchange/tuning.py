"""The control API's knobs: people, faults, clock, account, switches; JSON."""

from __future__ import annotations

from aiohttp import web

from callbridge.exchange.answers import (
    ControlRefusedError,
    answer,
    read_any,
    read_object,
    safe,
)
from callbridge.exchange.behaviours import OFFICES, SUPPORTERS, read_behaviour
from callbridge.exchange.faults import KINDS
from callbridge.exchange.legs import End
from callbridge.exchange.signing import Scheme
from callbridge.exchange.switchboard import Exchange


class Tuning:
    """The handlers for everything that can be set."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/exchange/people", safe(self.people)),
            web.put("/exchange/people/{number}", safe(self.assign)),
            web.delete("/exchange/people/{number}", safe(self.unassign)),
            web.put("/exchange/mix/{end}", safe(self.mix)),
            web.get("/exchange/faults", safe(self.faults)),
            web.post("/exchange/faults", safe(self.add_fault)),
            web.delete("/exchange/faults", safe(self.clear_faults)),
            web.get("/exchange/settings", safe(self.settings)),
            web.patch("/exchange/settings", safe(self.change)),
            web.post("/exchange/tokens/promote", safe(self.promote)),
        ]

    async def people(self, _: web.Request) -> web.Response:
        """Show every behaviour there is and who has which."""
        people = self.exchange.people
        return answer(
            {
                "supporters": {name: one.as_json() for name, one in SUPPORTERS.items()},
                "offices": {name: one.as_json() for name, one in OFFICES.items()},
                "assigned": {
                    number: [one.as_json() for one in row]
                    for number, row in people.assigned.items()
                },
                "mixes": {
                    end.value: {one.name: weight for one, weight in mix}
                    for end, mix in people.mixes.items()
                },
            }
        )

    async def assign(self, request: web.Request) -> web.Response:
        """Give a number a behaviour, or a list of them, one a call."""
        value = await read_any(request)
        row = [read_behaviour(one) for one in (value if isinstance(value, list) else [value])]
        if not row:
            raise ControlRefusedError("name one behaviour or more")
        self.exchange.people.assign(request.match_info["number"], *row)
        return answer({"assigned": [one.as_json() for one in row]})

    async def unassign(self, request: web.Request) -> web.Response:
        """Take a number's behaviour away."""
        self.exchange.people.assigned.pop(request.match_info["number"], None)
        return web.Response(status=204)

    async def mix(self, request: web.Request) -> web.Response:
        """Let chance choose for one end: names with weights, and a seed if given."""
        try:
            end = End(request.match_info["end"])
        except ValueError:
            raise ControlRefusedError("the ends are supporter and office", 404) from None
        body = await read_object(request)
        known = SUPPORTERS if end is End.SUPPORTER else OFFICES
        weights = {str(name): float(weight) for name, weight in body.get("weights", {}).items()}
        if unknown := weights.keys() - known.keys():
            raise ControlRefusedError(f"there is no {', '.join(sorted(unknown))}")
        if "seed" in body:
            self.exchange.people.reseed(int(body["seed"]))
        if weights:
            self.exchange.people.mix(end, weights, known)
        else:
            self.exchange.people.mixes.pop(end, None)
        return answer({"weights": weights})

    async def faults(self, _: web.Request) -> web.Response:
        """Show the rules in force."""
        rules = [rule.as_json() for rule in self.exchange.faults.rules]
        return answer({"faults": rules, "kinds": sorted(KINDS)})

    async def add_fault(self, request: web.Request) -> web.Response:
        """Put a rule in force."""
        body = await read_object(request)
        kind = KINDS.get(str(body.get("kind")))
        if kind is None:
            raise ControlRefusedError(f"kind is one of {', '.join(sorted(KINDS))}")
        times = body.get("times", 1)
        rule = self.exchange.faults.add(
            kind,
            where={str(name): str(value) for name, value in body.get("where", {}).items()},
            skip=int(body.get("skip", 0)),
            times=None if times is None else int(times),
            rate=float(body.get("rate", 1.0)),
            seconds=float(body.get("seconds", 5.0)),
        )
        if "seed" in body:
            self.exchange.faults.reseed(int(body["seed"]))
        return answer(rule.as_json(), 201)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Lift one rule (`?id=`) or all."""
        id_ = request.query.get("id")
        self.exchange.faults.clear(None if id_ is None else int(id_))
        return web.Response(status=204)

    async def settings(self, _: web.Request) -> web.Response:
        """Show clock, account and switches."""
        account = self.exchange.account
        return answer(
            {
                **self.exchange.switches.as_json(),
                "speed": self.exchange.clock.speed,
                "patient": self.exchange.clock.patient,
                "scheme": account.scheme.value,
                "trial": account.trial,
                "verified": sorted(account.verified),
                "landlines": sorted(account.landlines),
                "unreachable": sorted(account.unreachable),
                "calls_per_second": account.calls_per_second,
                "most_calls": account.most_calls,
                "permitted": list(account.permitted),
                "barred": list(account.barred),
                "secondary_token": account.secondary is not None,
            }
        )

    async def change(self, request: web.Request) -> web.Response:
        """Change clock, account and switches; all or nothing is not promised."""
        body, account = await read_object(request), self.exchange.account
        if "speed" in body:
            self.exchange.clock.set_speed(float(body.pop("speed")))
        if "patient" in body:
            self.exchange.clock.patient = bool(body.pop("patient"))
        if "scheme" in body:
            account.scheme = Scheme(str(body.pop("scheme")))
        for name in ("verified", "landlines", "unreachable"):
            if name in body:
                setattr(account, name, {str(number) for number in body.pop(name)})
        if "secondary_token" in body:
            account.secondary = body.pop("secondary_token")
        for name in ("trial", "calls_per_second", "most_calls"):
            if name in body:
                setattr(account, name, body.pop(name))
        for name in ("permitted", "barred"):
            if name in body:
                setattr(account, name, tuple(body.pop(name)))
        self.exchange.switches.change(body)
        return await self.settings(request)

    async def promote(self, _: web.Request) -> web.Response:
        """Make the secondary token the one that signs."""
        self.exchange.account.promote()
        return answer({"promoted": True})
