"""Many items at once: corrected or decided in one act, taken back by one undo that leaves what was touched since."""

from collections.abc import Callable

from tests.web.conftest import Browser
from tests.web.page import Page

Heard = Callable[..., int]


def _undo(page: Page) -> str:
    return page.markup.partition('action="/inbox/many/undo')[2].partition('"')[0].replace("&amp;", "&")


def test_labels_of_many_are_corrected_and_put_back(advocate: Browser, heard: Heard) -> None:
    ids = [heard(f"The parcel {n} never came.", primary="complaint") for n in range(3)]
    page = advocate.do("/inbox/many", {"item": ids[:2], "primary": "request", "topic": "Delivery / Late"})
    assert "2 items corrected." in page
    assert "Delivery / Late" in advocate.see(f"/inbox/{ids[0]}")
    advocate.post(f"/inbox/{ids[1]}/labels", {"topic": "Delivery / Lost"})
    assert "1 item is as before." in advocate.do(f"/inbox/many/undo{_undo(page)}")
    assert "Nothing fits" in advocate.see("/inbox?topic=Delivery+%2F+Late")
    assert "Delivery / Lost" in advocate.see(f"/inbox/{ids[1]}")
    assert "0 items are as before." in advocate.do(f"/inbox/many/undo{_undo(page)}")


def test_one_decision_for_many_takes_them_from_the_list_and_its_undo_brings_them_back(
    advocate: Browser, heard: Heard
) -> None:
    ids = [
        heard(f"Parcel number {n} is late.", primary="complaint", author_handle=f"a{n}@example.com") for n in range(3)
    ]
    page = advocate.do("/inbox/many", {"verb": "decide", "item": ids, "decision": "no", "reason": "Strike."})
    assert "3 items decided." in page
    assert "Parcel number 1" not in advocate.see("/inbox")
    assert "3 items are as before." in advocate.do(f"/inbox/many/undo{_undo(page)}")
    assert "Parcel number 1" in advocate.see("/inbox")


def test_nobody_chosen_or_nothing_to_set_is_said(advocate: Browser, heard: Heard) -> None:
    item = heard("The parcel never came.", primary="complaint")
    assert "Choose 1 to 200 items." in advocate.do("/inbox/many", {"primary": "request"})
    assert "Choose a label to set." in advocate.do("/inbox/many", {"item": [item]})
