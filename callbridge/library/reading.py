"""The files of a campaign to a Campaign, or every problem at once; knows no folder, no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from callbridge.domain.campaign import Branch, Campaign, LocalTarget, Pick, Wording
from callbridge.domain.problem import Problem, Severity
from callbridge.library.files import refusal
from callbridge.library.head import LANGUAGES, Head, read_head
from callbridge.library.layout import check_names
from callbridge.library.problems import Problems
from callbridge.library.questions import read_survey, translate_survey
from callbridge.library.table import SLUG, Table
from callbridge.library.targets import FILE as TARGETS
from callbridge.library.targets import read_targets
from callbridge.library.text import text_of
from callbridge.library.toml_text import Document, parse
from callbridge.library.wording import DOCUMENT, MOST, SCRIPT, read_wording

_ONCE = "Leave it out here: it stands once, in the main campaign.toml."
_SETTINGS = (
    *("language", "order", "most", "number", "caller_id", "talk_minutes", "recess", "survey"),
    *("public_counter", "shift"),
    *("organization", "hours", "limits", "local"),
)

Members = Callable[[str], bool]


def read(slug: str, files: Mapping[str, bytes]) -> Campaign:
    """Return the campaign; raises CampaignProblemsError with every problem at once."""
    problems = Problems()
    campaign = _assemble(slug, files, members=None, problems=problems)
    if campaign is None or any(p.severity is Severity.ERROR for p in problems.all()):
        raise refusal(slug, problems)
    return campaign


def check(
    slug: str, files: Mapping[str, bytes], *, members: Members | None = None
) -> tuple[Problem, ...]:
    """Return every problem, errors first, advice after; empty when there is nothing to say.

    `members` tells whether a bioguide is in office; None leaves that unchecked.
    """
    problems = Problems()
    _assemble(slug, files, members=members, problems=problems)
    return problems.all()


def _assemble(
    slug: str, files: Mapping[str, bytes], *, members: Members | None, problems: Problems
) -> Campaign | None:
    if not SLUG.fullmatch(slug) or len(slug) > 60:
        what = f"The folder's name {slug!r} becomes part of the page's address."
        problems.error("", None, what, "Use small letters, digits and hyphens, 60 at most.")
    check_names(files, problems)
    table = _table(DOCUMENT, files, problems)
    head = read_head(table)
    survey = read_survey(table, language=head.language)
    local = _local(head, files, members=members, problems=problems)
    main = read_wording(
        table,
        language=head.language,
        folder="",
        survey=survey,
        organization=head.organization,
        files=files,
    )
    table.finish()
    _check_order(table, head, local, has_list=TARGETS in files)
    languages: dict[str, Wording] = {head.language: main} if main else {}
    for language in LANGUAGES:
        folder = f"{language}/"
        if language == head.language or not any(path.startswith(folder) for path in files):
            continue
        inner = _table(f"{folder}{DOCUMENT}", files, problems)
        wording = read_wording(
            inner,
            language=language,
            folder=folder,
            survey=translate_survey(inner, survey, main=head.language, language=language),
            organization=head.organization,
            files=files,
        )
        inner.finish(elsewhere=dict.fromkeys(_SETTINGS, _ONCE))
        if main and wording:
            _check_branches(main, wording, folder=folder, problems=problems)
        if wording:
            languages[language] = wording
    return _campaign(slug, head, languages, local) if main else None


def _campaign(
    slug: str, head: Head, languages: Mapping[str, Wording], local: tuple[LocalTarget, ...]
) -> Campaign:
    return Campaign(
        slug=slug,
        language=head.language,
        languages=languages,
        order=head.order,
        organization=head.organization,
        organization_phone=head.organization_phone,
        number=head.number,
        caller_id=head.caller_id,
        most=head.most,
        local=local,
        local_always=head.local_always,
        local_random=head.local_random,
        seconds=head.talk_seconds,
        hours=head.hours,
        calls_per_minute=head.calls_per_minute,
        calls_per_number_day=head.calls_per_number_day,
        recess=head.recess,
        public_counter=head.public_counter,
        shift=None if head.shift is None else tuple(one for one in head.shift if one != slug),
    )


def _table(file: str, files: Mapping[str, bytes], problems: Problems) -> Table:
    if file not in files:
        what = "This file is missing: it says what the campaign is about."
        problems.error(file, None, what, "Write it; campaigns/README.md has one to copy.")
        return Table(file, Document(broken=frozenset(MOST)), problems)
    text = text_of(file, files[file], problems)
    return Table(file, parse(file, text, problems), problems)


def _local(
    head: Head, files: Mapping[str, bytes], *, members: Members | None, problems: Problems
) -> tuple[LocalTarget, ...]:
    if TARGETS not in files:
        return ()
    return read_targets(files[TARGETS], zone=head.local_zone, members=members, problems=problems)


def _check_order(
    table: Table, head: Head, local: tuple[LocalTarget, ...], *, has_list: bool
) -> None:
    calls_local = Pick.LOCAL in head.order
    if calls_local and not has_list:
        what = f'The order names "local", and there is no {TARGETS}.'
        table.error("order", what, f'Write {TARGETS}, or take "local" out of the order.')
    if has_list and not calls_local:
        what = f"There is a {TARGETS}, and the order does not call anybody in it."
        table.error("order", what, 'Add "local": order = ["local"]')
    if local and head.local_always > len(local):
        what = f"{head.local_always} are always called, and the list has {len(local)}."
        table.error("local", what, f"Write always = {len(local)} or fewer.")
    if local and head.local_random is not None and head.local_always + head.local_random == 0:
        what = "Of the list nobody is called: always and random are both 0."
        table.error("local", what, "Write random = 1, or leave [local] out to call everybody.")
    if head.local_always and head.local_random is None:
        what = "Without 'random' everybody in the list is called, so 'always' changes nothing."
        table.advise("local", what, "Add random = 1, or leave 'always' out.")
    together = head.local_always + (head.local_random or 0)
    if calls_local and head.local_random is not None and together > head.most:
        what = f"Always and random make {together}, and one call reaches {head.most} at most."
        table.advise("local", what, f"Write most = {together}, or call fewer.")


def _check_branches(main: Wording, other: Wording, *, folder: str, problems: Problems) -> None:
    for branch in Branch:
        if (branch in main.script.replies) != (branch in other.script.replies):
            lacking = "the main script" if branch in other.script.replies else "this one"
            what = f"A reply for {branch.value!r} is in one script and missing in {lacking}."
            problems.error(f"{folder}{SCRIPT}", None, what, "Write it in both languages.")
