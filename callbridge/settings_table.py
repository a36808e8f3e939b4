"""The one table of settings: name, cast, default, help; reads none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callbridge import casts


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: `default` is text as it would stand in `.env`; a secret is never printed."""

    name: str
    cast: Callable[[str], object]
    default: str
    help: str
    secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL",
        casts.text,
        "sqlite:///instance/callbridge.sqlite3",
        "SQLite file or PostgreSQL (postgresql://…).",
        secret=True,
    ),
    Setting(
        "PUBLIC_URL",
        casts.url,
        "http://127.0.0.1:8080",
        "The address the carrier and supporters reach; hooks are verified against it.",
    ),
    Setting(
        "TRUSTED_PROXIES",
        casts.whole,
        "0",
        "How many proxies of yours stand in front (for the supporter's network address).",
    ),
    Setting(
        "SECRET_KEY",
        casts.secrets,
        "",
        "Signs sign-in cookies; 32 characters or more; comma-separated while rotating.",
        secret=True,
    ),
    Setting(
        "PHONE_KEYS",
        casts.secrets,
        "",
        "Encrypts and hashes phone numbers; 32 characters or more; newest first while rotating.",
        secret=True,
    ),
    Setting("TWILIO_ACCOUNT_SID", casts.text, "", "The carrier account (AC…)."),
    Setting(
        "TWILIO_AUTH_TOKEN",
        casts.names,
        "",
        "The carrier's token; comma-separated while rotating, the current one first.",
        secret=True,
    ),
    Setting(
        "TWILIO_SHARED_KEYS",
        casts.pairs,
        "",
        "Keys that hooks may be signed with instead of the token, as id=secret, comma-separated.",
        secret=True,
    ),
    Setting("TWILIO_FROM", casts.text, "", "The number calls come from, E.164 (+1…)."),
    Setting(
        "TEXT_FROM",
        casts.text,
        "",
        "The number that text messages come from, E.164; empty: none are sent.",
    ),
    Setting(
        "TWILIO_API_URL",
        casts.optional_url,
        "",
        "Another TwiML-compatible carrier, or the exchange on loopback; empty: Twilio.",
    ),
    Setting("ORGANIZATION", casts.text, "callbridge demonstration", "Who is calling, as spoken."),
    Setting(
        "ORGANIZATION_PHONE",
        casts.text,
        "+12025550199",
        "The organization's own number, said at the end; E.164.",
    ),
    Setting("CALLBRIDGE_CAMPAIGNS", casts.folder, "campaigns", "Folder of campaign documents."),
    Setting(
        "CALLBRIDGE_DIRECTORY",
        casts.folder,
        "instance/directory",
        "Folder where an updated directory is kept; the shipped one serves until then.",
    ),
    Setting("CALLBRIDGE_REHEARSALS", casts.folder, "instance/rehearsals", "Folder of rehearsals."),
    Setting(
        "DIRECTORY_UPDATE",
        casts.whether,
        "real",
        "Fetch the directory daily: yes, no, or real (only where real telephones ring).",
    ),
    Setting(
        "CALLS_PER_SECOND", casts.rate, "1", "How many calls may start a second, by every door."
    ),
    Setting("LEASE_SECONDS", casts.whole, "90", "How long a dialer may hold an attempt."),
    Setting(
        "UNKNOWN_CHECKS",
        casts.seconds,
        "30,120,600",
        "When to ask the carrier about a call that may have rung, seconds after the request.",
    ),
    Setting("OFFICE_MAX_CALLS", casts.whole, "4", "Calls of ours at one office at once."),
    Setting(
        "OFFICE_CALLS_PER_MINUTE", casts.whole, "6", "Calls of ours started at one office a minute."
    ),
    Setting(
        "OFFICE_REST_SECONDS",
        casts.whole,
        "900",
        "Rest of a number reported full or dead, seconds.",
    ),
    Setting("LIMIT_NUMBER_HOUR", casts.whole, "2", "Calls to one supporter's number in an hour."),
    Setting("LIMIT_NUMBER_DAY", casts.whole, "5", "Calls to one supporter's number in a day."),
    Setting(
        "LIMIT_NETWORK_HOUR", casts.whole, "30", "Calls asked for by one /24 or /56 in an hour."
    ),
    Setting("LIMIT_CAMPAIGN_MINUTE", casts.whole, "600", "Calls of one campaign in a minute."),
    Setting("LIMIT_LOOKUP_MINUTE", casts.whole, "60", "ZIP lookups of one network in a minute."),
    Setting(
        "CALLS_IN_PROGRESS", casts.whole, "1000", "Calls of drives at once, all drives together."
    ),
    Setting(
        "CAMPAIGN_CALLS_IN_PROGRESS", casts.whole, "500", "Calls of drives at once, a campaign."
    ),
    Setting("DRIVE_CALLS_IN_PROGRESS", casts.whole, "200", "Calls of a new drive at once."),
    Setting(
        "DRIVE_CONFIRM",
        casts.whole,
        "1000",
        "A drive over more people than this needs two to start it.",
    ),
    Setting(
        "DRIVE_RAMP_SECONDS",
        casts.whole,
        "120",
        "How long a drive takes from a tenth to all its calls.",
    ),
    Setting("LIST_DAYS", casts.whole, "1", "Days after a drive when its list is erased."),
    Setting("DIALS_AT_ONCE", casts.whole, "16", "Requests to the carrier at once, each dialer."),
    Setting("MINUTE_PRICE", casts.price, "0.014", "What a started minute to a supporter costs."),
    Setting(
        "OFFICE_MINUTE_PRICE", casts.price, "0.014", "What a started minute to an office costs."
    ),
    Setting("BUDGET_DAY", casts.ceiling, "", "Money for all calls of a day; empty: no ceiling."),
    Setting("BUDGET_TOTAL", casts.ceiling, "", "Money for all calls ever; empty: no ceiling."),
    Setting("BUDGET_AREA_DAY", casts.ceiling, "", "Money for calls to one area code in a day."),
    Setting("LIMIT_AREA_DAY", casts.limit, "", "Calls to one area code in a day; empty: any."),
    Setting("BUDGET_HOLD_MINUTES", casts.whole, "5", "Minutes whose price a claim holds."),
    Setting(
        "PHONE_REGIONS",
        casts.names,
        "US,PR,VI,GU,AS,MP",
        "Regions whose numbers may be rung (ISO codes).",
    ),
    Setting("RING_SECONDS", casts.whole, "25", "How long a supporter's phone rings."),
    Setting(
        "CALL_SECONDS", casts.whole, "3600", "The longest call, all offices together, seconds."
    ),
    Setting(
        "VOICES",
        casts.pairs,
        "en=Polly.Joanna-Neural,es=Polly.Lupe-Neural",
        "The carrier's voice for each language.",
    ),
    Setting(
        "CENSUS_URL",
        casts.optional_url,
        "https://geocoding.geo.census.gov",
        "Geocoder that narrows a split ZIP by street address; empty: off.",
    ),
    Setting(
        "METRICS_TOKEN",
        casts.secrets,
        "",
        "Lets a machine elsewhere read /metrics; 32 characters or more; without it: loopback only.",
        secret=True,
    ),
    Setting(
        "SMTP_URL",
        casts.mail_server,
        "",
        "The mail server: smtp://name:password@host:587 or smtps://…; empty: no mail.",
        secret=True,
    ),
    Setting("MAIL_FROM", casts.text, "", "The address that mail comes from."),
    Setting(
        "DELIVERY_DAYS", casts.whole, "3", "After how many days a webhook or mail is given up."
    ),
    Setting(
        "REPORT_HOUR",
        casts.whole,
        "6",
        "From which hour on the reports of the night go out by mail, 0 to 23.",
    ),
    Setting("REPORT_ZONE", casts.zone, "America/New_York", "The time zone of reports."),
    Setting("LOG_LEVEL", casts.text, "info", "debug, info, warning or error."),
    Setting("LOG_JSON", casts.switch, "no", "Log lines as JSON."),
)
