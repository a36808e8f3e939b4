"""Mail by a real mail server on loopback, on both databases: tried again, and once is enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from callbridge.domain.deliveries import MAIL_LANE, MailWish
from callbridge.domain.jobs import Schedule
from callbridge.errors import DirectoryError, RefusedError
from callbridge.post.mail import SmtpMailer
from callbridge.service import mailing
from callbridge.service.chores import Job
from callbridge.service.context import Context
from callbridge.service.deliveries.sending import deliver
from callbridge.service.drives import running
from callbridge.service.jobs import run_due, run_now
from callbridge.store.keeping_tables import jobs
from callbridge.store.outbox_tables import deliveries
from tests.post.receivers import MailServer, free_port, mail_server
from tests.service.drives.crowd import begun
from tests.service.setting import Service

# On PostgreSQL by night.
pytestmark = pytest.mark.sqlite_by_day

TO = "ada@example.org"


@pytest.fixture(scope="module")
def one_server() -> Iterator[MailServer]:
    """Run one mail server for all these tests."""
    with mail_server() as server:
        yield server


@pytest.fixture
def server(one_server: MailServer) -> MailServer:
    """Return the mail server as new."""
    one_server.replies, one_server.recipients, one_server.taken = [], [], []
    return one_server


@pytest.fixture
def post(service: Service, server: MailServer) -> Service:
    """Return a service with that mail server."""
    return mailed(service, server.port)


def mailed(service: Service, port: int) -> Service:
    """Return a service whose mail goes to a port."""
    url = f"smtp://127.0.0.1:{port}"
    made = service.with_settings(SMTP_URL=url, MAIL_FROM="calls@example.org")
    mailer = SmtpMailer(url, "calls@example.org", seconds=(2.0, 4.0))
    return replace(made, ctx=replace(made.ctx, mailer=mailer))


def work(service: Service, **span: float) -> None:
    """Let time pass, then let the dialer deliver."""
    service.clock.forward(**span)
    deliver(service.ctx, owner="dialer")


def rows(service: Service) -> list[tuple[str, int, str | None]]:
    """Return state, tries and trouble of every delivery."""
    with service.database.reading() as unit:
        found = unit.connection.execute(select(deliveries).order_by(deliveries.c.created))
        return [(row.state, row.tries, row.trouble) for row in found]


def test_a_mail_arrives_with_its_parts_and_is_forgotten_here(
    post: Service, server: MailServer
) -> None:
    figures = mailing.Attachment(name="figures.csv", content_type="text/csv", content=b"a,b\n")
    (name,) = mailing.send(
        post.ctx,
        to=TO,
        subject="Today: 12 calls\r\nBcc: everybody@example.org",
        text="Twelve calls — ¡gracias!",
        html="<p>Twelve</p>",
        attachments=[figures],
    )
    work(post)
    (mail,) = server.taken
    assert mail["Message-ID"] == f"<{name}@example.org>"
    assert mail["Subject"] == "Today: 12 calls Bcc: everybody@example.org"
    assert mail["Bcc"] is None
    assert (mail["To"], mail["Auto-Submitted"]) == (TO, "auto-generated")
    assert "calls@example.org" in mail["From"]
    text = mail.get_body(("plain",))
    assert text is not None
    assert "¡gracias!" in text.get_content()
    assert [part.get_filename() for part in mail.iter_attachments()] == ["figures.csv"]
    assert rows(post) == [("delivered", 1, None)]
    with post.database.reading() as unit:
        kept = unit.connection.execute(select(deliveries.c.body, deliveries.c.to)).one()
    assert (bytes(kept.body), kept.to) == (b"", None)
    work(post, days=1)
    assert len(server.taken) == 1


def test_a_server_that_says_later_gets_it_later(post: Service, server: MailServer) -> None:
    server.replies = ["451 Too busy", "452 Still", "250 OK"]
    mailing.send(post.ctx, to=TO, subject="Hello", text="Hello.")
    work(post)
    assert rows(post) == [("waiting", 1, "The mail server said 451 Too busy.")]
    work(post, seconds=1)
    assert rows(post)[0][1] == 1
    work(post, seconds=10)
    assert rows(post)[0][1] == 2
    work(post, seconds=60)
    assert rows(post) == [("delivered", 3, None)]
    assert len(server.taken) == 1


def test_a_refusal_for_good_ends_one_mail_and_no_other(post: Service, server: MailServer) -> None:
    server.recipients = ["550 No such mailbox"]
    mailing.send(post.ctx, to=[TO, "bo@example.org"], subject="Hello", text="Hello.")
    work(post)
    assert sorted(rows(post), key=str) == [
        ("dead", 1, "The mail server said 550 No such mailbox."),
        ("delivered", 1, None),
    ]
    assert len(server.taken) == 1
    work(post, days=1)
    assert len(server.taken) == 1


def test_a_line_lost_after_the_text_brings_the_same_mail_again(
    post: Service, server: MailServer
) -> None:
    server.replies = ["lost"]
    mailing.send(post.ctx, to=TO, subject="Hello", text="Hello.")
    work(post)
    assert rows(post)[0][:2] == ("waiting", 1)
    work(post, minutes=5)
    assert rows(post)[0][:2] == ("delivered", 2)
    assert len({mail["Message-ID"] for mail in server.taken}) == 1
    assert len({mail.as_bytes() for mail in server.taken}) == 1
    assert len(server.taken) == 2


def test_a_server_that_is_away_is_left_alone_for_a_while_and_mail_dies_after_days(
    service: Service,
) -> None:
    post = mailed(service, free_port())
    mailing.send(post.ctx, to=TO, subject="Hello", text="Hello.")
    mailing.send(post.ctx, to=TO, subject="Again", text="Again.")
    work(post)
    # The second is not tried: it would be the same.
    assert sorted(tries for _, tries, _ in rows(post)) == [0, 1]
    with post.database.reading() as unit:
        assert unit.outbox.ready_lanes(now=post.clock.now(), most=5) == []
    for _ in range(60):
        work(post, hours=2)
    assert {state for state, _, _ in rows(post)} == {"dead"}
    assert all(tries < 30 for _, tries, _ in rows(post))
    with post.database.reading() as unit:
        view = unit.outbox.views()[MAIL_LANE]
    assert (view.waiting, view.dead) == (0, 2)
    assert view.trouble is not None


def test_what_is_rolled_back_is_never_mailed(post: Service, server: MailServer) -> None:
    with pytest.raises(ZeroDivisionError), post.database.writing() as unit:
        mailing.write(post.ctx, unit, to=TO, subject="Hello", text="Hello.")
        1 / 0  # noqa: B018
    work(post)
    assert rows(post) == []
    assert not server.taken


def test_who_asked_is_told_and_nobody_else(post: Service, server: MailServer) -> None:
    with post.database.writing() as unit:
        unit.outbox.wish("ada@example.org", {MailWish.DRIVE_FINISHED})
        unit.outbox.wish("bo@example.org", {MailWish.JOB_FAILING})
        told = mailing.tell(
            post.ctx, unit, MailWish.DRIVE_FINISHED, subject="Finished", text="Finished."
        )
    work(post)
    assert told == 1
    assert [mail["To"] for mail in server.taken] == ["ada@example.org"]


@pytest.mark.parametrize("to", ["nobody", "a b@example.org", "a@example.org\r\nBcc: b@c.org", ""])
def test_what_is_no_address_is_refused(post: Service, to: str) -> None:
    with pytest.raises(RefusedError):
        mailing.send(post.ctx, to=to, subject="Hello", text="Hello.")


def test_without_a_mail_server_mail_is_refused_in_a_sentence(service: Service) -> None:
    with pytest.raises(RefusedError, match="SMTP_URL"):
        mailing.send(service.ctx, to=TO, subject="Hello", text="Hello.")


def test_a_job_that_keeps_failing_is_told_once(post: Service, server: MailServer) -> None:
    def work_badly(_: Context) -> str:
        raise DirectoryError("The web is away.")

    bad = Job(name="bad", words="Bad", schedule=Schedule(every=0.0), work=work_badly)
    with post.database.writing() as unit:
        unit.outbox.wish(TO, {MailWish.JOB_FAILING})
    for _ in range(5):
        with post.database.writing() as unit:
            unit.connection.execute(update(jobs).values(due=0.0))
        assert run_due(post.ctx, owner="a", among=(bad,)) == 1
    work(post)
    (mail,) = server.taken
    assert mail["Subject"] == "The job bad fails"
    assert "The web is away." in mail.get_content()


def test_a_directory_that_is_held_and_a_drive_that_ends_are_told(
    post: Service, server: MailServer
) -> None:
    class Holding:
        def renew(self, *, today: date) -> str:
            return "Held for you: 90 members are gone."

        def waits(self) -> bool:
            return True

    told = replace(post, ctx=replace(post.ctx, renewer=Holding()))
    with told.database.writing() as unit:
        unit.outbox.wish(TO, {MailWish.DIRECTORY_HELD, MailWish.DRIVE_FINISHED})
    run_now(told.ctx, "directory", owner="a")
    running.stop(told.ctx, begun(told, 2))
    work(told)
    subjects = [mail["Subject"] for mail in server.taken]
    assert sorted(subjects) == [
        "A change of the directory waits for you",
        "Drive of water is stopped",
    ]
