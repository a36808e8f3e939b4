"""A test client that refuses a poor page: title, one h1, labels, language, links that lead on."""

from __future__ import annotations

import itertools
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

VOID = {"meta", "link", "input", "img", "br", "hr", "wbr", "source", "col"}


class PoorPageError(AssertionError):
    """A page that a supporter should not be given; names every fault."""


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.language: str | None = None
        self.title = ""
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.faults: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self._button = ""
        self.feed(text)
        self.close()
        if self._open:
            self.faults.append(f"never closed: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens."""
        given = dict(attrs)
        if len(given) != len(attrs):
            self.faults.append(f"an attribute twice on <{tag}>")
        if tag not in VOID:
            self._open.append(tag)
        if (name := given.get("id")) is not None:
            self.ids.append(name)
        if "style" in given or any(name.startswith("on") for name in given):
            self.faults.append(f"inline style or script on <{tag}>")
        match tag:
            case "html":
                self.language = given.get("lang")
            case "h1" | "h2" | "h3" | "h4":
                self.headings.append((int(tag[1]), ""))
            case "label" if given.get("for"):
                self.labels.add(given["for"] or "")
            case "input" | "select" | "textarea":
                self.fields.append(given | {"in-label": "yes" if "label" in self._open else None})
            case "a" if given.get("href"):
                self.links.append(given["href"] or "")
            case "img":
                self.images.append(given)
            case "script" if not given.get("src"):
                self.faults.append("a script in the page")
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        """Note what closes, and complain of what crosses."""
        if tag in VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:] or 'nothing'}")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words += data
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        if self.headings and any(tag in self._open for tag in ("h1", "h2", "h3", "h4")):
            level, words = self.headings[-1]
            self.headings[-1] = (level, words + data)


def faults_of(page: Page) -> list[str]:
    """List what is wrong with a page on its own."""
    found = list(page.faults)
    if page.language not in {"en", "es"}:
        found.append(f"language is {page.language!r}")
    if len(page.title.strip()) < 3:
        found.append("no title")
    if [level for level, _ in page.headings].count(1) != 1:
        found.append(f"not one h1: {page.headings}")
    levels = [level for level, _ in page.headings]
    found += [f"h{a} then h{b}" for a, b in itertools.pairwise(levels) if b > a + 1]
    found += [f"empty heading h{level}" for level, words in page.headings if not words.strip()]
    found += [f"id twice: {name}" for name in {n for n in page.ids if page.ids.count(n) > 1}]
    for field in page.fields:
        labelled = field["in-label"] or field.get("aria-label") or field.get("id") in page.labels
        if field.get("type") not in {"hidden", "submit"} and not labelled:
            found.append(f"no label: {field}")
        described = (field.get("aria-describedby") or "").split()
        found += [f"describedby leads nowhere: {n}" for n in described if n not in page.ids]
    found += [f"image without alt: {i.get('src')}" for i in page.images if i.get("alt") is None]
    if "%(" in page.words or "{{" in page.words or "None" in page.words.split():
        found.append("a placeholder shows")
    return found


class Reader:
    """Fetches pages as a browser would and refuses poor ones, in every test."""

    def __init__(self, app: Flask, *, check: bool = True) -> None:
        self.app = app
        self.client = app.test_client()
        self.check = check

    def get(self, path: str, **more: object) -> TestResponse:
        """Fetch a page."""
        return self._read(path, self.client.get(path, buffered=True, **more))  # type: ignore[arg-type]

    def post(self, path: str, **more: object) -> TestResponse:
        """Send a form as a browser sends it from our own page."""
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
        answer = self.client.post(path, headers=headers, buffered=True, **more)  # type: ignore[arg-type]
        return self._read(path, answer)

    def page(self, path: str) -> Page:
        """Fetch a page and read it."""
        return Page(self.get(path).text)

    def _read(self, path: str, answer: TestResponse) -> TestResponse:
        if not self.check or answer.mimetype != "text/html" or 300 <= answer.status_code < 400:
            return answer
        page = Page(answer.text)
        faults = faults_of(page) + self._broken_links(path, page)
        if faults:
            raise PoorPageError(f"{path}: " + "; ".join(faults))
        return answer

    def _broken_links(self, path: str, page: Page) -> list[str]:
        adapter = self.app.url_map.bind("localhost")
        broken = []
        for link in page.links:
            target = urlsplit(urljoin(path, link))
            if target.scheme or target.netloc:
                continue
            if link.startswith("#"):
                if link[1:] and unquote(link[1:]) not in page.ids:
                    broken.append(f"broken anchor {link}")
                continue
            try:
                adapter.match(target.path, method="GET")
            except RequestRedirect:
                broken.append(f"link redirects: {link}")
            except HTTPException:
                broken.append(f"broken link {link}")
        return broken
