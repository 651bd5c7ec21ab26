"""A customer's data on a page: counted, handed out, erased; only for those with the right."""

from collections.abc import Callable

import pytest

from tests.web.conftest import Browser

Heard = Callable[..., int]
DATA = "/inbox/customers/1/data"


@pytest.fixture
def chief(signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("ida", "admin")


@pytest.fixture
def ada(heard: Heard) -> int:
    return heard("Ring me on +49 30 55512377.", author_name="Ada Quill", author_email="ada@example.org")


def test_the_page_counts_what_is_kept_and_is_for_those_who_may(chief: Browser, advocate: Browser, ada: int) -> None:
    page = chief.see(DATA)
    assert "Data of Ada Quill" in page
    assert "contact points" in page
    assert DATA in chief.see(f"/inbox/{ada}").links
    assert DATA not in advocate.see(f"/inbox/{ada}").links
    assert advocate.get(DATA).status_code == 403
    assert chief.get("/inbox/customers/99/data").status_code == 404


def test_it_is_handed_out_as_a_file_with_a_reason(chief: Browser, ada: int) -> None:
    assert "Say why you open what was masked." in chief.do(f"{DATA}/export", {"reason": ""})
    answer = chief.post(f"{DATA}/export", {"reason": "They asked."})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "55512377" in answer.get_data(as_text=True)


def test_it_is_erased_by_somebody_who_is_sure_and_says_why(chief: Browser, ada: int) -> None:
    assert "Say that you are sure" in chief.do(f"{DATA}/erase", {"reason": "They asked."})
    assert "Say why the person is erased." in chief.do(f"{DATA}/erase", {"reason": " ", "sure": "yes"})
    assert "Ada Quill" in chief.see(DATA)
    page = chief.do(f"{DATA}/erase", {"reason": "They asked.", "sure": "yes"})
    assert "The customer is erased." in page
    assert "They asked." in page
    assert "Backups made before" in page
    assert "Ada Quill" not in chief.see(f"/inbox/{ada}")
