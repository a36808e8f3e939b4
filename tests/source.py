"""The project's own files as the rules see them: tracked files and parsed modules."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Where a statement holds others; a `try` has handlers, a `match` has cases.
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
LONG_BY_NATURE = ("callbridge/store/migrations/versions/",)


@cache
def tracked() -> tuple[str, ...]:
    """List every file of the project, as git has it or would add it."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(sorted(name for name in found.split("\0") if name and (ROOT / name).is_file()))


def modules(*folders: str) -> list[str]:
    """List the Python modules in these folders, migrations apart."""
    return [
        name
        for name in tracked()
        if name.endswith(".py")
        and not name.startswith(LONG_BY_NATURE)
        and (not folders or name.startswith(tuple(f"{folder}/" for folder in folders)))
    ]


@cache
def parsed(name: str) -> ast.Module:
    """Parse one module."""
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), filename=name)


@cache
def statements(name: str) -> tuple[ast.stmt, ...]:
    """List every statement of a module, however deep; functions and imports are nothing else."""
    found: list[ast.stmt] = []
    inside: list[ast.AST] = [parsed(name)]
    while inside:
        node = inside.pop()
        if isinstance(node, ast.stmt):
            found.append(node)
        for block in _BLOCKS:
            inside.extend(getattr(node, block, ()))
    return tuple(sorted(found, key=lambda one: one.lineno))


def text(name: str) -> str | None:
    """Return a file's text, None for a picture or a snapshot."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def imported(name: str) -> set[str]:
    """Return the top-level packages that a module imports anywhere in it."""
    found: set[str] = set()
    for node in statements(name):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found
