"""English and Spanish: nothing is left untranslated, and the page says which language it is."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.web.setting import Site

WEB = Path(__file__).parents[2] / "callbridge" / "web"
CATALOG = WEB / "translations" / "es" / "LC_MESSAGES"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def said() -> set[str]:
    """List every text that pages say in words of their own."""
    found = extract_from_dir(WEB, METHODS, keywords=KEYWORDS)
    return {text if isinstance(text, str) else text[0] for _file, _line, text, *_rest in found}


def translated() -> dict[str, Message]:
    """Read the Spanish catalog."""
    with (CATALOG / "messages.po").open("rb") as file:
        return {(m.id if isinstance(m.id, str) else m.id[0]): m for m in read_po(file) if m.id}


def test_every_text_has_its_spanish_and_none_is_left_over() -> None:
    assert said() == set(translated())
    assert not [text for text, message in translated().items() if not message.string]
    assert not [text for text, message in translated().items() if message.fuzzy]


def test_a_translation_keeps_the_placeholders() -> None:
    holes = re.compile(r"%\(\w+\)s")
    for text, message in translated().items():
        for string in [message.string] if isinstance(message.string, str) else message.string:
            assert set(holes.findall(string)) == set(holes.findall(text)), text


def test_what_is_compiled_is_what_is_written() -> None:
    compiled = read_mo(io.BytesIO((CATALOG / "messages.mo").read_bytes()))
    for text, message in translated().items():
        assert [*compiled[text].string] == [*message.string]


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", "es-MX,es;q=0.9,en;q=0.5", "es"),
        ("", "en-US,en;q=0.9,es;q=0.5", "en"),
        ("", "fr", "en"),
        ("", None, "en"),
        ("?lang=es", "en", "es"),
        ("?lang=en", "es", "en"),
        ("?lang=xx", "es", "es"),
    ],
)
def test_the_address_decides_before_the_browser_does(
    site: Site, query: str, header: str | None, language: str
) -> None:
    headers = {"Accept-Language": header} if header else {}
    answer = site.reader().get(f"/{query}", headers=headers)
    assert f'<html lang="{language}">' in answer.text
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_chosen_language_is_carried_along_every_link(site: Site) -> None:
    page = site.reader().page("/c/safety-valve?lang=es")
    ours = [link for link in page.links if link.startswith("/")]
    assert ours
    assert all("lang=" in link for link in ours)


def test_an_error_is_said_in_the_language_of_the_page(site: Site) -> None:
    form = {"phone": "(202) 555-0147", "zip": "00000", "consent": "yes"}
    answer = site.reader().post("/c/attorney-general?lang=es", data=form)
    assert answer.status_code == 422
    assert "Ningún lugar de los Estados Unidos" in answer.text


def test_a_call_asked_for_in_spanish_speaks_spanish(site: Site) -> None:
    form = {"phone": "(202) 555-0147", "zip": "05401", "consent": "yes"}
    answer = site.reader().post("/c/attorney-general?lang=es", data=form)
    assert answer.status_code == 303
    assert "lang=es" in answer.location
    assert "Para seguir, marque 1" in site.voice(0).text
