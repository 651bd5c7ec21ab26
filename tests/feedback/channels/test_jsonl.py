"""JSON Lines with text or with turns."""

import io
from collections.abc import Callable

from bpm.feedback.channels import FORMATS, Context, Row

Read = Callable[..., list[Row]]


def test_records_come_in_without_a_mapping_and_a_bad_line_stops_nobody(read: Read) -> None:
    rows = read("items.jsonl")
    good = [row.item for row in rows if row.item]
    assert [item.natural_key for item in good] == ["r-1", "c-1", "r-4"]
    assert (good[0].channel, good[0].source, good[0].author_handle) == ("review", "shop", "walker_7")
    assert str(good[0].said_at) == "2026-02-03 00:00:00+00:00"
    bad = {row.number: row.reason for row in rows if row.reason}
    assert sorted(bad) == [2, 4, 5]
    assert "'pigeon' is no channel" in bad[4]


def test_of_a_chat_only_the_customers_turns_are_the_text_and_all_turns_are_kept(read: Read) -> None:
    chat = next(row.item for row in read("items.jsonl") if row.item and row.item.natural_key == "c-1")
    assert chat.text == "My refund is missing\nIt has been three weeks"
    assert [turn["role"] for turn in chat.extra["turns"]] == ["agent", "customer", "machine", "customer"]
    assert chat.extra["listening"]["customer_words"] == 9
    assert chat.extra["listening"]["agent_words"] == 5


def test_a_whole_number_of_many_digits_is_an_id_of_which_all_counts() -> None:
    lines = [f'{{"id": 9007199254740993000{n}, "text": "word", "channel": "chat"}}' for n in range(2)]
    context = Context("", "s", "f")
    rows = list(FORMATS["jsonl"].parse(io.BytesIO("\n".join(lines).encode()), context))
    assert [row.item.natural_key for row in rows if row.item] == ["90071992547409930000", "90071992547409930001"]


def test_an_odd_cell_of_a_line_costs_the_cell() -> None:
    line = b'{"text": "Too dear", "rating": "very", "date": "soon", "channel": "VOICE"}'
    [row] = FORMATS["jsonl"].parse(io.BytesIO(line), Context("", "s", "f"))
    assert row.item
    assert (row.item.text, row.item.rating, row.item.said_at, row.item.channel) == ("Too dear", None, None, "call")
    assert len(row.warnings) == 2
