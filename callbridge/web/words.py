"""The page's words in the page's language, typed; knows no word itself."""

from __future__ import annotations

from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext


def gettext(text: str, **values: object) -> str:
    """Return `text` in the page's language, with `%(name)s` filled in."""
    return str(_gettext(text, **values))


def ngettext(one: str, several: str, num: int) -> str:
    """Return the words for `num` things, with `%(num)s` filled in."""
    return str(_ngettext(one, several, num))
