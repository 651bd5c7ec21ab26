"""Mails go out once: refused, put off, broken off or left behind, each is told as it is."""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bpm import mail
from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, EarshotError
from bpm.mail.sending import GIVEN_UP_AFTER
from tests.mail import fake_server
from tests.mail.conftest import queue, rows, send, states, with_server
from tests.mail.fake_server import BREAK_AFTER_DATA, BREAK_IN_DATA, TAKE_AND_BREAK

pytestmark = pytest.mark.both_databases

Posting = Callable[..., Any]


def test_a_mail_goes_out_and_its_words_are_forgotten(app: App, posting: Posting) -> None:
    with posting() as (app, box):
        queue(app, text="Grüße, Ada.\n.\n..dots\n")
        assert send(app) == 1
        assert send(app) == 0
    [taken] = box.mails()
    assert taken["To"] == "ada@example.org"
    assert taken["From"] == "Earshot <post@example.com>"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Message-ID"].endswith("@example.com>")
    assert taken["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert taken.get_content().replace("\r", "") == "Grüße, Ada.\n.\n..dots\n"
    assert states(app) == ["sent"]
    with app.unit_of_work.reading() as work:
        assert work.session.query(mail.MailMessage.text, mail.MailMessage.html).all() == [("", None)]


def test_one_key_is_one_mail(app: App) -> None:
    assert queue(app)
    assert not queue(app, subject="Again")
    assert [row.subject for row in rows(app)] == ["Hello"]


def test_a_command_that_fails_queues_nothing(app: App) -> None:
    with pytest.raises(ZeroDivisionError), app.unit_of_work() as work:
        mail.queue(work, to="a@example.org", subject="Hi", text="", kind="test", key="k")
        raise ZeroDivisionError
    assert rows(app) == []


def test_many_mails_go_over_one_connection(app: App, posting: Posting) -> None:
    with posting() as (app, box):
        for number in range(5):
            queue(app, str(number))
        assert send(app) == 5
    assert (len(box.taken), box.connections) == (5, 1)


def test_workers_side_by_side_send_each_mail_once(app: App, posting: Posting) -> None:
    with posting() as (app, box):
        for number in range(12):
            queue(app, str(number))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: send(app), range(4)))
    assert len({each["Message-ID"] for each in box.mails()}) == len(box.taken) == 12
    assert set(states(app)) == {"sent"}


def test_a_temporary_failure_is_tried_again_later_under_the_same_id(
    app: App, posting: Posting, clock: FixedClock
) -> None:
    with posting("451 greylisted", "450 still") as (app, box):
        queue(app)
        for wait in (timedelta(minutes=1), timedelta(minutes=5)):
            send(app)
            [row] = rows(app)
            assert (row.status, row.next_at) == ("delayed", clock.now() + wait)
            assert send(app) == 0
            clock.advance(wait)
        assert row.last_error == "450 still"
        send(app)
    assert len(box.taken) == 1
    assert states(app) == ["sent"]


def test_it_is_given_up_after_some_days(app: App, posting: Posting, clock: FixedClock) -> None:
    with posting(*["451 later"] * 30) as (app, _box):
        queue(app)
        began = clock.now()
        while rows(app)[0].status != "failed":
            send(app)
            clock.set(max(clock.now(), rows(app)[0].next_at))
    assert timedelta(days=4) < clock.now() - began < timedelta(days=6)


def test_a_refused_recipient_fails_at_once_and_stops_no_other(app: App, posting: Posting) -> None:
    with posting("550 no such person") as (app, box):
        queue(app, "one")
        queue(app, "two")
        send(app)
    assert [(row.status, row.last_error) for row in rows(app)] == [("failed", "550 no such person"), ("sent", None)]
    assert len(box.taken) == 1


@pytest.mark.parametrize("mood", [BREAK_IN_DATA, BREAK_AFTER_DATA, TAKE_AND_BREAK])
def test_a_connection_that_breaks_before_the_answer_leaves_it_open_and_nothing_goes_twice(
    app: App, posting: Posting, mood: str, clock: FixedClock
) -> None:
    with posting(mood) as (app, box):
        queue(app, "one")
        queue(app, "two")
        send(app)
        assert states(app) == ["perhaps_sent", "sent"]
        clock.advance(timedelta(days=9))
        assert send(app) == 0
        with app.unit_of_work() as work:
            mail.retry_mail(work, rows(app)[0].id)
        send(app)
    assert states(app) == ["sent", "sent"]
    first = [each["Message-ID"] for each in box.mails()]
    assert len(set(first)) == 2  # sent again, it has the id it had


