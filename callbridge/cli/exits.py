"""The exit codes of the command line and which error leads to which; prints nothing."""

from __future__ import annotations

from enum import IntEnum

from callbridge.errors import (
    CallbridgeError,
    CarrierError,
    NoCarrierError,
    NotAZipError,
    NotFoundError,
    RefusedError,
    SettingsError,
    UnknownZipError,
)


class Exit(IntEnum):
    """What a command's end says to the program that ran it."""

    FINE = 0
    PROBLEMS = 1
    WRONG_USE = 2
    SETTINGS = 3
    CARRIER = 4
    NOT_FOUND = 5
    REFUSED = 6
    INTERRUPTED = 130


MEANINGS: dict[Exit, str] = {
    Exit.FINE: "done, nothing to complain about",
    Exit.PROBLEMS: "problems were found, or it went wrong in a way that has no code of its own",
    Exit.WRONG_USE: "the command was written wrongly, or what was given is no ZIP",
    Exit.SETTINGS: "a setting is missing or wrong, or a port is taken",
    Exit.CARRIER: "the telephone company refused or did not answer, or none is set up",
    Exit.NOT_FOUND: "no such campaign, call or ZIP",
    Exit.REFUSED: "understood, but not allowed now: paused, too many, opted out, nobody to call",
    Exit.INTERRUPTED: "stopped with Ctrl-C",
}


def code_for(error: CallbridgeError) -> Exit:
    """Choose the exit code of an error."""
    match error:
        case SettingsError():
            return Exit.SETTINGS
        case CarrierError() | NoCarrierError():
            return Exit.CARRIER
        case NotAZipError():
            return Exit.WRONG_USE
        case NotFoundError() | UnknownZipError():
            return Exit.NOT_FOUND
        case RefusedError():
            return Exit.REFUSED
        case _:
            return Exit.PROBLEMS
