"""What every test stands on: no socket beyond loopback, and in CI no test left out."""

from __future__ import annotations

import os

import pytest

STRICT = os.environ.get("CALLBRIDGE_NO_SKIPS") == "1" or os.environ.get("CI") == "true"


def pytest_configure(config: pytest.Config) -> None:
    """Close every socket but loopback's; warnings are errors by pyproject.toml."""
    config.option.allow_hosts = config.option.allow_hosts or "127.0.0.1,::1,localhost"
    config.option.allow_unix_socket = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares one browser or one database server on one worker (`--dist loadgroup`)."""
    for item in items:
        if item.get_closest_marker("xdist_group"):
            continue
        for name in ("browser", "postgres"):
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.xdist_group(name))
                break


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
