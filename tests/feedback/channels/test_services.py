"""What services hand out, each as its documents show it: the customer's words, when, whose, in which thread."""

import io
from collections.abc import Mapping

import pytest

from bpm.feedback.channels import Context, Row, get_format, guess_format
from bpm.feedback.intake.decompress import open_content
from bpm.feedback.intake.normalise import normalise
from bpm.feedback.raw_item import RawItem
from tests.conftest import MONDAY
from tests.feedback.channels.conftest import ROOT


def _rows(path: str, **options: str) -> list[Row]:
    content = (ROOT / path).read_bytes()
    form = get_format(guess_format(path, content) or "json")
    context = Context("", "test", path, {f"_{name}": value for name, value in options.items()})
    return list(form.parse(open_content(io.BytesIO(content))[0], context))


def _items(path: str, **options: str) -> dict[str, RawItem]:
    """The items by their words, as they are kept."""
    found = [row.item for row in _rows(path, **options) if row.item]
    return {item.text: item if not item.text else normalise(item, now=MONDAY) for item in found}


SAID: Mapping[str, list[str]] = {
    "amazon_connect/samples/contact_lens.json": ["My meter counts backwards"],
    "app_store/samples/connect.json": ["Wish it had widgets"],
    "app_store/samples/feed.json": ["It takes a minute to open"],
    "bluesky/samples/notifications.json": ["@bus.example no bus again"],
    "chatwoot/samples/export.json": ["Is it open today?"],
    "chatwoot/samples/webhooks.jsonl": ["The heater hums", "The heater hums loudly"],
    "freshdesk/samples/ticket.json": ["The gate squeaks", "Oil did not help"],
    "genesys/samples/transcript.json": ["my meter is stuck"],
    "google_ccai/samples/conversation.json": ["The bin is full"],
    "google_ccai/samples/upload.json": ["My bin was not emptied"],
    "google_play/samples/reviews.json": ["It crashes on start"],
    "intercom/samples/conversation.json": ["Two chairs are missing", "Any news?"],
    "mastodon/samples/conversations.json": ["@acme my card is gone"],
    "mastodon/samples/notifications.json": ["@acme the ticket machine eats cards"],
    "qualtrics/samples/responses.json": ["Signs are missing"],
    "reddit/samples/thread.json": ["An hour late & no word", "Third time this week", "They never say sorry"],
    "surveymonkey/samples/responses.json": ["The queue was long"],
    "telegram/samples/result.json": ["The code 99 fails"],
    "telegram/samples/updates.json": ["The door is locked", "The back door is locked"],
    "google_business/samples/reviews.json": ["Langsame Bedienung", ""],
    "trustpilot/samples/reviews.json": ["Arrived broken"],
    "twilio/samples/transcript.json": ["The lamp post is dark"],
    "typeform/samples/responses.json": [""],
    "typeform/samples/webhook.json": ["The opening hours", "The staff"],
    "x_archive/samples/search.json": ["No seat for my bike"],
    "x_archive/samples/tweets.js": ["The map is wrong & the stop moved", "and nobody answers"],
    "zammad/samples/articles.json": ["Nobody came"],
    "zammad/samples/webhook.json": ["The lift is stuck"],
    "zendesk/samples/ticket_with_comments.json": ["The mixer smokes", "It is unplugged & still warm"],
    "zendesk/samples/tickets.json": ["The kettle leaks"],
}


@pytest.mark.parametrize("path", SAID)
def test_what_customers_say_comes_in_and_all_else_is_named(path: str) -> None:
    rows = _rows(path)
    assert [row.item.text for row in rows if row.item] == SAID[path]
    assert all(row.item or row.ignored for row in rows), [row.reason for row in rows]


@pytest.mark.parametrize(("path", "words"), [(path, words) for path in SAID for words in SAID[path] if words])
def test_a_record_tells_when_it_was_said_but_for_a_call_without_a_date(path: str, words: str) -> None:
    said_at = _items(path)[words].said_at
    assert said_at is None if path.startswith("amazon_connect") else str(said_at)[:10] in {"2026-03-02", "2026-03-03"}


def test_a_thread_of_bluesky_is_read_from_above_with_its_holes_named() -> None:
    rows = _rows("bluesky/samples/thread.json", own="bus.example")
    items = [row.item for row in rows if row.item]
    assert [item.text for item in items] == ["The bus app shows no buses", "Same on my phone", "Still nothing"]
    assert len({item.thread_key for item in items}) == 1
    assert [item.author_id for item in items] == ["did:plc:lea", "did:plc:tom", "did:plc:lea"]
    named = " ".join(row.ignored for row in rows)
    assert all(words in named for words in ("own account", "blocked", "gone"))


def test_votes_are_no_rating_and_a_deleted_author_is_nobody() -> None:
    items = _items("reddit/samples/thread.json")
    assert all(item.rating is None for item in items.values())
    assert items["They never say sorry"].author_handle == ""
    assert items["Third time this week"].revised_at is not None
    assert items["An hour late & no word"].subject == "Ferry late"


def test_an_edited_review_is_a_newer_version_of_the_same() -> None:
    [first], [edited] = (
        _items("google_play/samples/reviews.json").values(),
        _items("google_play/samples/edited.json").values(),
    )
    assert first.natural_key == edited.natural_key
    assert (first.revised_at or MONDAY) < (edited.revised_at or first.revised_at or MONDAY)


def test_the_company_account_of_a_chat_tool_is_not_the_sender() -> None:
    item = _items("chatwoot/samples/webhooks.jsonl")["The heater hums"]
    assert (item.author_id, item.author_email, item.thread_key) == ("9", "uwe@example.org", "conversation 31")
    assert item.channel == "email"


def test_an_answer_stands_with_its_question_and_the_score_counts_once() -> None:
    items = _items("typeform/samples/webhook.json")
    assert items["The opening hours"].question == "What should we change?"
    assert [item.rating for item in items.values()] == [3.0, None]
    assert {item.author_email for item in items.values()} == {"bea@example.org"}
    assert [item.rating for item in _items("typeform/samples/responses.json").values()] == [9.0]
    assert _items("surveymonkey/samples/responses.json")["The queue was long"].question == "Why?"


def test_the_first_comment_of_a_ticket_is_the_ticket() -> None:
    items = _items("zendesk/samples/ticket_with_comments.json")
    assert items["The mixer smokes"].natural_key == "ticket 43"
    assert {item.thread_key for item in items.values()} == {"ticket 43"}
    assert _items("zendesk/samples/tickets.json")["The kettle leaks"].author_email == "mia@example.org"


def test_the_callers_number_is_the_customers() -> None:
    assert _items("genesys/samples/transcript.json")["my meter is stuck"].author_phone == "+14155550123"
    assert _items("twilio/samples/transcript.json")["The lamp post is dark"].author_phone == "+14155550123"


def test_channels_without_roles_ask_who_the_agent_is() -> None:
    [row] = _rows("twilio/samples/sentences_alone.json")
    assert "--agent" in row.reason
    assert list(_items("twilio/samples/sentences_alone.json", agents="channel 1")) == ["The lamp post is dark"]


def test_direct_messages_of_our_own_account_are_left_out() -> None:
    assert list(_items("x_archive/samples/direct-messages.js", own="9")) == ["Where is my pass?"]
