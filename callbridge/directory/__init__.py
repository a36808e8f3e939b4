"""Members, seats, offices and the ZIP to seats map: sources, packed snapshot, lookup, update."""

from __future__ import annotations

from callbridge.directory.lookup import Directory

__all__ = ["Directory"]
