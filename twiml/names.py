"""The one table of attribute names and types, from the fields of the verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from types import UnionType
from typing import get_args, get_type_hints

from twiml import verbs

# Fields that are content of the element, not attributes of it.
CONTENT = {
    verbs.Say: "text",
    verbs.Play: "url",
    verbs.Number: "phone",
    verbs.Redirect: "url",
    verbs.Gather: "children",
    verbs.Dial: "numbers",
}
NODES: tuple[type, ...] = (
    verbs.Say,
    verbs.Play,
    verbs.Pause,
    verbs.Gather,
    verbs.Dial,
    verbs.Number,
    verbs.Redirect,
    verbs.Hangup,
    verbs.Reject,
)


def attribute_name(field: str) -> str:
    """Write a field's name as TwiML does: `num_digits` becomes `numDigits`."""
    first, *rest = field.split("_")
    return first + "".join(part.title() for part in rest)


def read_whole(text: str) -> int:
    """Read a whole number from 0 up, ASCII digits only. Raises ValueError."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError("is not a whole number")
    return int(text)


def read_switch(text: str) -> bool:
    """Read true or false. Raises ValueError."""
    match text.lower():
        case "true":
            return True
        case "false":
            return False
        case _:
            raise ValueError("is neither true nor false")


def read_words(text: str) -> tuple[str, ...]:
    """Read words separated by spaces."""
    return tuple(text.split())


def _reader(hint: object) -> Callable[[str], object]:
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if int in kinds:
        return read_whole
    if bool in kinds:
        return read_switch
    if str in kinds:
        return str
    return read_words


# node → attribute name → (field, reader of its text)
ATTRIBUTES: dict[type, dict[str, tuple[str, Callable[[str], object]]]] = {
    node: {
        attribute_name(field.name): (field.name, _reader(get_type_hints(node)[field.name]))
        for field in fields(node)
        if field.name != CONTENT.get(node)
    }
    for node in NODES
}
