"""People who sign in are kept with their roles."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from flask_security import Security

from callbridge.store import Database
from callbridge.store.people import datastore


def application(database: Database, *, writing: bool) -> tuple[Flask, Security]:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="k" * 32, SECURITY_PASSWORD_SALT="s" * 32)
    store, registry = datastore(database, writing=writing)
    app.teardown_appcontext(lambda error: registry.remove())
    return app, Security(app, store)


def test_a_person_is_found_with_their_roles_by_another_process(database: Database) -> None:
    app, security = application(database, writing=True)
    with app.app_context():
        people = security.datastore
        for role in ("admin", "analyst", "organizer"):
            people.find_or_create_role(role)
        people.create_user(
            email="ann@example.org",
            password="x",
            roles=["admin", "analyst"],
            created=datetime.now(UTC),
        )
        people.commit()
    app, security = application(database, writing=False)
    with app.app_context():
        found = security.datastore.find_user(email="ann@example.org")
        assert found is not None
        assert found.has_role("admin") and found.has_role("analyst")
        assert not found.has_role("organizer")
        assert found.active and found.fs_uniquifier
