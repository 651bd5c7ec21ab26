"""An answer by mail joins the thread that it answers, comes from a team under its author's name, and says its fate."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from bpm import feedback, identity, mail
from bpm.app import App
from bpm.feedback import connectors
from bpm.feedback.connectors import Accepted, Answers, NotNowError, Outgoing, RefusedError, SentFile, Way
from bpm.feedback.connectors.mail import message_id_of
from bpm.foundation.errors import EarshotError, InvalidInputError
from tests.mail import fake_server
from tests.mail.conftest import with_server
from tests.mail.fake_server import BREAK_AFTER_DATA, Mailbox

LONG_ID = f"<{'A' * 90}@eurprd01.prod.exchangelabs.com>"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with fake_server.running() as box:
        yield box


@pytest.fixture
def house(app: App, box: Mailbox) -> App:
    return with_server(app, box.port, smtp_from="Shop <post@shop.example>")


def hear(app: App, *headers: tuple[str, str], **more: object) -> int:
    own = [("From", "Jo Berg <jo@customer.example>"), ("Message-ID", LONG_ID), *headers]
    given = {
        "author_email": "jo@customer.example",
        "natural_key": f"{LONG_ID} 12",
        "subject": "AW: Re: My order",
        **more,
    }
    with app.unit_of_work() as work:
        raw = feedback.RawItem("email", "box", "Where is it?", raw={"headers": [list(each) for each in own]}, **given)  # type: ignore[arg-type]  # of many kinds
        return feedback.receive(work, raw).item_id


def way_of(app: App, item_id: int) -> Way:
    with app.unit_of_work.reading() as work:
        way = connectors.find_way(work, item_id)
    assert way is not None
    return way


def outgoing(way: Way, **more: object) -> Outgoing:
    given = {
        "key": "reply 1", "kind": "conversation", "to": way.target.to, "subject": way.target.subject,
        "text": "It left today.", "from_name": "Ada Vogel", "answers": way.target.answers,
    }  # fmt: skip
    return Outgoing(**{**given, **more})  # type: ignore[arg-type]  # of many kinds


def send(app: App, message: Outgoing) -> Accepted:
    with app.unit_of_work.reading() as work:
        way_out, connection = connectors.open_way(work, None, from_address=message.from_address)
    return way_out.send(connection, message)


def only(box: Mailbox) -> EmailMessage:
    [sent] = box.mails()
    return sent


def test_an_answer_joins_the_thread_and_names_its_author(house: App, box: Mailbox) -> None:
    item = hear(
        house, ("References", "<first@shop.example>\r\n <second@shop.example>"), ("Reply-To", "jo@home.example")
    )
    way = way_of(house, item)
    assert way.target.to == "jo@customer.example", "an address that is not known to be theirs takes no answer"
    message = outgoing(
        way, copies=("kim@shop.example",), files=(SentFile("Ü\r\nX: y.pdf", "application/pdf", b"%PDF"),),
        text="See https://shop.example/a?b=1&c=2.\n\n<b>Ada</b>",
    )  # fmt: skip
    accepted = send(house, message)
    assert accepted.remote_id == message_id_of("reply 1", "post@shop.example")
    sent = only(box)
    assert sent["Message-ID"] == accepted.remote_id
    assert sent["In-Reply-To"] == LONG_ID
    assert sent["References"].split() == ["<first@shop.example>", "<second@shop.example>", LONG_ID]
    assert (sent["From"], sent["Subject"]) == ('"Ada Vogel (Shop)" <post@shop.example>', "Re: My order")
    assert (sent["To"], sent["Cc"]) == ("jo@customer.example", "kim@shop.example")
    assert sent["Auto-Submitted"] is None, "a person wrote it"
    html = sent.get_body(("html",))
    assert html is not None
    assert '<a href="https://shop.example/a?b=1&amp;c=2">' in html.get_content()
    assert "&lt;b&gt;Ada&lt;/b&gt;" in html.get_content()
    assert [each.get_filename() for each in sent.iter_attachments()] == ["Ü X: y.pdf"]


def test_a_forwarded_mail_is_answered_to_who_wrote_it(house: App) -> None:
    item = hear(house, ("From", "Kim <kim@shop.example>"), extra={"forwarded_by": "Kim <kim@shop.example>"})
    target = way_of(house, item).target
    assert (target.to, target.answers.remote_id) == ("jo@customer.example", LONG_ID)


def test_a_team_writes_as_itself_by_its_own_server(house: App) -> None:
    with fake_server.running() as own:
        with house.unit_of_work() as work:
            group = identity.ensure_group(work, "service")
            given = {
                "address": "help@shop.example", "name_pattern": "{author} · Shop Help", "group_id": str(group.id),
                "signature": "Shop Help\nMon to Fri, 9 to 17", "host": "127.0.0.1", "port": str(own.port),
                "tls": "none", "reply_to": "answers@shop.example",
            }  # fmt: skip
            sender = mail.make_sender(work, given)
            assert [each.address for each in mail.senders_for(work, {group.id})] == [
                "help@shop.example",
                "post@shop.example",
            ]
            assert [each.address for each in mail.senders_for(work, set())] == ["post@shop.example"]
        send(house, outgoing(way_of(house, hear(house)), from_address="help@shop.example"))
        mail.send_test_as(house.unit_of_work, sender, to="ada@shop.example", author="Ada Vogel")
        sent, test = own.mails()
    assert sent["From"] == test["From"] == "Ada Vogel · Shop Help <help@shop.example>"
    assert (sent["Reply-To"], sent["Message-ID"]) == (
        "answers@shop.example",
        message_id_of("reply 1", "help@shop.example"),
    )
    words = sent.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert words.splitlines()[-3:] == ["-- ", "Shop Help", "Mon to Fri, 9 to 17"]


def test_the_companys_server_steps_in_where_a_teams_own_cannot_be_reached(house: App, box: Mailbox) -> None:
    given = {"address": "help@shop.example", "name_pattern": "{author}", "host": "127.0.0.1", "tls": "none"}
    with fake_server.running("550 not you") as own, house.unit_of_work() as work:
        mail.make_sender(work, {**given, "port": str(own.port)})
    message = outgoing(way_of(house, hear(house)), from_address="help@shop.example")
    send(house, message)
    assert only(box)["From"] == "Ada Vogel <help@shop.example>", "its own server is gone by now"
    with fake_server.running("550 not you") as own:
        with house.unit_of_work() as work:
            mail.change_sender(work, 1, {**given, "port": str(own.port)})
        with pytest.raises(RefusedError, match="not you"):
            send(house, message)
    assert len(box.taken) == 1, "what a server says of the mail counts"


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "jo@customer.example\r\nBcc: all@shop.example"}, {"copies": ("a@b.example>,<eve@b.example",)},
        {"subject": "Hi\r\nBcc: all@shop.example"}, {"headers": {"Bcc": "eve@b.example"}}, {"to": ""},
        {"headers": {"List-Unsubscribe": "https://a.example/\r\nBcc: eve@b.example"}},
        {"files": (SentFile("big.bin", "application/zip", b"x" * 18_000_001),)},
    ],
)  # fmt: skip
def test_what_would_be_another_header_is_never_sent(house: App, box: Mailbox, wrong: dict[str, object]) -> None:
    way = way_of(house, hear(house))
    with pytest.raises(RefusedError):
        send(house, outgoing(way, **wrong))
    assert box.taken == []


def test_names_and_ids_that_would_break_a_header_stay_what_they_are(house: App, box: Mailbox) -> None:
    way = way_of(house, hear(house))
    odd = Answers("<a@b.example>\r\nBcc: eve@b.example", "x", ("<c@d.example>\r\n\r\nHi", "<ä@b.example>"))
    send(house, outgoing(way, from_name='Ada "x" <eve@b.example>\r\nBcc: eve@b.example', answers=odd, language="en"))
    sent = only(box)
    assert sent["Bcc"] is None
    assert sent["From"].addresses[0].addr_spec == "post@shop.example"
    assert (sent["In-Reply-To"], sent["References"]) == ("<a@b.example>", "<c@d.example> <a@b.example>")


def test_a_survey_can_be_left_with_one_click(house: App, box: Mailbox) -> None:
    leave = "https://shop.example/leave/1"
    message = outgoing(way_of(house, hear(house)), kind="survey", from_name="Shop", headers={"List-Unsubscribe": leave})
    send(house, message)
    sent = only(box)
    assert (sent["From"], sent["Auto-Submitted"]) == ("Shop <post@shop.example>", "auto-generated")
    assert (sent["List-Unsubscribe"], sent["List-Unsubscribe-Post"]) == (f"<{leave}>", "List-Unsubscribe=One-Click")


def test_what_the_server_says_decides_whether_it_is_tried_again(house: App, box: Mailbox) -> None:
    message = outgoing(way_of(house, hear(house)), copies=("kim@shop.example",))
    box.moods[:] = ["451 later", "", "550 5.1.1 no such user", BREAK_AFTER_DATA, BREAK_AFTER_DATA]
    with pytest.raises(NotNowError, match="451 later"):
        send(house, message)
    with pytest.raises(RefusedError, match=r"<kim@shop\.example> 550"):
        send(house, message)
    with pytest.raises(EarshotError) as error:
        send(house, message)
    assert not isinstance(error.value, NotNowError | RefusedError), "it perhaps left"
    assert box.taken == []
    with pytest.raises(NotNowError):
        send(with_server(house, 1), message)


def test_a_sender_that_does_not_fit_is_named_field_by_field(house: App) -> None:
    with house.unit_of_work() as work, pytest.raises(InvalidInputError) as error:
        mail.make_sender(work, {"address": "x", "name_pattern": "Shop", "host": "a b", "port": "99999", "tls": "maybe"})
    assert set(error.value.fields) == {"address", "name_pattern", "host", "port", "tls"}
    open_to_all = {"address": "help@shop.example", "host": "smtp.shop.example", "user": "help", "tls": "none"}
    with house.unit_of_work() as work, pytest.raises(InvalidInputError) as error:
        mail.make_sender(work, open_to_all)
    assert set(error.value.fields) == {"tls"}


def test_nothing_sends_where_no_mail_server_is(app: App) -> None:
    item = hear(app)
    with app.unit_of_work.reading() as work:
        assert connectors.find_way(work, item) is None
        with pytest.raises(EarshotError, match="Mail is not set up"):
            connectors.open_way(work, None)


def test_where_the_company_has_a_second_server_it_takes_what_the_first_cannot(app: App, box: Mailbox) -> None:
    with fake_server.running() as gone:
        pass
    house = with_server(
        app, gone.port, smtp_from="Shop <post@shop.example>", smtp_second=f"none://127.0.0.1:{box.port}"
    )
    way = way_of(house, hear(house))
    assert send(house, outgoing(way)).remote_id
    assert [str(mail["From"]) for mail in box.mails()] == ['"Ada Vogel (Shop)" <post@shop.example>']
