"""Makes many addresses of one endpoint at little more than the price of one; knows no page."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import url_for

# In no slug, no filter and no id: nobody can guess it.
_HERE = secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class Addresses:
    """What stands before and after the one value that differs."""

    before: str
    after: str

    def __call__(self, value: object) -> str:
        """Return the address for a value."""
        return f"{self.before}{quote(str(value), safe='')}{self.after}"


def addresses(endpoint: str, name: str, **values: Any) -> Addresses:
    """Return an endpoint's addresses by the one value that differs.

    Whatever `url_for` adds (the page's language) is added once; a board has thousands of links.
    """
    return Addresses(*url_for(endpoint, **{**values, name: _HERE}).split(_HERE))
