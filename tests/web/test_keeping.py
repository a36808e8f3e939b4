"""How the installation stands: the health page, /readyz and /metrics."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from callbridge import __version__
from callbridge.app import create_app
from callbridge.service.jobs import run_due
from callbridge.service.restored import hold
from callbridge.store import Database
from tests.web.setting import Site, signed_in, site_on

TOKEN = "m" * 32


def metrics(site: Site) -> dict[tuple[str, ...], float]:
    """Read /metrics as Prometheus does: name and label values, by label, to value."""
    answer = site.app.test_client().get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_metrics_are_counted_from_the_database_and_name_nobody(site: Site) -> None:
    before = metrics(site)
    assert before["callbridge_attempts", "placed"] == 0
    site.call()
    site.voice(0)
    run_due(site.ctx, owner="d")
    with site.database.writing() as unit:
        unit.jobs.beat("d")
    after = metrics(site)
    assert after["callbridge_attempts", "placed"] == 1
    assert after["callbridge_attempts", "unknown"] == 0
    assert after["callbridge_calls", "", "greeting"] == 1
    assert after["callbridge_hooks_accepted_total",] >= 1
    assert after["callbridge_dialers",] == 1
    assert after["callbridge_dialing_held",] == 0
    assert after["callbridge_job_last_success_timestamp_seconds", "retention"] > 1e9
    assert after["callbridge_job_failures", "reconcile"] == 0
    assert after["callbridge_database_bytes",] > 0
    assert after["callbridge_info", "sqlite", __version__] == 1
    assert "5550147" not in site.app.test_client().get("/metrics").text
    assert "attorney-general" not in str(after)


def test_metrics_are_for_this_machine_or_for_whoever_has_the_token(
    database: Database, database_url: str
) -> None:
    site = site_on(database, database_url, METRICS_TOKEN=TOKEN)

    def ask(address: str, **headers: str) -> int:
        client = site.app.test_client()
        base = {"REMOTE_ADDR": address}
        return client.get("/metrics", environ_base=base, headers=headers).status_code

    assert ask("127.0.0.1") == ask("::1") == 200
    assert ask("203.0.113.9") == 404
    assert ask("203.0.113.9", Authorization=f"Bearer {TOKEN}") == 200
    assert ask("203.0.113.9", Authorization="Bearer wrong") == 404
    # Through a proxy on this machine that nobody told us of.
    assert ask("127.0.0.1", **{"X-Forwarded-For": "203.0.113.9"}) == 404


def test_without_a_token_no_word_opens_the_metrics(site: Site) -> None:
    answer = site.app.test_client().get(
        "/metrics",
        environ_base={"REMOTE_ADDR": "203.0.113.9"},
        headers={"Authorization": "Bearer "},
    )
    assert answer.status_code == 404


def test_a_known_proxy_on_this_machine_makes_nobody_local(
    database: Database, database_url: str
) -> None:
    site = site_on(database, database_url, TRUSTED_PROXIES="1")
    client = create_app(context=site.ctx).test_client()
    far = {"X-Forwarded-For": "203.0.113.9"}
    assert client.get("/metrics", headers=far).status_code == 404
    assert client.get("/metrics").status_code == 200


def test_readiness_says_since_when_no_dialer_spoke(site: Site) -> None:
    client = site.app.test_client()
    assert client.get("/readyz").json["dialer_seconds"] is None
    with site.database.writing() as unit:
        unit.jobs.beat("d")
    told = client.get("/readyz")
    assert told.status_code == 200
    assert told.json["dialer_seconds"] < 60


def test_without_a_database_nobody_is_sent_here(site: Site, tmp_path: Path) -> None:
    gone = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    app = create_app(context=replace(site.ctx, store=gone))
    assert app.test_client().get("/readyz").status_code == 503
    gone.close()


@pytest.mark.parametrize(("role", "status"), [("organizer", 200), ("admin", 200), ("analyst", 403)])
def test_the_health_page_is_for_organizers_and_admins(site: Site, role: str, status: int) -> None:
    assert signed_in(site, role).get("/console/health").status_code == status


def test_the_health_page_shows_the_jobs_and_a_hold(site: Site) -> None:
    reader = signed_in(site, "organizer")
    fresh = reader.get("/console/health").text
    assert "Numbers, hashes and ZIPs are erased when due" in fresh
    assert "not yet run" in fresh
    assert "dialing resume" not in fresh
    run_due(site.ctx, owner="d")
    hold(site.ctx)
    later = reader.get("/console/health").text
    assert "Erased 0 numbers" in later
    assert "nobody is rung by itself" in later
    assert "Estado del servicio" in reader.get("/console/health?lang=es").text


def test_the_version_shown_is_the_projects_own() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert project["project"]["version"] == __version__
