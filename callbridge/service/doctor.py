"""Looks at everything a call needs and says what is wrong and what to do; repairs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from callbridge.domain.findings import Finding
from callbridge.domain.nouns import many
from callbridge.domain.records import AttemptState, CampaignState
from callbridge.service.context import Context
from callbridge.service.money.ceilings import views
from callbridge.service.storage import Unit
from callbridge.settings import is_loopback

OLD_DAYS = 45


def check(ctx: Context) -> list[Finding]:
    """Return the findings in the order a person should look at them."""
    found = [*_carrier(ctx), *_address(ctx), *_directory(ctx)]
    with ctx.store.reading() as unit:
        found += _campaigns(ctx, unit)
        found += _attempts(unit)
        found += _held(unit)
        found += _deliveries(unit)
    found += _money(ctx)
    return found


def _carrier(ctx: Context) -> Iterator[Finding]:
    if ctx.carrier is None:
        yield Finding(
            subject="carrier",
            well=False,
            sentence="No telephone company is set up: pages are shown, calls are refused.",
            advice="Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM, or run `up`.",
        )
        return
    where = "real telephones ring" if ctx.carrier.real else "only the browser phone rings"
    yield Finding(subject="carrier", well=True, sentence=f"{ctx.carrier.name}: {where}.")
    yield from ctx.carrier.examine()


def _address(ctx: Context) -> Iterator[Finding]:
    url = ctx.settings.public_url
    parts = urlsplit(url)
    if ctx.carrier is not None and ctx.carrier.real and is_loopback(url):
        yield Finding(
            subject="public address",
            well=False,
            sentence=f"The carrier cannot reach {url}: it is this machine's own.",
            advice="Set PUBLIC_URL to the address that the world reaches, with https.",
        )
    elif "_" in (parts.hostname or ""):
        yield Finding(
            subject="public address",
            well=False,
            sentence=f"{url} has an underscore in its host; carriers refuse such addresses.",
            advice="Set PUBLIC_URL to an address without one.",
        )
    elif parts.scheme != "https" and not is_loopback(url):
        yield Finding(
            subject="public address",
            well=False,
            sentence=f"{url} is not encrypted, so hooks and phone numbers travel in the clear.",
            advice="Put a certificate before it and set PUBLIC_URL to https://….",
        )
    else:
        yield Finding(subject="public address", well=True, sentence=f"{url}.")


def _directory(ctx: Context) -> Iterator[Finding]:
    # Old data of the Congress that sits still serves; what it lacks is worth an update, no alarm.
    today = ctx.clock.now().date()
    warning = ctx.directory.warning(today)
    age = (today - ctx.directory.as_of).days
    old = warning is not None or age > OLD_DAYS
    yield Finding(
        subject="directory",
        well=ctx.directory.fits(today),
        sentence=warning or f"Members as of {ctx.directory.as_of}, {age} days ago.",
        advice="Run `python -m callbridge directory update`." if old else "",
    )


def _campaigns(ctx: Context, unit: Unit) -> Iterator[Finding]:
    records = unit.campaigns.all()
    for record in records:
        ctx.shelf.campaign(unit, record.digest)
    live = sum(record.state is CampaignState.LIVE for record in records)
    if not live:
        yield Finding(
            subject="campaigns",
            well=False,
            sentence="No campaign is live.",
            advice="Run `python -m callbridge campaigns publish`.",
        )
    else:
        yield Finding(subject="campaigns", well=True, sentence=f"{live} of {len(records)} live.")


def _held(unit: Unit) -> Iterator[Finding]:
    why = unit.installation.read().why
    if why is not None:
        yield Finding(
            subject="dialing",
            well=False,
            sentence=why,
            advice="When that is right again: `python -m callbridge dialing resume`.",
        )


def _money(ctx: Context) -> Iterator[Finding]:
    ceilings = [view for view in views(ctx) if view.ceiling.any]
    for view in ceilings:
        if view.spent is not None:
            yield Finding(
                subject="budget",
                well=False,
                sentence=f"{view.spent.sentence} No call of it starts.",
                advice="Look with `python -m callbridge budget`; `budget set` sets another.",
            )
    if ceilings and all(view.spent is None for view in ceilings):
        yield Finding(subject="budget", well=True, sentence="There is money for the next call.")
    if not ceilings and ctx.carrier is not None and ctx.carrier.real:
        yield Finding(
            subject="budget",
            well=True,
            sentence="Calls may cost as much as comes.",
            advice="Set BUDGET_DAY, so that a mistake costs no more than that.",
        )


def _deliveries(unit: Unit) -> Iterator[Finding]:
    dead = sum(view.dead for view in unit.outbox.views().values())
    if dead:
        yield Finding(
            subject="deliveries",
            well=True,
            sentence=f"{dead} webhooks or mails of the last month were given up.",
            advice="Look with `python -m callbridge webhooks list`, or at the health page.",
        )


def _attempts(unit: Unit) -> Iterator[Finding]:
    unknown = unit.attempts.count(AttemptState.UNKNOWN)
    if unknown:
        yield Finding(
            subject="dialer",
            well=False,
            sentence=f"Not settled yet: {many(unknown, 'call')} that may have rung.",
            advice="See that `python -m callbridge dialer` runs: it asks the carrier.",
        )
    else:
        yield Finding(subject="dialer", well=True, sentence="No call is unsettled.")
