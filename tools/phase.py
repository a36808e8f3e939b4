"""Run one phase of the tests and say in one line how it went; knows nothing of what it runs."""

from __future__ import annotations

import subprocess
import sys
import time


def main(arguments: list[str]) -> int:
    """Run `[--show] NAME COMMAND…`.

    Without `--show` the output appears only when the command fails; with it all of it does, and
    the command has the last word.
    """
    show = arguments[:1] == ["--show"]
    name, *command = arguments[1:] if show else arguments
    if show:
        print(f"{name:<8} …", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, check=False, text=True, capture_output=not show)
    seconds = time.monotonic() - began
    if done.returncode and not show:
        print(done.stdout + done.stderr, end="")
    if not show:
        word = f"failed ({done.returncode})" if done.returncode else "passed"
        print(f"{name:<8} {word} in {seconds:.1f} s", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
