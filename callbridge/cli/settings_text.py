"""The settings as text: a page of the documentation, an example file, what is in force."""

from __future__ import annotations

from callbridge.settings import SETTINGS, Settings

HIDDEN = "(set, not shown)"

_PAGE = """\
# Settings

Every setting of callbridge. Each is an environment variable; a file named `.env` beside the
project may hold them too, and the environment beats the file. `python -m callbridge settings`
shows what is in force here. A setting that is wrong or missing stops the start with a sentence
that names it.

This page is written by `python -m callbridge settings --markdown > docs/settings.md`, and the
tests compare the two.

| setting | default | meaning |
|---|---|---|
"""

_KINDS = """
## Who needs what

- **To try it** (`make run`): nothing. `up` makes `SECRET_KEY` and `PHONE_KEYS` once and keeps them
  in `instance/keys.env`, and the exchange plays the telephone company.
- **For real calls**: `PUBLIC_URL`, `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`, `TWILIO_FROM`,
  `ORGANIZATION`, `ORGANIZATION_PHONE`.
- **On a server of your own**: also `SECRET_KEY`, `PHONE_KEYS`, `DATABASE_URL`, and
  `TRUSTED_PROXIES` if a proxy stands in front.

`SECRET_KEY` and `PHONE_KEYS` are apart on purpose: rotating the first signs everybody out and
forgets nothing; losing the second forgets who asked never to be called again. Keep a copy of
`PHONE_KEYS` where you keep your backups, but not in them.
"""


def as_markdown() -> str:
    """Write docs/settings.md."""
    rows = (
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else '(empty)'} "
        f"| {setting.help.replace('|', chr(92) + '|')} |\n"
        for setting in SETTINGS
    )
    return _PAGE + "".join(rows) + _KINDS


def as_env() -> str:
    """Write .env.example: every setting, commented out, at its default."""
    blocks = (f"# {setting.help}\n#{setting.name}={setting.default}\n" for setting in SETTINGS)
    return (
        "# Copy to .env and take away the # of what you change. docs/settings.md explains.\n\n"
        + "\n".join(blocks)
    )


def shown(settings: Settings) -> dict[str, str]:
    """Say what each setting is now; secrets only whether they are set."""
    now: dict[str, str] = {}
    for setting in SETTINGS:
        value = getattr(settings, setting.name.lower())
        if setting.secret:
            now[setting.name] = HIDDEN if value else ""
        elif isinstance(value, tuple):
            now[setting.name] = ",".join(str(part) for part in value)
        elif isinstance(value, bool):
            now[setting.name] = "yes" if value else "no"
        else:
            now[setting.name] = str(value)
    return now
