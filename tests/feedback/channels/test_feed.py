"""Feeds: entries by their ids, with their words whole, threads and edits, and nothing from outside the file."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bpm.feedback.channels import FORMATS, Context, Row, guess_format

Read = Callable[..., list[Row]]


def parse(content: bytes) -> list[Row]:
    return list(FORMATS["feed"].parse(io.BytesIO(content), Context("", "s", "f")))


def test_a_forums_entries_have_their_whole_words_author_date_and_id(read: Read) -> None:
    first, ours, bare = read("forum.rss", own="Tram Company")
    item = first.item
    assert item is not None
    assert (item.text, item.subject) == ("Every morning the same & nobody says why.", "Line 4 is late again")
    assert (item.author_name, item.natural_key) == ("mira", "forum.example-topic-4711")
    assert (item.said_at, item.channel) == (datetime(2026, 3, 2, 8, 15, tzinfo=UTC), "social")
    assert ours.ignored
    assert bare.item is not None
    assert (bare.item.text, bare.item.natural_key, bare.item.said_at) == (
        "No date, no id",
        "https://forum.example/t/4712",
        None,
    )


def test_comments_of_a_blog_know_what_they_answer_and_when_they_were_changed(read: Read) -> None:
    first, answer = (row.item for row in read("comments.atom"))
    assert first is not None
    assert (first.text, first.url) == ("The new app lost my tickets.", "https://blog.example/post#1")
    assert first.revised_at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert answer is not None
    assert (answer.text, answer.in_reply_to) == ("Mine, too.", first.natural_key)
    assert answer.thread_key == first.natural_key


def test_nothing_is_fetched_or_blown_up_and_a_break_is_named_behind_what_was_read() -> None:
    bomb = b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    entry = b"<rss><channel><item><title>t</title><description>x &b; &c; y</description><guid>1</guid></item>"
    [row, *rest] = parse(bomb + entry + b"</channel></rss>")
    assert row.item is not None
    assert "root:" not in row.item.text
    assert "aaaa" not in row.item.text
    assert rest == []
    read, broken = parse(entry.replace(b"&b; &c;", b"") + b"<item><title>half")
    assert read.item is not None
    assert "broken" in broken.reason


@pytest.mark.parametrize(
    "beginning",
    [b'<?xml version="1.0"?>\n<rss version="2.0">', b"\xef\xbb\xbf<feed xmlns='http://www.w3.org/2005/Atom'>",
     b'<?xml version="1.0"?><!-- made by x --><?xml-stylesheet href="a"?><rdf:RDF>'],
)  # fmt: skip
def test_a_feed_is_known_by_its_beginning(beginning: bytes) -> None:
    assert guess_format("latest", beginning) == "feed"
    assert guess_format("latest.xml", b"<html><body>") is None
