"""Prints a report as HTML, as plain text and as a PDF of one page; counts nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from callbridge.domain.congress import Chamber
from callbridge.domain.figures import Figures
from callbridge.domain.health import Trouble
from callbridge.domain.nouns import many
from callbridge.domain.report import Report
from callbridge.domain.survey import Meaning
from callbridge.domain.whip_model import SCALE
from callbridge.errors import PrintingError

Draw = Callable[[str, Figures, str], bytes]

_HERE = Path(__file__).parent
# A long title or many long names must not make a second page: rows give way first.
_ROWS = (8, 6, 4, 2, 0)
_PLACES: Mapping[Meaning, str] = {
    Meaning.SUPPORTS: "support",
    Meaning.LEANS_SUPPORTS: "lean towards support",
    Meaning.UNDECIDED: "undecided",
    Meaning.LEANS_OPPOSES: "lean towards opposing",
    Meaning.OPPOSES: "oppose",
}
# As on the maps: neither party's colour, told apart in grey.
_COLOURS: Mapping[Meaning, str] = {
    Meaning.SUPPORTS: "#0b6b4b",
    Meaning.LEANS_SUPPORTS: "#7fbfa5",
    Meaning.UNDECIDED: "#d9d4c8",
    Meaning.LEANS_OPPOSES: "#e6b374",
    Meaning.OPPOSES: "#b35c00",
}
_TROUBLES: Mapping[Trouble, str] = {
    Trouble.DEAD: "dead",
    Trouble.FULL: "mailbox full",
    Trouble.NEVER_ANSWERED: "never answered",
}


class Paper:
    """Prints reports; `draw` makes a picture: its name, the figures, "svg" or "png"."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._pages = Environment(
            loader=PackageLoader("callbridge.paper"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters.update(share=_share, many=many)

    def stylesheet(self) -> str:
        """Return the stylesheet of a report."""
        return (_HERE / "report.css").read_text(encoding="utf-8")

    def html(
        self,
        report: Report,
        *,
        sheet: str | None = None,
        pictures: Mapping[str, str] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> str:
        """Return the report as a page that stands alone.

        `sheet` is the address of the stylesheet, None puts it into the page; `pictures` gives the
        address of each map by its name, without it there are none; `links` are words and
        addresses that stand above the page and are not printed.
        """
        return self._pages.get_template("report.html").render(
            _words(report), sheet=sheet, css=self.stylesheet(), pictures=pictures or {},
            links=links or {},
        )  # fmt: skip

    def text(self, report: Report) -> str:
        """Return the report as plain text."""
        return self._pages.get_template("report.txt").render(_words(report))

    def pdf(self, report: Report) -> bytes:
        """Return the report as a PDF of one A4 page.

        Raises PrintingError where the libraries that lay out text are missing.
        """
        # The printer costs a second and 60 MB: only where a PDF is asked for.
        try:
            from weasyprint import CSS, HTML
            from weasyprint.urls import URLFetcher
        except OSError as missing:
            raise PrintingError(
                "PDFs need Pango, which is not on this machine: install libpango-1.0-0 and "
                "libpangoft2-1.0-0 (Debian's names). The page itself can be printed by a browser."
            ) from missing
        pictures = {
            name: "data:image/svg+xml;base64,"
            + base64.b64encode(self._draw(name, report.figures, "svg")).decode()
            for name in maps(report)
        }
        # Only what stands in the page itself: printing reaches nothing.
        alone = URLFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)
        for rows in _ROWS:
            page = self.html(_shortened(report, rows), sheet="", pictures=pictures)
            done = HTML(string=page, url_fetcher=alone).render(
                stylesheets=[CSS(string=self.stylesheet())]
            )
            if len(done.pages) == 1:
                break
        return bytes(done.copy(done.pages[:1]).write_pdf())


def maps(report: Report) -> list[str]:
    """Name the maps that a report shows: of the chambers that the campaign calls."""
    names = {Chamber.SENATE: "senate", Chamber.HOUSE: "house"}
    # One page has room for one; the Senate's is read at a glance.
    return [names[c] for c in (Chamber.SENATE, Chamber.HOUSE) if c in report.chambers][:1]


def _shortened(report: Report, rows: int) -> Report:
    return replace(
        report,
        supporting=report.supporting[:rows],
        open=report.open[:rows],
        opposing=report.opposing[:rows],
        faulty=report.faulty[: min(rows, 4)],
    )


def _words(report: Report) -> dict[str, object]:
    known = max(1, report.known)
    bar, left = [], 0.0
    for meaning in SCALE:
        width = 100 * report.places.get(meaning, 0) / known
        bar.append((meaning, left, width, report.places.get(meaning, 0)))
        left += width
    return {
        "report": report,
        "bar": bar,
        "places": _PLACES,
        "colours": _COLOURS,
        "troubles": _TROUBLES,
        "maps": maps(report),
        "lists": (
            ("Most surely for it", report.supporting),
            ("Still open: the next calls matter most here", report.open),
            ("Most surely against it", report.opposing),
        ),
    }


def _share(value: float) -> str:
    # Nothing that people reported is ever quite certain.
    return "over 99 %" if value > 0.99 else f"{100 * value:.0f} %"
