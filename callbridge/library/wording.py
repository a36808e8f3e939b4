"""Everything a campaign says in one language, from its files; knows no settings."""

from __future__ import annotations

from collections.abc import Mapping

from callbridge.domain.campaign import Wording
from callbridge.domain.prompts import defaults, fill
from callbridge.domain.survey import Survey
from callbridge.library.lengths import GREETING_SECONDS, check_length
from callbridge.library.page import read_page
from callbridge.library.placeholders import check_placeholders
from callbridge.library.prompts import read_audio, read_prompts
from callbridge.library.script import read_script
from callbridge.library.table import Table

DOCUMENT = "campaign.toml"
PAGE = "page.md"
SCRIPT = "script.md"
MOST: Mapping[str, int] = {"title": 100, "summary": 240, "purpose": 120}


def read_wording(
    table: Table,
    *,
    language: str,
    folder: str,
    survey: Survey,
    organization: str | None,
    files: Mapping[str, bytes],
) -> Wording | None:
    """Read one language, None when something it cannot do without is missing.

    `folder` is "" for the campaign's own language, else such as "es/".
    """
    problems = table.problems
    titles = {key: _title(table, key) for key in MOST}
    prompts = read_prompts(table.table("prompts"), language=language)
    audio = read_audio(folder, files=files, problems=problems)
    page = read_page(f"{folder}{PAGE}", language=language, files=files, problems=problems)
    script = read_script(f"{folder}{SCRIPT}", language=language, files=files, problems=problems)
    title, summary, purpose = titles["title"], titles["summary"], titles["purpose"]
    if purpose and "greeting" not in audio:
        _check_greeting(table, purpose, prompts, language=language, organization=organization)
    if not title or not summary or not purpose or page is None or script is None:
        return None
    return Wording(
        language=language,
        title=title,
        summary=summary,
        purpose=purpose,
        page_html=page.html,
        script=script.script,
        script_html=script.html,
        survey=survey,
        prompts=prompts,
        audio=audio,
        picture=page.picture,
    )


def _title(table: Table, key: str) -> str | None:
    words = table.words(key, required=True, most=MOST[key])
    if words is not None:
        check_placeholders(
            words,
            allowed=(),
            file=table.file,
            line=table.line(key),
            place=f"the {key}",
            problems=table.problems,
        )
    if words is not None and key == "purpose" and words.endswith("."):
        what = "The purpose is the middle of a sentence: “You asked us to connect you with …”."
        table.error(key, what, f'Leave out the full stop: "{words.rstrip(".")}"')
    return words


def _check_greeting(
    table: Table,
    purpose: str,
    prompts: Mapping[str, str],
    *,
    language: str,
    organization: str | None,
) -> None:
    """Time the greeting; an organization that is not named here is taken as three words."""
    text = prompts.get("greeting", defaults(language)["greeting"])
    values = {"organization": organization or "the Prairie League", "purpose": purpose}
    place = ("prompts", "greeting") if "greeting" in prompts else ("purpose",)
    check_length(
        fill(text, values),
        file=table.file,
        line=table.line(*place),
        name="The greeting",
        seconds=GREETING_SECONDS,
        problems=table.problems,
    )
