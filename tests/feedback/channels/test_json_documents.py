"""JSON as people have it: lists, wrapped lists, lines, JavaScript; large, broken, deep, in other encodings."""

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.feedback.channels import Context, Row, get_format, guess_format
from bpm.feedback.channels.json.reader import read_record
from bpm.feedback.channels.json.splitter import split
from bpm.feedback.intake.decompress import open_content
from bpm.feedback.limits import LONGEST_RECORD
from bpm.foundation.errors import InvalidInputError
from tests.thoroughness import examples


def _rows(content: bytes, name: str = "f.json", channel: str = "chat", **mapping: str) -> list[Row]:
    form = get_format(guess_format(name, content[:65536]) or "json")
    return list(form.parse(open_content(io.BytesIO(content))[0], Context(channel, "test", name, mapping)))


def _texts(content: bytes, name: str = "f.json", **mapping: str) -> list[str]:
    return [row.item.text for row in _rows(content, name, **mapping) if row.item]


ONE, TWO = {"id": 1, "text": "The tap drips"}, {"id": 2, "text": "The tub, too"}
LINES = json.dumps(ONE) + "\n" + json.dumps(TWO)


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        json.dumps({"feedback": [ONE, TWO], "next": None}),
        json.dumps({"meta": {"page": 1}, "data": {"records": [ONE, TWO]}}),
        json.dumps([[ONE], [TWO]]),
        json.dumps([ONE]) + "\n" + json.dumps([TWO]),
        json.dumps(ONE, indent=1) + "\n" + json.dumps(TWO, indent=1),
        json.dumps(ONE) + json.dumps(TWO),
        LINES,
        LINES + "\n\n",
        LINES.replace("\n", "\r\n\r\n"),
        "window.data.part0 = " + json.dumps([ONE, TWO]) + ";\n",
        "var reviews = " + json.dumps([ONE, TWO]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("name", ["export.json", "export.jsonl", "export.txt"])
def test_records_are_found_whatever_the_file_is_called(content: str, encoding: str, name: str) -> None:
    assert _texts(content.encode(encoding), name) == ["The tap drips", "The tub, too"]


def test_places_are_lines_of_lines_and_entries_of_documents() -> None:
    assert [row.number for row in _rows(b'{"text": "a"}\n\n{"text": "b"}\n', "f.json")] == [1, 3]
    assert guess_format("f.json", b'{"text": "a"}\n\n{"text": "b"}\n') == "jsonl"
    assert [row.number for row in _rows(b'[\n\n{"text": "a"},\n\n{"text": "b"}]', "f.jsonl")] == [1, 2]
    assert guess_format("f.jsonl", b'[\n{"text": "a"}]') == "json"


def test_a_table_and_a_transcript_are_not_taken_for_json() -> None:
    assert guess_format("chat.txt", b"[02.03.26, 09:12] Ann: hi\n") == "webvtt"
    assert guess_format("t.csv", b"id,text\n1,{}\n") == "csv"


def test_what_is_broken_spoils_only_itself() -> None:
    rows = _rows(b'[{"text": "a"}, {"text": }, 7, "x", {"text": "b"}, {"text": "cut of')
    assert [row.item.text for row in rows if row.item] == ["a", "b"]
    assert [row.number for row in rows if row.reason] == [2, 3, 4, 6]


def test_long_numbers_are_names() -> None:
    rows = _rows(b'[{"id": 99999999999999999999901, "text": "a"}, {"id": 99999999999999999999902, "text": "b"}]')
    assert [row.item.natural_key for row in rows if row.item] == ["99999999999999999999901", "99999999999999999999902"]


def test_half_surrogates_and_old_encodings_are_read() -> None:
    assert _texts(b'[{"text": "a \\ud83d b"}]') == ["a \ud83d b"]
    assert _texts('[{"text": "Größe"}]'.encode("cp1252")) == ["Größe"]


def test_the_company_side_of_unknown_exports_is_left_out() -> None:
    rows = _rows(
        b'[{"text": "a", "direction": "inbound"}, {"text": "b", "direction": "outbound"},'
        b'{"text": "c", "author": {"type": "agent"}}, {"text": "d", "private": true}]'
    )
    assert [bool(row.item) for row in rows] == [True, False, False, False]
    assert all(row.ignored for row in rows[1:])


def test_a_chat_is_one_item_and_not_its_messages() -> None:
    chat = {
        "ref": 5,
        "messages": [{"author": {"role": "agent"}, "body": "Hi"}, {"author": {"role": "guest"}, "body": "Late"}],
    }
    assert _texts(json.dumps({"results": [chat]}).encode()) == ["Late"]
    only_agent = {"ref": 6, "messages": [{"role": "agent", "text": "Hi"}]}
    assert "only the company" in _rows(json.dumps([only_agent]).encode())[0].ignored


def test_a_mapping_is_used_and_own_words_stay_out() -> None:
    ours = {"event": "message_created", "id": 1, "content": "x", "message_type": "outgoing", "account": {"id": 1}}
    theirs = ours | {"id": 2, "message_type": "incoming", "extra": "said"}
    assert _texts(json.dumps([ours, theirs]).encode(), extra="text") == ["said"]


def test_columns_are_those_of_the_first_record_and_known_sources_need_none() -> None:
    form = get_format("json")
    assert form.columns(io.BytesIO(b'{"items": [{"a": 1, "b": {"c": 2}}]}')) == ["a", "b.c"]
    assert form.columns(io.BytesIO(b'[{"reviewId": "1", "comments": [{"userComment": {"text": "a"}}]}]')) == []


@pytest.mark.parametrize("content", [b"", b"   ", b"\xef\xbb\xbf"])
def test_an_empty_file_is_named(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match="empty"):
        list(get_format("json").parse(io.BytesIO(content), Context("chat", "s")))


def test_prose_is_told_as_no_json() -> None:
    with pytest.raises(InvalidInputError, match="no JSON"):
        _rows(b"Dear diary, {today}", "x.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


class _Dripping(io.RawIOBase):
    """Hands out a few bytes at a time."""

    def __init__(self, content: bytes, step: int) -> None:
        self._content, self._step, self._place = content, step, 0

    def read(self, size: int = -1) -> bytes:
        piece = self._content[self._place : self._place + self._step]
        self._place += len(piece)
        return piece


@examples(150)
@given(values=st.lists(JSON, max_size=6), step=st.integers(1, 40), indent=st.sampled_from([None, 1]))
def test_a_list_is_cut_into_the_elements_that_a_reader_of_json_finds(values: list[Any], step: int, indent: Any) -> None:
    stream: Any = _Dripping(json.dumps(values, indent=indent, ensure_ascii=False).encode(), step)
    assert [json.loads(piece.data or b"") for piece in split(stream)] == values


def test_a_large_wrapped_list_is_taken_apart_without_being_held() -> None:
    def pieces() -> Any:
        yield b'{"count": 3000, "note": ["a", {"x": [1]}], "tickets": ['
        for number in range(3000):
            yield (b"," if number else b"") + b'{"id": %d, "list": [1, 2], "text": "%s"}' % (number, b"a" * 5000)
        yield b'], "next": null}'

    class _Stream(io.RawIOBase):
        def __init__(self) -> None:
            self._pieces = pieces()

        def read(self, size: int = -1) -> bytes:
            return next(self._pieces, b"")

    tracemalloc.start()
    stream: Any = _Stream()
    found = sum(piece.member == "tickets" for piece in split(stream))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == 3000
    assert peak < 4 * LONGEST_RECORD


def test_turns_of_an_oversized_call_do_not_become_items() -> None:
    turn = json.dumps({"ParticipantId": "AGENT", "Content": "a" * 1000, "text": "ours"})
    rows = _rows(('{"ContactId": "1", "Transcript": [' + ",".join([turn] * 6000) + "]}").encode(), "call.json")
    assert not any(row.item for row in rows)
    assert "longer than" in rows[0].reason


def test_one_huge_string_costs_only_itself() -> None:
    rows = _rows(b'[{"text": "a"}, {"text": "' + b'\\"x' * 4_000_000 + b'"}, {"text": "b"}]')
    assert [row.item.text if row.item else row.reason[:12] for row in rows] == ["a", "It is longer", "b"]


@pytest.mark.parametrize("deep", [b"[", b'{"a":', b'[{"replies":['])
def test_deep_nesting_is_named(deep: bytes) -> None:
    rows = _rows(b'[{"text": "a"},' + deep * 100_000 + b",", "f.json")
    assert rows[0].item
    assert all(row.reason for row in rows[1:])


def test_a_deep_thread_is_read() -> None:
    node: dict[str, Any] = {
        "post": {"uri": "at://d/app.bsky.feed.post/0", "author": {"did": "d"}, "record": {"text": "x"}}
    }
    for number in range(1, 150):
        post = {"uri": f"at://d/app.bsky.feed.post/{number}", "author": {"did": "d"}, "record": {"text": "x"}}
        node = {"post": post, "replies": [node]}
    assert len(_texts(json.dumps({"thread": node}).encode())) == 150


@pytest.mark.parametrize(
    "record",
    [
        {"event": "message_created", "message_type": "outgoing", "id": 4, "content": "We sent it again.",
         "created_at": "2026-03-02T09:00:00Z", "sender": {"type": "user", "name": "Ann"}},
        {"text": "We sent it again.", "role": "agent", "channel": "chat"},
        {"text": "We sent it again.", "private": True, "channel": "chat"},
    ],
)  # fmt: skip
def test_what_is_left_out_is_an_item_for_whoever_wants_it_all_the_same(record: dict[str, Any]) -> None:
    usual = read_record(record, Context("chat", "desk"))
    assert [each.item for each in usual] == [None]
    assert usual[0].ignored
    [wanted] = read_record(record, Context("chat", "desk", mapping={"_everything": "yes"}))
    assert wanted.item is not None
    assert wanted.item.text == "We sent it again."


@pytest.mark.parametrize(
    "content",
    [
        b'{"id": 1, "text": "A lid", "date": "04/05/2026"}\n{"id": 2, "text": "B", "date": "17/05/2026 10:00"}\n',
        b'[{"id": 1, "text": "A lid", "date": "04/05/2026"}, {"id": 2, "text": "B", "date": "17/05/2026"}]',
        b'{"data": {"reviews": [{"text": "A lid", "date": "04/05/2026"}, {"text": "B", "date": "17/05/2026"}]}}',
    ],
)
def test_the_order_of_day_and_month_is_learned_from_the_other_dates_of_the_file(content: bytes) -> None:
    form = "jsonl" if content.count(b"\n") else "json"
    rows = list(get_format(form).parse(io.BytesIO(content), Context("review", "s")))
    assert [str(row.item.said_at)[:10] for row in rows if row.item and row.item.text == "A lid"] == ["2026-05-04"]
    said = Context("review", "s", mapping={"_date_order": "mdy"})
    told = next(iter(get_format(form).parse(io.BytesIO(content), said)))
    assert told.item
    assert str(told.item.said_at)[:10] == "2026-04-05"


@pytest.mark.parametrize("name", ["conversation", "chat", "history"])
def test_turns_are_found_under_other_names_and_by_the_kind_of_their_speaker(name: str) -> None:
    turns = [{"type": "agent", "text": "How can I help?"}, {"type": "visitor", "text": "My lid broke."}]
    [outcome] = read_record({"id": "k", name: turns}, Context("chat", "s"))
    assert outcome.item is not None
    assert outcome.item.text == "My lid broke."
