"""A rehearsal's own PostgreSQL starts for a user without a runtime folder, and says nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTS = """
import sys
from pathlib import Path
import psycopg
from callbridge.rehearsal.scratch import scratch_database

with scratch_database(Path(sys.argv[1]), postgresql=True) as url:
    with psycopg.connect(url) as connection:
        print(connection.execute("SHOW fsync").fetchone()[0])
"""


@pytest.mark.postgres
@pytest.mark.slow
def test_postgresql_starts_for_a_user_without_a_runtime_folder(tmp_path: Path) -> None:
    environment = {name: v for name, v in os.environ.items() if name != "XDG_RUNTIME_DIR"}
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", STARTS, str(tmp_path)],
        check=False,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "off\n", "")
