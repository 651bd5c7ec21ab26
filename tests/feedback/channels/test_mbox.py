"""Mail: quotes, signatures, automatic replies, missing and reused Message-IDs."""

from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.feedback import queries, receive_all
from bpm.feedback.channels import Row
from bpm.feedback.channels.mbox.words import customer_words

Read = Callable[..., list[Row]]


def test_only_what_the_sender_wrote_this_time_is_the_text(read: Read) -> None:
    rows = read("inbox.mbox")
    first, answer, html = rows[0].item, rows[2].item, rows[4].item
    assert first is not None
    assert first.text == "Hello,\nI ordered two weeks ago.\nFrom the tracking page I learn nothing."
    assert (first.author_name, first.author_email) == ("Ana López", "Ana@Example.org")
    assert answer is not None
    assert answer.text == "That is what you said last week. I am féd up."
    assert "We are looking into it." in answer.extra["whole"]
    assert html is not None
    assert html.text == "Please close\nmy account."


def test_our_own_mail_and_automatic_replies_are_nobodys_voice(read: Read) -> None:
    rows = read("inbox.mbox")
    assert rows[1].ignored == "a mail from the company's own address"
    assert rows[3].ignored == "an automatic reply"


def test_a_mail_without_sender_is_an_error_of_its_own(read: Read) -> None:
    assert read("inbox.mbox")[7].reason.startswith("From: The message has no sender")


def test_one_mail_in_two_mailboxes_is_one_item_and_a_reused_id_is_two(app: App, read: Read) -> None:
    items = [row.item for row in read("inbox.mbox") if row.item]
    with app.unit_of_work() as work:
        got = receive_all(work, items)
    outcomes = dict(zip([(item.author_email, item.subject) for item in items], got, strict=True))
    assert [each.outcome for each in got].count("new") == 4
    assert outcomes["dan@example.org", "A mail with somebody else's Message-ID"].outcome == "new"
    with app.unit_of_work.reading() as work:
        talks = [queries.get_item(work, each.item_id).row.conversation_id for each in (got[0], got[1])]
    assert talks[0] == talks[1]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Yes.\n> Shall we?\nNo.\n> Really?", "Yes.\nNo."),
        ("Thanks\n\n-----Original Message-----\nFrom: x", "Thanks"),
        ("Thanks\n\nFrom: Help <help@acme.example>\nSent: Monday\nTo: me\n\nold", "Thanks"),
        ("On the whole it is fine, he wrote", "On the whole it is fine, he wrote"),
        ("Danke\n\nAm 3.2.2026 um 10:00 schrieb Hilfe:\n> alt", "Danke"),
    ],
)
def test_old_mail_is_cut_and_new_words_stay(body: str, words: str) -> None:
    assert customer_words(body) == words
