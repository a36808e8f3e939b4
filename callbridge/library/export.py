"""Writes a revision's files back to a folder, byte for byte; knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from callbridge.errors import RefusedError


def export(files: Mapping[str, bytes], folder: Path) -> tuple[Path, ...]:
    """Write every file under `folder` (made when missing) and return the paths, sorted.

    Raises RefusedError, before writing anything, when the folder already holds something or when
    a name would lead out of it.
    """
    if folder.exists() and any(folder.iterdir()):
        raise RefusedError(f"{folder} is not empty; name a new folder to export to.")
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or not path.parts or ".." in path.parts or "\\" in name:
            raise RefusedError(f"{name!r} is not the name of a campaign's file.")
    written = []
    for name in sorted(files):
        target = folder.joinpath(*PurePosixPath(name).parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files[name])
        written.append(target)
    return tuple(written)
