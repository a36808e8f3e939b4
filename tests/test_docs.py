"""The documentation: its examples are run, its links lead somewhere.

In a fenced `console` block every line that begins with `$ python -m callbridge` is run in an empty
folder and what follows is compared, `...` standing for anything; `$ make …` must be a target.
`json` and `toml` blocks must parse.
"""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from callbridge.service.chores import DAY, HOUR, JOBS, MINUTE
from tests.cli.conftest import Cli, cli
from tests.source import ROOT, text, tracked

__all__ = ["cli"]

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PAGES = [name for name in tracked() if name.endswith(".md") and not name.startswith("campaigns/")]


@dataclass(frozen=True, slots=True)
class Example:
    """One fenced block."""

    page: str
    line: int
    language: str
    body: str


def examples(*languages: str) -> list[Example]:
    """List the fenced blocks in these languages."""
    return [
        Example(name, content[: match.start()].count("\n") + 1, match[1], match[2])
        for name in PAGES
        if (content := text(name))
        for match in FENCE.finditer(content)
        if match[1] in languages
    ]


def named(example: Example) -> str:
    """Name a block by where it stands."""
    return f"{example.page}:{example.line}"


def said(expected: str) -> re.Pattern[str]:
    """Read `...` as anything, everything else as it is."""
    return re.compile(".*?".join(re.escape(part) for part in expected.split("...")), re.DOTALL)


def test_every_json_and_toml_example_can_be_read() -> None:
    for example in examples("json", "toml"):
        read = json.loads if example.language == "json" else tomllib.loads
        try:
            read(example.body)
        except ValueError as error:
            pytest.fail(f"{named(example)}: {error}")


@pytest.mark.parametrize("example", examples("console"), ids=named)
def test_every_command_in_the_documentation_does_what_it_says(example: Example, cli: Cli) -> None:
    for block in re.split(r"^\$ ", example.body, flags=re.MULTILINE)[1:]:
        command, _, expected = block.partition("\n")
        words = shlex.split(command)
        if words[0] == "make":
            assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
            continue
        assert words[:3] == ["python", "-m", "callbridge"], f"{named(example)} cannot be run"
        ran = cli(*words[3:])
        assert said(expected.strip()).fullmatch(ran.out.strip()), ran.out + ran.err


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = []
    for name in PAGES:
        for target in LINK.findall(FENCE.sub("", text(name) or "")):
            if re.match(r"[a-z]+:|#", target):
                continue
            if not (ROOT / Path(name).parent / target.split("#")[0]).exists():
                broken.append(f"{name}: {target}")
    assert not broken


def test_the_documentation_has_pages() -> None:
    assert PAGES
    assert examples("console")


def test_operators_are_told_how_often_each_job_is_done() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) (s|min|h|day) \|", text("docs/operators.md"), re.M)
    units = {"s": 1.0, "min": MINUTE, "h": HOUR, "day": DAY}
    told = {name: int(many) * units[unit] for name, many, unit in rows}
    assert told == {job.name: job.schedule.every for job in JOBS}
