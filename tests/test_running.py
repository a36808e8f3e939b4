"""The test run itself: what CI refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

SKIPPED = """
import pytest

def test_a_thing_that_is_left_out():
    pytest.skip("no such browser here")

def test_a_thing_that_holds():
    assert True
"""


def run(folder: Path, *, strict: bool, workers: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on one skipped and one good test under the project's conftest."""
    (folder / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (folder / "test_one.py").write_text(SKIPPED)
    left = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "CI", "CALLBRIDGE"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-n", workers, "-p", "no:cacheprovider"],
        cwd=folder,
        env=left | {"PYTHONPATH": str(ROOT)} | ({"CALLBRIDGE_NO_SKIPS": "1"} if strict else {}),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_skipped_test_fails_the_run_in_ci(tmp_path: Path, workers: str) -> None:
    done = run(tmp_path, strict=True, workers=workers)
    assert done.returncode == 1, done.stdout
    assert "a skipped test is a failed one" in done.stdout


def test_a_skipped_test_is_shown_with_its_reason_elsewhere(tmp_path: Path) -> None:
    done = run(tmp_path, strict=False, workers="0")
    assert done.returncode == 0, done.stdout
    assert "no such browser here" in done.stdout
