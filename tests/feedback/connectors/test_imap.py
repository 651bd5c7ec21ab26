"""A mailbox is read by UID, encrypted, without a trace over there, and within bounds."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from bpm import mail
from bpm.app import App
from bpm.feedback import connectors, queries
from bpm.feedback.connectors.imap import fetching
from bpm.feedback.connectors.mail import message_id_of
from bpm.feedback.events import DeliveryHeard
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError
from tests.feedback.connectors.imap_server import FakeMailbox, serving

LOGIN = {"name": "Help mailbox", "host": "127.0.0.1", "user": "help@shop.example", "password": "secret-1"}


@pytest.fixture
def box() -> Iterator[FakeMailbox]:
    with serving() as box:
        yield box


def items(app: App) -> list[FeedbackItem]:
    with app.unit_of_work.reading() as work:
        found = list(work.session.scalars(select(FeedbackItem).order_by(FeedbackItem.id)))
        work.session.expunge_all()
        return found


def texts(app: App) -> list[str]:
    return [each.text for each in items(app)]


def connected(connect: Callable[..., int], box: FakeMailbox, **more: str) -> int:
    return connect("imap", **{**LOGIN, "port": str(box.port), "security": "none", **more})


def poll(app: App, clock: FixedClock, minutes: int = 15) -> queries.ConnectorRow:
    while connectors.sweep_connectors(app.unit_of_work):
        pass
    clock.advance(timedelta(minutes=minutes))
    with app.unit_of_work.reading() as work:
        [row] = queries.list_connectors(work)
    return row


def test_only_what_is_new_is_fetched_and_nothing_is_marked(
    app: App, clock: FixedClock, box: FakeMailbox, connect: Callable[..., int]
) -> None:
    box.put(3, "The parcel never came.\r\nFrom where is it sent?")
    box.put(4, "We are on it.", sender="Help <help@shop.example>")
    connected(connect, box)
    assert poll(app, clock).state == "working"
    [mail] = items(app)
    assert mail.text == "The parcel never came.\nFrom where is it sent?"
    assert (mail.author_name, mail.said_at) == ("Ann", datetime(2026, 3, 2, 3, tzinfo=UTC))
    box.commands.clear()
    poll(app, clock)
    assert not [each for each in box.commands if "FETCH" in each], "the newest comes back to n:*, and is not new"
    box.put(9, "And where is my refund?")
    poll(app, clock)
    assert texts(app)[1:] == ["And where is my refund?"]
    assert box.seen == set()
    with app.unit_of_work.reading() as work:
        [run] = queries.list_runs(work)
        [left_out] = queries.list_row_errors(work, run.id)
    assert "own address" in left_out.reason


def test_a_mailbox_that_was_made_anew_is_read_anew_and_nothing_doubles(
    app: App, clock: FixedClock, box: FakeMailbox, connect: Callable[..., int]
) -> None:
    box.put(8, "The parcel never came.")
    connected(connect, box)
    poll(app, clock)
    box.validity, box.mails = 8, {1: box.mails[8]}
    box.put(2, "Where is my refund?")
    poll(app, clock)
    assert texts(app) == ["The parcel never came.", "Where is my refund?"]


def test_what_was_taken_in_is_marked_as_read_when_told(
    app: App, clock: FixedClock, box: FakeMailbox, connect: Callable[..., int]
) -> None:
    box.put(1, "The parcel never came.")
    connected(connect, box, mark="true")
    poll(app, clock)
    assert box.seen == {1}


def test_many_and_huge_mails_come_piece_by_piece(
    app: App, clock: FixedClock, box: FakeMailbox, connect: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_MAILS", 2)
    monkeypatch.setattr(fetching, "LONGEST_MAIL", 3_000)
    for uid in (1, 2, 3):
        box.put(uid, f"Parcel {uid} never came.")
    box.mails[4] = (
        b"From: Bob <bob@example.org>\r\nSubject: Photo\r\nMessage-ID: <b@x>\r\n"
        b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\n"
        b"It came broken.\r\n--b1\r\nContent-Type: image/png; name=broken.png\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUJD\r\n" * 10_000 + b"--b1--\r\n"
    )
    connected(connect, box)
    assert poll(app, clock).state == "working"
    assert texts(app) == ["Parcel 1 never came.", "Parcel 2 never came.", "Parcel 3 never came.", "It came broken."]
    with app.unit_of_work.reading() as work:
        [run] = queries.list_runs(work)
        [warned] = queries.list_row_errors(work, run.id)
    assert warned.reason.startswith("Only 3,000 of its 60,")
    assert warned.reason.endswith("It brings the files broken.png.")
    [left_out] = items(app)[-1].extra["files_left_out"]
    assert (left_out["name"], left_out["size"] > 40_000) == ("broken.png", True)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"password": "wrong"}, "app password"),
        ({"folder": "Complaints"}, "Choose one of: INBOX, Archive."),
        ({"security": "tls"}, "how it is secured"),
        ({"port": "1"}, "Look at the server's name and port"),
        ({"host": "10.9.8.7"}, "EARSHOT_OUTBOUND_ALLOWED"),
    ],
)
def test_a_trial_says_what_to_do(app: App, box: FakeMailbox, given: dict[str, str], told: str) -> None:
    filled = {**LOGIN, "port": str(box.port), "security": "none", **given}
    assert told in connectors.try_connector(app.unit_of_work, "imap", filled).problem


def test_what_is_no_server_is_refused_at_its_field(app: App) -> None:
    odd = {**LOGIN, "host": "imap.example.com/mail", "port": "x", "days": "-1"}
    with pytest.raises(InvalidInputError) as refused:
        connectors.try_connector(app.unit_of_work, "imap", odd)
    assert set(refused.value.fields) == {"host", "port", "days"}


def test_a_trial_shows_the_newest_mails_and_leaves_no_trace(app: App, box: FakeMailbox) -> None:
    for uid in range(1, 9):
        box.put(uid, f"Parcel {uid} never came.")
    filled = {**LOGIN, "port": str(box.port), "security": "none", "mark": "true"}
    trial = connectors.try_connector(app.unit_of_work, "imap", filled)
    assert [row.item.text for row in trial.rows if row.item][-1] == "Parcel 8 never came."
    assert (box.seen, items(app)) == (set(), [])


def test_a_server_that_floods_us_is_let_go(
    app: App, clock: FixedClock, box: FakeMailbox, connect: Callable[..., int]
) -> None:
    box.put(1, "The parcel never came.")
    box.flood = True
    connected(connect, box)
    assert "more than is taken at once" in poll(app, clock, minutes=0).last_error


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encryption_is_verified(app: App, tmp_path: Path, security: str, monkeypatch: pytest.MonkeyPatch) -> None:
    context = certified(tmp_path)
    with serving(context=context, at_once=security == "tls") as box:
        box.put(1, "The parcel never came.")
        filled = {**LOGIN, "port": str(box.port), "security": security}
        trial = connectors.try_connector(app.unit_of_work, "imap", filled)
        assert "not to be trusted" in trial.problem
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        trial = connectors.try_connector(app.unit_of_work, "imap", filled)
        assert [row.item.text for row in trial.rows if row.item] == ["The parcel never came."]


def certified(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS with a certificate of its own for 127.0.0.1."""
    from ipaddress import ip_address

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(pem)
    (folder / "server.key").write_bytes(plain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context


def test_a_bounce_is_heard_as_the_fate_of_our_mail_and_is_nobodys_voice(
    app: App, clock: FixedClock, box: FakeMailbox, connect: Callable[..., int]
) -> None:
    heard: list[DeliveryHeard] = []
    app.bus.subscribe(DeliveryHeard, lambda _work, event: heard.append(event))
    own = message_id_of("reply 1", "help@shop.example")
    for uid, about in ((3, own), (4, "<somebody@else.example>")):
        box.mails[uid] = (
            "From: MAILER-DAEMON@mx.example\r\nTo: help@shop.example\r\nSubject: failure notice\r\n\r\n"
            f"<jo@customer.example>:\r\n550 5.1.1 no such user\r\n\r\n--- Below\r\nMessage-Id: {about}\r\n\r\nHi\r\n"
        ).encode()
    connected(connect, box)
    poll(app, clock)
    assert texts(app) == []
    [report] = heard
    assert (report.remote_id, report.state, report.connector_id) == (own, "permanent_failure", None)
    assert report.why == "jo@customer.example: 550 5.1.1 no such user"


def test_what_our_teams_send_from_their_own_addresses_is_nobodys_voice(
    app: App, clock: FixedClock, box: FakeMailbox, connect: Callable[..., int]
) -> None:
    with app.unit_of_work() as work:
        mail.make_sender(work, {"address": "claims@shop-claims.example", "name_pattern": "{author}", "tls": "none"})
    box.put(3, "It left today.", sender="Ada <claims@shop-claims.example>")
    box.put(4, "Where is it?")
    connected(connect, box)
    poll(app, clock)
    assert texts(app) == ["Where is it?"]
