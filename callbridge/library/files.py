"""A campaign's folder to and from a mapping of paths to bytes; knows nothing of what they mean."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from callbridge.errors import CampaignProblemsError
from callbridge.library.problems import Problems

MOST_BYTES = 8_000_000
MOST_BYTES_TOGETHER = 40_000_000
MOST_FILES = 200


def slugs_in(folder: Path) -> tuple[str, ...]:
    """Return the names of the campaigns' folders in `folder`, sorted; () when it is missing."""
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """Read a campaign's folder: paths relative to it (with `/`) to bytes.

    Files and folders whose name begins with a dot are left out, as are the leftovers of editors
    (`page.md~`). Raises CampaignProblemsError when the folder is missing or too big, or when a
    link in it leads out of it.
    """
    problems = Problems()
    if not folder.is_dir():
        problems.error(
            "", None, f"There is no folder {folder.name!r}.", "Make it, or fix its name."
        )
        raise refusal(folder.name, problems)
    root = folder.resolve()
    found: dict[str, bytes] = {}
    together = 0
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        if not path.resolve().is_relative_to(root) or not path.is_file():
            problems.error(name, None, "This link leads out of the folder.", "Copy the file here.")
            continue
        size = path.stat().st_size
        together += size
        if size > MOST_BYTES:
            problems.error(
                name,
                None,
                f"This file has {size / 1e6:.0f} MB; {MOST_BYTES / 1e6:.0f} MB is the most.",
                "Make it smaller.",
            )
        elif together <= MOST_BYTES_TOGETHER and len(found) < MOST_FILES:
            found[name] = path.read_bytes()
    if together > MOST_BYTES_TOGETHER or len(found) >= MOST_FILES:
        problems.error(
            "",
            None,
            f"The folder has more than {MOST_BYTES_TOGETHER / 1e6:.0f} MB or {MOST_FILES} files.",
            "Keep only what the campaign needs.",
        )
    if problems.all():
        raise refusal(folder.name, problems)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for top, folders, names in os.walk(folder, followlinks=False):
        # A linked folder is met as a name, never entered.
        links = [name for name in folders if (Path(top) / name).is_symlink()]
        folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in links)
        for name in sorted([*names, *links]):
            if not name.startswith(".") and not name.endswith("~"):
                yield Path(top) / name


def digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over names and contents, hexadecimal; the order of files is no matter."""
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def refusal(slug: str, problems: Problems) -> CampaignProblemsError:
    """Return the error that carries every problem, with the first of them as its sentence."""
    found = problems.all()
    rest = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    return CampaignProblemsError(f"Campaign {slug}: {found[0]}{rest}", problems=found)
