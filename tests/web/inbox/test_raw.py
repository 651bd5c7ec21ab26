"""An item as it was received: for those with the right, with a reason, and never kept by a browser."""

from collections.abc import Callable

import pytest

from tests.web.conftest import Browser

Heard = Callable[..., int]
WORDS = "Call me on +49 30 55512377, it leaks."


@pytest.fixture
def chief(signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("ida", "admin")


def test_an_item_says_what_was_masked_and_offers_the_record_to_those_who_may(
    advocate: Browser, chief: Browser, heard: Heard
) -> None:
    item = heard(WORDS)
    assert "Masked in its words: phone numbers (1)." in advocate.see(f"/inbox/{item}")
    assert f"/inbox/{item}/raw" not in advocate.see(f"/inbox/{item}").links
    assert f"/inbox/{item}/raw" in chief.see(f"/inbox/{item}").links
    assert advocate.get(f"/inbox/{item}/raw").status_code == 403


def test_the_record_opens_with_a_reason_alone(chief: Browser, heard: Heard) -> None:
    item = heard(WORDS)
    assert "55512377" not in chief.see(f"/inbox/{item}/raw")
    assert "Say why you open what was masked." in chief.do(f"/inbox/{item}/raw", {"reason": " "})
    answer = chief.post(f"/inbox/{item}/raw", {"reason": "The customer asked for it."})
    assert "55512377" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "No record" in chief.do(f"/inbox/{heard('Plain words.')}/raw", {"reason": "To see."})
