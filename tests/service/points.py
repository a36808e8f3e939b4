"""Every place of the code where a process may die between two things that last; kills it there."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import FrameType

from sqlalchemy import event

from callbridge.store import Database
from tests.service.test_killed import die
from tests.source import ROOT

SERVICE, DIALER = (ROOT / "callbridge" / name for name in ("service", "dialer"))
_OURS = (f"{SERVICE}/", f"{DIALER}/")
_UNITS = {"writing", "reading"}
# What is asked of others, and of whom.
_ASKING = {"place", "find", "fetch", "children", "send_text", "post", "send"}
_OTHERS = ("carrier", "poster", "mailer")


class Moment(StrEnum):
    """When a process dies at a point."""

    BEGIN = "begin"
    COMMIT = "commit"
    """Just before it: nothing of it is kept."""
    AFTER = "after"
    """Just after it: all of it is kept, and nobody was told."""


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One transaction of the service: `name` is module.function#number, of those in there."""

    name: str
    file: Path
    line: int


def modules() -> list[str]:
    """Find every module of the service and the dialer that has a transaction."""
    found = [
        str(file.relative_to(SERVICE if SERVICE in file.parents else SERVICE.parent))
        for folder in (SERVICE, DIALER)
        for file in sorted(folder.rglob("*.py"))
    ]
    names = [name.removesuffix(".py") for name in found]
    return [name for name in names if points(name)]


def _file(module: str) -> Path:
    """Return a module's file: of the dialer when it is called `dialer/…`, else of the service."""
    return (DIALER.parent if module.startswith("dialer/") else SERVICE) / f"{module}.py"


@cache
def points(module: str) -> tuple[Point, ...]:
    """Find every transaction of a module (`drives/dialling`), in the order of its lines."""
    file = _file(module)
    found: list[Point] = []
    for function in _functions(ast.parse(file.read_text(encoding="utf-8"))):
        lines = sorted(
            node.lineno
            for node in ast.walk(function)
            if isinstance(node, ast.With)
            and any(_is_unit(item.context_expr) for item in node.items)
        )
        name = f"{module}.{function.name}"
        found += [Point(f"{name}#{n}", file, line) for n, line in enumerate(lines, start=1)]
    return tuple(found)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def _is_unit(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _UNITS
    )


def requests(module: str) -> list[str]:
    """Find every request to the carrier, a receiver or the mail server in a module."""
    tree = ast.parse(_file(module).read_text(encoding="utf-8"))
    return sorted(
        f"{module}.{function.name} {node.func.attr}"
        for function in _functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _ASKING
        and any(other in ast.unparse(node.func.value) for other in _OTHERS)
    )


def dying_at(database: Database, point: Point, moment: Moment) -> None:
    """Let this process die at a moment of a transaction, the first time that it comes there."""

    def arrive(*_: object) -> None:
        if _stands_at(sys._getframe(1), point):
            die()

    name = {Moment.BEGIN: "begin", Moment.COMMIT: "commit", Moment.AFTER: "checkin"}[moment]
    event.listen(database.engine, name, arrive)


def _stands_at(frame: FrameType | None, point: Point) -> bool:
    """Tell whether a transaction of this very line is what begins or ends."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(_OURS):
            return frame.f_code.co_filename == str(point.file) and frame.f_lineno == point.line
        frame = frame.f_back
    return False
