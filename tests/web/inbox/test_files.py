"""Files that came with an item: listed on its screen, saved or shown safely, named when they were left out."""

from base64 import b64encode
from collections.abc import Callable

from bpm.feedback.raw_item import AttachedFile
from tests.web.conftest import Browser

Heard = Callable[..., int]
PNG = b"\x89PNG\r\n\x1a\nrest"


def _file(name: str, content: bytes) -> AttachedFile:
    return AttachedFile(name, len(content), b64encode(content).decode())


def test_files_of_an_item_are_listed_with_type_and_size_and_can_be_saved(advocate: Browser, heard: Heard) -> None:
    item = heard(attachments=(_file("photo.png", PNG), _file("invoice.pdf", b"MZ harm")))
    page = advocate.see(f"/inbox/{item}")
    assert "photo.png" in page
    assert "application/vnd.microsoft.portable-executable" in page
    [photo] = [link for link in page.links if link.startswith(f"/inbox/{item}/files/") and link.endswith("show=1")]
    shown = advocate.client.get(photo)
    assert shown.data == PNG
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    saved = advocate.client.get(photo.partition("?")[0])
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_a_file_is_found_at_its_own_item_alone(advocate: Browser, heard: Heard) -> None:
    item, other = heard(attachments=(_file("photo.png", PNG),)), heard("Something else")
    assert "Files that came with it" not in advocate.see(f"/inbox/{other}")
    [link, *_] = [each for each in advocate.see(f"/inbox/{item}").links if "/files/" in each]
    assert advocate.client.get(link.replace(f"/inbox/{item}/", f"/inbox/{other}/")).status_code == 404


def test_a_file_that_was_left_out_is_named_with_the_reason(advocate: Browser, heard: Heard) -> None:
    item = heard(attachments=(AttachedFile("film.mp4", 90_000_000, left_out="Too large."),))
    page = advocate.see(f"/inbox/{item}")
    assert "film.mp4" in page
    assert "Too large." in page
