"""Who may call each route: every route of the URL map is asked for as every kind of person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from callbridge.rehearsal.keeping import Shelf
from callbridge.rehearsal.starting import BesideTheWeb
from callbridge.service.rehearsals import Rehearsal, RehearsalState
from callbridge.web.access import ALLOWED, ROLES, Access, access, declared
from tests.web.quality import Reader
from tests.web.setting import Site, csrf_of, signed_in
from tests.web.test_drives import draft

VALUES = {
    "rehearsal": "20260615-133000-0a1b2c",
    "slug": "attorney-general",
    "call": "0" * 32,
    "token": "0" * 32,
    "step": 0,
    "digest": "0" * 64,
    "name": "none.png",
    "kind": "csv",
    "chart": "funnel",
    "picture": "svg",
    "format": "csv",
    "target": "S000033",
    "filename": "callbridge.css",
    "drive": "0" * 32,
}


@pytest.fixture(autouse=True)
def rehearsed(site: Site, tmp_path: Path) -> None:
    """Keep a rehearsal for the routes that show one."""
    started = datetime(2026, 6, 15, 13, 30, tzinfo=UTC)
    kept = Rehearsal(
        id=str(VALUES["rehearsal"]),
        drive="0" * 32,
        campaign="A campaign",
        who="ada@example.org",
        seed=1,
        speed=100.0,
        started=started,
        state=RehearsalState.DONE,
    )
    Shelf(tmp_path / "rehearsals").write(kept)
    object.__setattr__(site.ctx, "rehearser", BesideTheWeb(tmp_path / "rehearsals"))


def rules(app: Flask) -> list[Rule]:
    """List every rule."""
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def ask(reader: Reader, rule: Rule, method: str, token: str | None = None) -> int:
    """Ask for a route and return the status."""
    adapter = reader.app.url_map.bind("localhost")
    wanted = {name: VALUES[name] for name in rule.arguments}
    path = adapter.build(rule.endpoint, wanted, method=method)
    if method == "GET":
        return reader.get(path).status_code
    return reader.post(path, data={"csrf_token": token or ""}).status_code


def methods(rule: Rule) -> list[str]:
    """List the methods that do something."""
    return sorted((rule.methods or set()) & {"GET", "POST"})


def test_every_route_says_who_may_call_it(site: Site) -> None:
    silent = [rule.rule for rule in rules(site.app) if declared(site.app, rule.endpoint) is None]
    assert not silent
    assert len(rules(site.app)) > 25


def test_a_route_that_says_nothing_is_refused_to_everybody(site: Site) -> None:
    site.app.add_url_rule("/forgotten", view_func=lambda: "secret")
    answer = site.reader().get("/forgotten")
    assert answer.status_code == 403
    assert "secret" not in answer.text


@pytest.mark.parametrize("role", ["", *ROLES])
def test_every_route_lets_in_whom_it_says_and_nobody_else(
    site: Site, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(VALUES, "drive", draft(site))
    reader = signed_in(site, role) if role else site.reader()
    token = csrf_of(reader.get("/console").text) if role else None
    wrong = []
    for rule in rules(site.app):
        who = declared(site.app, rule.endpoint)
        assert who is not None
        if rule.endpoint == "security.logout":
            continue  # it would end the walk; tested by itself
        for method in methods(rule):
            status = ask(reader, rule, method, token)
            if who is Access.HOOK:
                expected = status == 403
            elif who is Access.PUBLIC:
                expected = status not in {401, 403}
                expected |= rule.endpoint == "security.login" and method == "POST"
            elif not role:
                expected = status == 302
            elif role in ALLOWED[who]:
                # 422: an empty form was read, and refused for what is missing in it.
                expected = status in {200, 303, 302} or (method == "POST" and status == 422)
            else:
                expected = status == 403
            if not expected:
                wrong.append(f"{method} {rule.rule} ({who}) as {role or 'nobody'}: {status}")
    assert not wrong


def test_somebody_without_a_role_sees_nothing(site: Site) -> None:
    assert signed_in(site).get("/console").status_code == 403


def test_what_is_declared_stays_on_the_view() -> None:
    view = access(Access.ADMIN)(lambda: "x")
    assert view.access is Access.ADMIN  # type: ignore[attr-defined]
    assert ALLOWED[Access.ADMIN] == {"admin"}
