"""targets.csv, as spreadsheets of the world write it, to local targets; knows no directory."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from callbridge.domain.campaign import LocalTarget
from callbridge.domain.congress import Office
from callbridge.library.hours import zones
from callbridge.library.phones import phone_of, zone_of
from callbridge.library.problems import Problems, listed, nearest
from callbridge.library.text import spreadsheet_text_of

FILE = "targets.csv"
COLUMNS = (
    "id",
    "name",
    "title",
    "pronoun",
    "phone",
    "city",
    "hours",
    "zone",
    "bioguide",
    "note",
    "lat",
    "lon",
)
_ALIASES: Mapping[str, str] = {
    "full name": "name",
    "office": "title",
    "role": "title",
    "phone number": "phone",
    "telephone": "phone",
    "tel": "phone",
    "pronouns": "pronoun",
    "town": "city",
    "time zone": "zone",
    "timezone": "zone",
    "notes": "note",
    "latitude": "lat",
    "longitude": "lon",
}
_PRONOUNS = {"he": "he", "she": "she", "they": "they"}
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BIOGUIDE = re.compile(r"[A-Z]\d{6}")
MOST_ROWS = 2000
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    cells: Mapping[str, str]
    line: int


def read_targets(
    content: bytes,
    *,
    zone: str | None,
    members: Callable[[str], bool] | None,
    problems: Problems,
) -> tuple[LocalTarget, ...]:
    """Read the rows in their order; rows with the same id are more offices of the first.

    `zone` is where offices are whose row does not say (None: where their area code is);
    `members` tells whether the directory has a bioguide (None: not asked).
    """
    found: dict[str, LocalTarget] = {}
    rows = _rows(spreadsheet_text_of(FILE, content, problems), problems)
    for row in rows:
        target = _target(row, zone=zone, members=members, problems=problems)
        if target is None:
            continue
        known = found.get(target.id)
        if known is None:
            found[target.id] = target
        elif known.name != target.name:
            what = f"Two people, {known.name!r} and {target.name!r}, have the id {target.id!r}."
            problems.error(FILE, row.line, what, "Give each an id of their own.")
        else:
            extra = [
                replace(office, id=f"{known.id}-{len(known.offices) + 1}")
                for office in target.offices
            ]
            found[target.id] = replace(known, offices=(*known.offices, *extra))
    if not found and not problems.all():
        problems.error(FILE, 1, "There is nobody in this list.", "Add a row for each office.")
    return tuple(found.values())


def _rows(text: str, problems: Problems) -> list[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header: list[str | None] = []
    rows: list[_Row] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells) or cells[0].startswith("sep="):
                continue
            if not header:
                header = _header(cells, reader.line_num, problems)
            elif len(rows) < MOST_ROWS:
                named = zip(header, cells, strict=False)
                values = {name: " ".join(cell.split()) for name, cell in named if name}
                if len(cells) > len(header) and any(c.strip() for c in cells[len(header) :]):
                    what = f"This row has {len(cells)} cells and there are {len(header)} columns."
                    instead = 'Put cells with a comma inside "quotes".'
                    problems.error(FILE, reader.line_num, what, instead)
                rows.append(_Row(cells=values, line=reader.line_num))
            else:
                what = f"There are more than {MOST_ROWS:,} rows."
                problems.error(FILE, reader.line_num, what, "Make several campaigns.")
                break
    except csv.Error as error:
        what = f"The list cannot be read from here on ({error})."
        problems.error(FILE, reader.line_num, what, "Save it again as CSV.")
    return rows


def _delimiter(text: str) -> str:
    """Return the mark that cuts the first row into the most columns we know.

    `csv.Sniffer` goes wrong on lists this short; the names of the columns do not.
    """
    lines = (line for line in text.split("\n") if line.strip())
    first = next((line for line in lines if not line.startswith("sep=")), "")

    def known(mark: str) -> int:
        cells = next(csv.reader([first], delimiter=mark), [])
        return sum(cell.strip().casefold() in {*COLUMNS, *_ALIASES} for cell in cells)

    return max(DELIMITERS, key=known)


def _header(cells: list[str], line: int, problems: Problems) -> list[str | None]:
    names: list[str | None] = []
    for cell in cells:
        word = " ".join(cell.split()).casefold()
        name = _ALIASES.get(word.replace("_", " "), word)
        if name in COLUMNS and name in names:
            problems.error(FILE, line, f"Two columns are named {cell!r}.", "Keep one of them.")
        if name in COLUMNS:
            names.append(name)
            continue
        names.append(None)
        if word:
            guess = nearest(word, [*COLUMNS, *_ALIASES])
            instead = f"Did you mean {guess!r}?" if guess else f"Known: {listed(COLUMNS, 'and')}."
            problems.error(FILE, line, f"{cell.strip()!r} is not a column.", instead)
    if not {"phone", "bioguide"} & {*names}:
        what = "The first row must name the columns."
        problems.error(FILE, line, what, "Write: name,title,phone,city")
    return names


def _target(
    row: _Row, *, zone: str | None, members: Callable[[str], bool] | None, problems: Problems
) -> LocalTarget | None:
    cells, line = row.cells, row.line
    bioguide = _bioguide(row, members, problems)
    name, title = cells.get("name", ""), cells.get("title", "")
    for key, value in (("name", name), ("title", title)):
        if not value and not cells.get("bioguide"):
            example = "Ada Ruiz" if key == "name" else "Council Member"
            problems.error(FILE, line, f"The {key} is missing.", f"Write for example {example}.")
    identity = _identity(row, bioguide, problems)
    office = _office(row, identity, zone=zone, problems=problems)
    pronoun = _PRONOUNS.get(cells.get("pronoun", "").split("/")[0].casefold() or "they")
    if pronoun is None:
        what = f"{cells['pronoun']!r} is not a pronoun we can say."
        problems.error(FILE, line, what, "Write he, she or they.")
    if not cells.get("phone") and not cells.get("bioguide"):
        problems.error(FILE, line, "The phone number is missing.", "Write it as +12025550123.")
    if not identity:
        return None
    return LocalTarget(
        id=identity,
        name=name,
        title=title,
        pronoun=pronoun or "they",
        bioguide=bioguide,
        offices=(office,) if office else (),
        note=cells.get("note", ""),
    )


def _bioguide(row: _Row, members: Callable[[str], bool] | None, problems: Problems) -> str | None:
    text = row.cells.get("bioguide", "")
    if not text:
        return None
    if not _BIOGUIDE.fullmatch(text):
        what = f"{text!r} is not a bioguide id: one letter and six digits."
        problems.error(FILE, row.line, what, "Look it up at https://bioguide.congress.gov.")
        return None
    if members is not None and not members(text):
        what = f"The directory has no member {text} in office."
        instead = "Correct the id, or remove the row if they have left Congress."
        problems.error(FILE, row.line, what, instead)
    return text


def _identity(row: _Row, bioguide: str | None, problems: Problems) -> str:
    text = row.cells.get("id", "")
    made = "-".join(re.findall(r"[a-z0-9]+", row.cells.get("name", "").casefold()))
    if not text:
        return bioguide or made
    if not _ID.fullmatch(text) and text != bioguide:
        what = f"The id {text!r} must be small letters, digits and hyphens."
        instead = "-".join(re.findall(r"[a-z0-9]+", text.casefold())) or made
        problems.error(FILE, row.line, what, f"Write {instead}.")
        return ""
    return text


def _office(row: _Row, identity: str, *, zone: str | None, problems: Problems) -> Office | None:
    cells, line = row.cells, row.line
    text = cells.get("phone", "")
    if not text:
        return None
    phone = phone_of(text, file=FILE, line=line, name="The phone number", problems=problems)
    own = cells.get("zone", "")
    if own and own not in zones():
        guess = nearest(own, zones()) or "America/New_York"
        problems.error(FILE, line, f"{own!r} is not a time zone.", f"Write {guess}.")
        own = ""
    where = own or zone or (zone_of(phone) if phone else None)
    if phone and where is None:
        what = f"The area code of {text} does not settle the time zone."
        instead = 'Add a column zone, or zone = "America/Boise" under [local] in campaign.toml.'
        problems.error(FILE, line, what, instead)
    if phone is None or where is None:
        return None
    return Office(
        id=f"{identity}-1",
        city=cells.get("city", ""),
        phone=phone,
        zone=where,
        hours=cells.get("hours") or None,
        lat=_degrees(row, "lat", 90, problems),
        lon=_degrees(row, "lon", 180, problems),
    )


def _degrees(row: _Row, key: str, most: int, problems: Problems) -> float | None:
    text = row.cells.get(key, "").replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("inf")
    if abs(value) > most:
        what = f"{text!r} is not a {key} in degrees."
        problems.error(FILE, row.line, what, "Write it as 44.4759, or leave it empty.")
        return None
    return value