def test_a_break_while_a_large_mail_is_sent_is_no_sending(app: App, posting: Posting, clock: FixedClock) -> None:
    with posting(BREAK_IN_DATA) as (app, box):
        with app.unit_of_work() as work:
            for number, size in enumerate((190_000, 10)):
                mail.queue(
                    work, to="a@example.org", subject="Long", text="x\n" * (size // 2), html="y\n" * (size // 2),
                    kind="test", key=str(number),
                )  # fmt: skip
        send(app)
        assert states(app)[1] == "sent"
        assert states(app)[0] in {"delayed", "perhaps_sent"}  # by how much the network took before it noticed
    assert len(box.taken) == 1


def test_a_server_that_is_away_puts_all_off_and_says_so(app: App, clock: FixedClock) -> None:
    with fake_server.running() as gone:
        pass
    app = with_server(app, gone.port)
    queue(app, "one")
    queue(app, "two")
    assert send(app) == 2
    assert states(app) == ["delayed", "delayed"]
    with app.unit_of_work.reading() as work:
        trouble = mail.count_trouble(work)
    assert (trouble.delayed, trouble.is_there) == (2, True)
    assert "Connection refused" in trouble.last_error
    assert "EARSHOT_SMTP_HOST" in trouble.last_error
    with fake_server.running() as box:
        clock.advance(timedelta(minutes=2))
        send(with_server(app, box.port))
    assert states(app) == ["sent", "sent"]


def test_without_a_server_mails_stay(app: App) -> None:
    queue(app)
    assert send(app) == 0
    assert states(app) == ["created"]


def test_only_what_did_not_go_is_sent_again(app: App, posting: Posting) -> None:
    with posting() as (app, _box):
        queue(app)
        send(app)
        with pytest.raises(ConflictError, match="is sent"), app.unit_of_work() as work:
            mail.retry_mail(work, rows(app)[0].id)


DYING = """
import os, signal
from bpm.app import build
from bpm import mail
from bpm.mail import sending
sending._record = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
mail.sweep_mail(build().unit_of_work)
"""


def test_a_worker_killed_between_sending_and_noting_leaves_a_mail_that_perhaps_went(
    app: App, posting: Posting, clock: FixedClock
) -> None:
    with posting() as (app, box):
        queue(app)
        environment = os.environ | {
            "EARSHOT_HOME": str(app.settings.home), "EARSHOT_DATABASE_URL": app.settings.database_url,
            "EARSHOT_SMTP_HOST": "127.0.0.1", "EARSHOT_SMTP_PORT": str(box.port), "EARSHOT_SMTP_TLS": "none",
            "EARSHOT_SMTP_FROM": "post@example.com", "EARSHOT_EMBEDDED_WORKER": "false",
        }  # fmt: skip
        died = subprocess.run([sys.executable, "-c", DYING], env=environment, check=False, capture_output=True)
        assert died.returncode == -signal.SIGKILL, died.stderr.decode()
        assert states(app) == ["sending"]
        assert len(box.taken) == 1
        assert send(app) == 0
        clock.set(datetime.now(UTC) + GIVEN_UP_AFTER + timedelta(minutes=1))
        assert send(app) == 1
        assert states(app) == ["perhaps_sent"]
        assert send(app) == 0
    assert len(box.taken) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(app: App, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    with fake_server.running(context=context) as box:
        app = with_server(app, box.port, smtp_tls="starttls")
        queue(app)
        send(app)
        assert "certificate verify failed" in (rows(app)[0].last_error or "")
    assert box.taken == []


def test_with_a_certificate_that_is_known_it_is_encrypted(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with fake_server.running(context=context) as box:
        app = with_server(app, box.port, smtp_tls="starttls")
        queue(app)
        send(app)
    assert states(app) == ["sent"]


def certificate(folder: Path) -> Path:
    """A key and a certificate that signs itself, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "here.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_test_mail_goes_at_once_and_its_failure_is_told(app: App, posting: Posting) -> None:
    with pytest.raises(EarshotError, match="EARSHOT_SMTP_HOST"):
        mail.send_test(app.unit_of_work, "ada@example.org")
    with posting("550 not here") as (there, box):
        with pytest.raises(EarshotError, match="550 not here"):
            mail.send_test(there.unit_of_work, "ada@example.org")
        assert mail.send_test(there.unit_of_work, "ada@example.org") == "250 taken"
    assert rows(app) == []
    assert [each["Subject"] for each in box.mails()] == ["A test from Earshot"]


def test_a_second_server_takes_what_the_first_cannot_be_reached_for(app: App) -> None:
    with fake_server.running() as gone:
        pass
    with fake_server.running() as box:
        broken = with_server(app, gone.port, smtp_second=f"none://127.0.0.1:{box.port}")
        queue(broken)
        send(broken)
        assert [each["To"] for each in box.mails()] == ["ada@example.org"]
    assert states(app) == ["sent"]
    queue(broken, "two")
    send(broken)
    assert states(app)[1] != "sent", "neither can be reached"


def test_a_connection_that_the_server_ends_between_two_mails_is_opened_anew(app: App, posting: Posting) -> None:
    with posting("250 ok", "421 closing", "250 ok", "250 ok") as (there, box):
        for key in ("one", "two", "three"):
            queue(there, key)
        send(there)
        assert states(app) == ["sent", "sent", "sent"]
        assert (len(box.taken), box.connections) == (3, 2)


def test_a_server_that_ends_every_connection_is_left_alone_till_later(app: App, posting: Posting) -> None:
    with posting("421 closing", "421 closing") as (there, box):
        queue(there)
        send(there)
        assert states(app) == ["delayed"]
        assert box.connections == 1
