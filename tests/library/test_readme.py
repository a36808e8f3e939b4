"""The organizers' manual: its example works, and it names every key there is."""

from __future__ import annotations

import re

import pytest

from callbridge.domain.campaign import Branch, Pick
from callbridge.domain.prompts import PLACEHOLDERS, PROMPT_NAMES
from callbridge.domain.survey import Meaning
from callbridge.library.reading import check, read
from callbridge.library.script import HEADINGS
from callbridge.library.targets import COLUMNS
from tests.library.documents import SHIPPED, TOML, errors, files

README = (SHIPPED / "README.md").read_text(encoding="utf-8")
TABLES = ("", "[organization]", "[hours]", "[limits]", "[local]", "[[question]]")


def example(name: str) -> bytes:
    """Return the first block under the heading that is a file's name."""
    after = README.split(f"### `{name}`", 1)[1]
    found = re.search(r"^```\w+\n(.*?)^```$", after, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1].encode()


def blocks(containing: str) -> list[str]:
    every = re.findall(r"^```toml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [block for block in every if containing in block]


def whole() -> dict[str, bytes]:
    return {name: example(name) for name in ("campaign.toml", "page.md", "script.md")}


def test_the_example_is_a_campaign_without_a_single_problem() -> None:
    assert check("save-the-river", whole()) == ()
    campaign = read("save-the-river", whole())
    assert campaign.order == (Pick.SENATE, Pick.HOUSE)
    assert campaign.organization == "the Mill River League"
    assert set(campaign.wording().script.replies) == set(Branch)
    assert "Kings Landing" in campaign.wording().script_html["support"]
    assert "Kings Landing" not in campaign.wording().script.replies[Branch.SUPPORT]


@pytest.mark.parametrize("part", ["[[question]]", "[prompts]"])
def test_the_other_examples_can_be_added_to_it(part: str) -> None:
    (block,) = blocks(part)
    added = whole()
    added["campaign.toml"] += b"\n" + block.encode()
    assert check("save-the-river", added) == ()


def test_the_example_of_a_list_is_read() -> None:
    found = re.search(r"^(name,title,phone.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert found is not None
    toml = TOML + 'order = ["local"]\n'
    campaign = read("river", files(campaign_toml=toml, targets_csv=found[1]))
    assert [row.name for row in campaign.local] == ["Ada Lindqvist", "Ruth Okafor"]


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_explained(table: str) -> None:
    found = errors(campaign_toml=f"{TOML}{table}\nqqqqqqqq = 1\n")
    known = next(one for one in found if "'qqqqqqqq'" in one)
    keys = re.findall(r"[a-z_]+", known.split("Known here:")[1])
    assert len(keys) >= 3
    for key in set(keys) - {"and", "hours", "limits", "local", "organization", "question"}:
        assert re.search(rf"^{key} += |`{key} = |`\[{key}\]`", README, re.MULTILINE), key
    for group in ("hours", "limits", "local", "organization", "prompts"):
        assert f"`[{group}]`" in README


def test_every_placeholder_meaning_column_and_heading_is_explained() -> None:
    for name in PLACEHOLDERS:
        assert f"`{{{name}}}`" in README
    for meaning in Meaning:
        assert f"`{meaning.value}`" in README
    for column in COLUMNS:
        assert f"`{column}`" in README
    for headings in HEADINGS.values():
        for names in headings.values():
            assert names[0] in " ".join(README.split())


def test_every_prompt_that_is_named_exists() -> None:
    section = README.split("### Words of your own", 1)[1].split("\n## ", 1)[0]
    named = set(re.findall(r"`([a-z_]+)`", section))
    assert len(named) > 5
    assert named <= PROMPT_NAMES
