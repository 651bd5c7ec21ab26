"""Call transcripts: only the customer's turns are voice; talk share as counted by hand."""

from collections.abc import Callable

import pytest

from bpm.feedback.channels import Row
from bpm.feedback.raw_item import RawItem

Read = Callable[..., list[Row]]


def _call(rows: list[Row]) -> RawItem:
    assert rows[0].item is not None, rows[0].reason
    return rows[0].item


def test_the_agents_words_are_not_the_customers_voice(read: Read) -> None:
    call = _call(read("voice_tags.vtt"))
    assert call.text == "I was charged twice & nobody calls back.\nThat's the third time."
    assert [turn["role"] for turn in call.extra["turns"]] == ["agent", "customer", "agent", "customer", "unknown"]
    assert (call.channel, call.natural_key, call.author_email) == ("call", "call-77", "ana@example.org")
    assert str(call.said_at) == "2026-02-03 10:00:00+00:00"


def test_talk_share_is_what_somebody_counts_by_hand(read: Read) -> None:
    listening = _call(read("voice_tags.vtt")).extra["listening"]
    assert (listening["customer_words"], listening["agent_words"]) == (12, 9)
    assert listening["customer_talk_share"] == pytest.approx(12 / 21, abs=1e-4)
    assert listening["customer_seconds"] == pytest.approx(5.5 + 3.0)


def test_prefixed_speakers_keep_talking_until_another_is_named(read: Read) -> None:
    call = _call(read("prefixes.srt"))
    assert call.text == "The router is broken: it blinks red. And I work from home."
    assert call.extra["listening"]["customer_words"] == 12
    assert call.natural_key.startswith("transcript ")


def test_a_call_in_which_nobody_can_be_told_apart_asks_for_the_names(read: Read) -> None:
    assert "with the option _customers or _agents" in read("nobody_known.vtt")[0].reason
    assert _call(read("nobody_known.vtt", agents="Tom")).text == "Hi"
