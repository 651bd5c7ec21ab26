"""Files in the database: pieces, bounds, names, kinds."""

import hashlib
import io

import pytest

from bpm import attachments
from bpm.app import App
from bpm.attachments import Place
from bpm.attachments.names import safe_name
from bpm.attachments.types import media_type_of
from bpm.foundation.errors import InvalidInputError, NotFoundError, TooLargeError
from bpm.foundation.settings import Settings

HERE = Place("case", 7, 3)


@pytest.fixture
def settings(tmp_path, database: str) -> Settings:  # type: ignore[no-untyped-def]  # pytest's own path
    return Settings(
        home=tmp_path, database_url=database, embedded_worker=False, attachment_bytes=600_000,
        attachments_per_case=1_000_000,
    )  # fmt: skip


@pytest.mark.both_databases
def test_a_file_comes_back_byte_for_byte_in_pieces(app: App) -> None:
    data = b"%PDF-1.7 " + bytes(range(256)) * 2200
    with app.unit_of_work() as work:
        made = attachments.attach(work, HERE, "offer.pdf", io.BytesIO(data))
    assert (made.media_type, made.size, made.sha256) == ("application/pdf", len(data), hashlib.sha256(data).hexdigest())
    with app.unit_of_work.reading() as work:
        pieces = [attachments.read_piece(work, made.id, number) for number in range(4)]
    assert pieces[3] is None
    assert b"".join(piece for piece in pieces if piece) == data


def test_one_file_and_all_of_a_case_have_their_bounds(app: App) -> None:
    with pytest.raises(TooLargeError, match=r"A file may have 0\.6 MB"), app.unit_of_work() as work:
        attachments.attach(work, HERE, "a", io.BytesIO(bytes(600_001)))
    with app.unit_of_work() as work:
        attachments.attach(work, HERE, "a", io.BytesIO(bytes(600_000)))
    with pytest.raises(TooLargeError, match="All files of one case"), app.unit_of_work() as work:
        attachments.attach(work, HERE, "b", io.BytesIO(bytes(600_000)))
    with app.unit_of_work() as work:
        assert [each.name for each in attachments.list_attachments(work, "case", 7)] == ["a"]
        attachments.attach(work, Place("case", 8), "b", io.BytesIO(bytes(600_000)))


def test_an_empty_file_is_refused(app: App) -> None:
    with pytest.raises(InvalidInputError), app.unit_of_work() as work:
        attachments.attach(work, HERE, "a", io.BytesIO())


def test_what_is_removed_leaves_a_trace_and_what_is_erased_leaves_none(app: App) -> None:
    with app.unit_of_work() as work:
        made = attachments.attach(work, HERE, "a.txt", io.BytesIO(b"Hello"))
        attachments.remove(work, made.id)
        assert attachments.read_piece(work, made.id, 0) is None
        assert attachments.get_attachment(work, made.id).removed_at == work.now()
        assert attachments.erase(work, "case", [7]) == 1
        with pytest.raises(NotFoundError):
            attachments.get_attachment(work, made.id)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\offer.pdf", "offer.pdf"),
        ("a\u202egnp.exe\0", "agnp.exe"),
        ("con.txt", "_con.txt"),
        (" .. ", "file"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("Angebot für Ädä.pdf", "Angebot für Ädä.pdf"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml word/document.xml",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text",
         "application/vnd.oasis.opendocument.text"),
        (b"PK\x03\x04" + bytes(26), "application/zip"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "text/plain"),
        ("Grüße\n".encode(), "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"MZ\x90", "application/vnd.microsoft.portable-executable"),
    ],
)  # fmt: skip
def test_the_kind_is_told_from_the_bytes(beginning: bytes, kind: str) -> None:
    assert media_type_of(beginning) == kind
