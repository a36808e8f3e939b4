"""Settings as values, read from the one table; knows how to read, not what to do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from callbridge.errors import SettingsError
from callbridge.settings_table import SETTINGS as SETTINGS  # noqa: PLC0414


def is_loopback(url: str) -> bool:
    """Tell whether a URL stays on this machine: localhost, 127.0.0.0/8 or ::1."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, cast. Field names are the settings' names in lower case."""

    database_url: str
    public_url: str
    trusted_proxies: int
    secret_key: tuple[str, ...]
    phone_keys: tuple[str, ...]
    twilio_account_sid: str
    twilio_auth_token: tuple[str, ...]
    twilio_shared_keys: tuple[tuple[str, str], ...]
    twilio_from: str
    text_from: str
    twilio_api_url: str
    organization: str
    organization_phone: str
    callbridge_campaigns: Path
    callbridge_directory: Path
    callbridge_rehearsals: Path
    directory_update: str
    calls_per_second: float
    lease_seconds: int
    unknown_checks: tuple[int, ...]
    office_max_calls: int
    office_calls_per_minute: int
    office_rest_seconds: int
    limit_number_hour: int
    limit_number_day: int
    limit_network_hour: int
    limit_campaign_minute: int
    limit_lookup_minute: int
    calls_in_progress: int
    campaign_calls_in_progress: int
    drive_calls_in_progress: int
    drive_confirm: int
    drive_ramp_seconds: int
    list_days: int
    dials_at_once: int
    minute_price: float
    office_minute_price: float
    budget_day: float | None
    budget_total: float | None
    budget_area_day: float | None
    limit_area_day: int | None
    budget_hold_minutes: int
    phone_regions: tuple[str, ...]
    ring_seconds: int
    call_seconds: int
    voices: tuple[tuple[str, str], ...]
    census_url: str
    metrics_token: tuple[str, ...]
    smtp_url: str
    mail_from: str
    delivery_days: int
    report_hour: int
    report_zone: str
    log_level: str
    log_json: bool

    @property
    def has_carrier(self) -> bool:
        """Tell whether calls can be placed at all."""
        return bool(self.twilio_account_sid and self.twilio_auth_token)

    @property
    def sends_texts(self) -> bool:
        """Tell whether text messages can be sent at all."""
        return self.has_carrier and bool(self.text_from)

    @property
    def real_calls(self) -> bool:
        """Tell whether real telephones would ring: credentials, and an API not on loopback."""
        return self.has_carrier and not (self.twilio_api_url and is_loopback(self.twilio_api_url))

    @property
    def updates_directory(self) -> bool:
        """Tell whether the directory is fetched by itself."""
        return self.directory_update == "yes" or (
            self.directory_update == "real" and self.real_calls
        )


def load(
    environ: Mapping[str, str] | None = None, *, dotenv: Path | None = None, complete: bool = True
) -> Settings:
    """Read every setting; the environment beats `.env`.

    `complete=False` is for what serves nobody (a ZIP lookup, a campaign's check): keys and the
    carrier may be missing then. Raises SettingsError with every missing or wrong setting, each in
    a sentence.
    """
    given = dict(os.environ if environ is None else environ)
    if dotenv is not None and dotenv.is_file():
        given = {k: v for k, v in dotenv_values(dotenv).items() if v is not None} | given
    values: dict[str, object] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        text = given.get(setting.name, setting.default).strip()
        try:
            values[setting.name.lower()] = setting.cast(text)
        except ValueError as problem:
            shown = "" if setting.secret else f" is {text!r}"
            problems.append(f"{setting.name}{shown}: {problem}.")
    if problems:
        raise SettingsError(" ".join(problems))
    settings = Settings(**values)  # type: ignore[arg-type]
    if complete:
        _require(settings, given)
    return settings


def _require(settings: Settings, given: Mapping[str, str]) -> None:
    problems = []
    if not settings.secret_key:
        problems.append("SECRET_KEY is missing: write 32 random characters or more.")
    if not settings.phone_keys:
        problems.append("PHONE_KEYS is missing: write 32 random characters or more.")
    if bool(settings.twilio_account_sid) != bool(settings.twilio_auth_token):
        problems.append("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN go together; one is missing.")
    if settings.has_carrier and not settings.twilio_from:
        problems.append("TWILIO_FROM is missing: the number your calls come from, such as +1….")
    if bool(settings.smtp_url) != bool(settings.mail_from):
        problems.append("SMTP_URL and MAIL_FROM go together; one is missing.")
    if settings.real_calls:
        problems += [
            f"{name} is missing: real calls must say who is calling."
            for name in ("ORGANIZATION", "ORGANIZATION_PHONE")
            if not given.get(name, "").strip()
        ]
    if problems:
        raise SettingsError(" ".join(problems))
