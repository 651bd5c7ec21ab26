"""What may stand in a mail, and how it looks on the wire."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.app import App
from bpm.foundation.errors import InvalidInputError
from bpm.mail.addresses import check_address, check_subject
from bpm.mail.composing import Letter, compose
from tests.mail.conftest import queue, rows

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def letter(
    subject: str = "Hello", text: str = "Hi.", html: str | None = None, unsubscribe: str | None = None
) -> Letter:
    return Letter("Zoë <post@example.com>", "ada@example.org", subject, text, html, "<1@example.com>", AT, unsubscribe)


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "@example.org", "a da@example.org", "ada@example.org\r\nBcc: all@example.org",
     "a@b@example.org", "ada@exa mple.org", "<ada@example.org>", "ada@example.org,eve@example.org", "ä@example.org",
     "a@" + "x" * 260, "ada@-example-.org", "a\x00@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInputError):
        check_address(address)


def test_domains_in_any_script_become_ascii() -> None:
    assert check_address(" ada+x@bücher.example ") == "ada+x@xn--bcher-kva.example"


@pytest.mark.parametrize("subject", ["Hi\r\nBcc: all@example.org", "Hi\nthere", "Hi\x00", "Hi\u2028there", " "])
def test_a_subject_that_would_be_another_header_is_refused(app: App, subject: str) -> None:
    with pytest.raises(InvalidInputError):
        queue(app, subject=subject)
    assert rows(app) == []


def test_a_long_subject_is_cut() -> None:
    assert len(check_subject("x" * 5000)) == 400


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(str.strip), st.text())
def test_any_words_arrive_as_they_were_written_in_short_ascii_lines(subject: str, text: str) -> None:
    subject, text = check_subject(subject), text.replace("\r", "").replace("\x0b", "")
    sent = compose(letter(subject, text, html="<p>é</p>", unsubscribe="https://bpm.example.com/notices/preferences"))
    assert sent.isascii()
    assert max(len(line) for line in sent.split(b"\r\n")) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")
    read = message_from_bytes(sent, policy=policy.default)
    assert read["List-Unsubscribe"] == "<https://bpm.example.com/notices/preferences>"
    assert len(read.keys()) == len(set(read.keys()))
    body = read.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r", "").rstrip("\n") == text.rstrip("\n")
    assert {part.get_content_type() for part in read.walk()} >= {"text/plain", "text/html"}


def test_a_subject_of_another_script_comes_back() -> None:
    read = message_from_bytes(compose(letter("Größe geändert – 你好")), policy=policy.default)
    assert read["Subject"] == "Größe geändert – 你好"
