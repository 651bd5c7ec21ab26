"""Statuses as servers answer them: HTML, warnings, edits, boosts, deleted parents."""

from collections.abc import Callable

from bpm.app import App
from bpm.feedback import receive_all
from bpm.feedback.channels import Row
from bpm.feedback.models import FeedbackItem

Read = Callable[..., list[Row]]


def test_a_status_is_read_as_a_person_sees_it(read: Read) -> None:
    item = read("statuses.json")[0].item
    assert item is not None
    assert item.text == "Your app is down again & again\nsince 9.\n\n@acme help https://acme.example/status"
    assert (item.author_handle, item.natural_key) == ("ana@town.example", "https://town.example/users/ana/statuses/1")


def test_replies_share_their_roots_thread_even_below_a_status_of_our_own(read: Read) -> None:
    rows = read("statuses.json", own="acme@town.example")
    assert rows[1].ignored
    assert rows[0].item is not None
    assert rows[2].item is not None
    assert rows[2].item.thread_key == rows[0].item.thread_key
    assert rows[2].item.in_reply_to == "status:2"


def test_a_boost_is_the_boosted_status_and_adds_nothing(read: Read) -> None:
    rows = read("statuses.json")
    assert rows[0].item is not None
    assert rows[4].item is not None
    assert rows[4].item.natural_key == rows[0].item.natural_key


def test_warning_picture_deleted_parent_and_foreign_record_are_told_apart(read: Read) -> None:
    rows = read("statuses.json")
    warned, orphan, picture = rows[3].item, rows[5].item, rows[6].item
    assert warned is not None
    assert (warned.subject, warned.extra["content_warning"]) == ("billing rant", "billing rant")
    assert orphan is not None
    assert orphan.thread_key == "status:404"
    assert picture is not None
    assert picture.text == "A broken parcel on a doorstep"
    assert "no status" in rows[7].reason


def test_a_context_is_read_in_order(read: Read) -> None:
    assert len([row for row in read("context.json") if row.item]) == 3


def test_an_edit_supersedes_and_the_old_file_read_again_does_not(app: App, read: Read) -> None:
    old = [row.item for row in read("statuses.json") if row.item]
    new = [row.item for row in read("edited.json") if row.item]
    outcomes = []
    for batch in (old, new, old):
        with app.unit_of_work() as work:
            outcomes.append([each.outcome for each in receive_all(work, batch)])
    assert outcomes[1] == ["changed"]
    assert set(outcomes[2]) == {"skipped"}
    with app.unit_of_work.reading() as work:
        texts = [row.text for row in work.session.query(FeedbackItem).filter(FeedbackItem.current)]
    assert "kinder words" in texts
    assert "angry words" not in texts
