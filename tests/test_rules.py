"""The rules of the code about itself: sizes, names, words and who may import what."""

from __future__ import annotations

import ast
import re
import sys

import pytest

from tests.source import ROOT, imported, modules, parsed, statements, text, tracked

# One worker reads the whole code once, not each of them.
pytestmark = pytest.mark.xdist_group("rules")

SOURCE = ("callbridge", "twiml", "tools", "benchmarks")
LONGEST_MODULE = 350
LONGEST_FUNCTION = 50
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(name: str) -> list[Function]:
    """List every function of a module."""
    return [node for node in statements(name) if isinstance(node, Function)]


def test_the_rules_see_the_project() -> None:
    assert "callbridge/settings.py" in modules("callbridge")
    assert len(modules(*SOURCE)) > 10


def test_no_module_is_over_350_lines() -> None:
    long = {
        name: len(lines)
        for name in modules()
        if len(lines := (text(name) or "").splitlines()) > LONGEST_MODULE
    }
    assert not long


def test_no_function_is_over_50_lines() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name in modules(*SOURCE)
        for node in functions(name)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    silent = []
    for name in modules():
        if not (text(name) or "").strip():
            continue  # an empty __init__.py
        first = (ast.get_docstring(parsed(name)) or "").split("\n")[0]
        if len(first.split()) < 4 or not first.endswith("."):
            silent.append(f"{name}: {first!r}")
    assert not silent


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = [
        name for name in tracked() if VAGUE_NAMES & {part.split(".")[0] for part in name.split("/")}
    ]
    assert not vague


def test_the_vendor_is_named_in_carriers_and_twiml_only() -> None:
    named = [
        name
        for name in modules("callbridge")
        if not name.startswith("callbridge/carriers/") and "twilio" in imported(name)
    ]
    assert not named


def test_sql_is_spoken_in_the_store_only() -> None:
    named = [
        name
        for name in modules("callbridge", "twiml")
        if not name.startswith("callbridge/store/") and {"sqlalchemy", "alembic"} & imported(name)
    ]
    assert not named


def test_the_domain_imports_the_standard_library_only() -> None:
    allowed = sys.stdlib_module_names | {"callbridge"}
    foreign = {name: imported(name) - allowed for name in modules("callbridge/domain")}
    assert not {name: found for name, found in foreign.items() if found}


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    places = re.compile(r"(?<![\w.:/])/(?:work|root|home|Users)/\w")
    found = [
        f"{name}: {match.group()}"
        for name in tracked()
        if (content := text(name)) and (match := places.search(content))
    ]
    assert not found


def test_nothing_is_left_to_be_done_later() -> None:
    marks = re.compile("|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X")))
    found = [name for name in tracked() if marks.search(text(name) or "")]
    assert not found


def test_no_test_is_expected_to_fail_or_swallows_what_happens() -> None:
    swallowed = re.compile(r"mark\.xfail\b|pytest\.xfail\(|except Exception:\s+pass\b")
    assert not [name for name in modules() if swallowed.search(text(name) or "")]


def test_how_busy_the_machine_is_decides_no_property() -> None:
    # tests/conftest.py has the one profile, without a deadline.
    found = [name for name in modules("tests") if "dead" + "line=" in (text(name) or "")]
    assert found == ["tests/conftest.py"]


def test_every_test_is_named_by_a_sentence() -> None:
    short = [
        f"{name}:{node.lineno} {node.name}"
        for name in modules("tests")
        for node in functions(name)
        if node.name.startswith("test_") and len(node.name.split("_")) < 4
    ]
    assert not short


def test_every_requirement_is_pinned_with_its_reason() -> None:
    loose = [
        f"{name}: {line}"
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r "))
        if not re.fullmatch(r"[\w.\-\[\]]+==\S+\s+# \S.+", line)
    ]
    assert not loose


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_in_the_order_of_the_alphabet(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    named = [line.split("==")[0].lower() for line in lines if "==" in line]
    assert named == sorted(named)


def test_one_vendors_phone_numbers_stay_out_of_the_examples() -> None:
    real = re.compile(r"\+1[2-9]\d{9}\b")
    allowed = re.compile(r"\+1\d{3}55501\d\d\b|\+1500555\d{4}\b")
    written = [name for name in tracked() if name.endswith((".md", ".toml", ".example", ".html"))]
    found = [
        f"{name}: {number}"
        for name in written
        for number in real.findall(text(name) or "")
        if not allowed.fullmatch(number)
    ]
    assert not found
