"""The one command line: gathers the commands and turns errors into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from callbridge.cli import (
    analysing,
    board,
    budget,
    calls,
    campaigns,
    directory,
    driving,
    driving_ahead,
    jobs,
    kept,
    looking,
    people,
    reports,
    running,
    safekeeping,
    screen,
    up,
    webhooks,
)
from callbridge.cli.exits import Exit, code_for
from callbridge.errors import CallbridgeError

app = typer.Typer(
    name="callbridge",
    help="Put citizens on the phone with their members of Congress.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    up,
    running,
    looking,
    campaigns,
    calls,
    driving,
    driving_ahead,
    analysing,
    board,
    reports,
    directory,
    people,
    jobs,
    webhooks,
    budget,
    kept,
    safekeeping,
):
    group.register(app)


@app.callback()
def options(
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show where an error came from.")
    ] = False,
) -> None:
    """Put citizens on the phone with their members of Congress."""
    if traceback:
        os.environ["CALLBRIDGE_TRACEBACK"] = "1"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    try:
        app(given, prog_name="python -m callbridge")
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else Exit.FINE
    except CallbridgeError as error:
        if os.environ.get("CALLBRIDGE_TRACEBACK"):
            raise
        _tell(error, as_json="--json" in given)
        return code_for(error)
    except Exception as error:
        if os.environ.get("CALLBRIDGE_TRACEBACK"):
            raise
        what = str(error).split("\n", maxsplit=1)[0]
        screen.fail(f"Unexpected: {type(error).__name__}: {what}")
        screen.note("To see where it came from: python -m callbridge --traceback …")
        return Exit.PROBLEMS
    return Exit.FINE


def _tell(error: CallbridgeError, *, as_json: bool) -> None:
    if as_json:
        screen.show_json({"type": error.type, "status": error.status, "detail": error.sentence})
    screen.fail(error.sentence)
    # The sentence of a campaign's problems names the first; a person wants them all.
    for problem in tuple(error.extra.get("problems", ()))[1:]:  # type: ignore[arg-type, var-annotated]
        screen.fail(str(problem))
