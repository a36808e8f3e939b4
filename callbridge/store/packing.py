"""A call and its facts to and from JSON text; knows no table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import lru_cache

import msgspec

from callbridge.domain.call import Call, Target
from callbridge.domain.facts import Fact

_encode = msgspec.json.Encoder().encode
_call = msgspec.json.Decoder(Call)
_KEPT = tuple(one.name for one in fields(Call) if one.name != "targets")
_targets = msgspec.json.Decoder(tuple[Target, ...])


def pack_call(call: Call) -> str:
    """Return the call without its targets, which are kept apart."""
    return _encode({name: getattr(call, name) for name in _KEPT}).decode()


def pack_targets(targets: Sequence[Target]) -> str:
    """Return the targets' JSON."""
    return _encode(targets).decode()


def unpack_call(state: str, targets: str) -> Call:
    """Return the call with its targets."""
    return replace(_call.decode(state), targets=unpack_targets(targets))


@lru_cache(maxsize=256)
def unpack_targets(targets: str) -> tuple[Target, ...]:
    """Return the targets alone: the same text in every hook of a call, so read once."""
    return _targets.decode(targets)


def fact_kind(fact: Fact) -> str:
    """Return the word a fact is stored under: its class's name."""
    return type(fact).__name__


def pack_fact(fact: Fact) -> str:
    """Return a fact's JSON."""
    return _encode(fact).decode()
