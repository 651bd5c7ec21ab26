"""The channel advisor: seeded, changed in versions with a reason, shown on the item."""

from collections.abc import Callable

from bpm.app import App
from bpm.feedback.triage.advising import SEED, advice_table, advised
from tests.web.conftest import Browser

ALL_BY_MAIL = {f"{row} {column}": "email" for row in SEED for column in ("open", "personal", "delicate")}


def test_the_shipped_table_sends_difficult_matters_to_the_phone_and_private_ones_out_of_public() -> None:
    assert advised(SEED, "simple", "open") == "email"
    assert advised(SEED, "difficult", "open") == "call"
    assert advised(SEED, "difficult", "delicate") == "in_person"
    assert advised(SEED, None, "open") == ""
    assert "social" not in {channel for row in SEED.values() for name, channel in row.items() if name != "open"}


def test_it_is_shown_on_the_item_and_changed_in_versions_with_a_reason(
    app: App, advocate: Browser, heard: Callable[..., int]
) -> None:
    item = heard("Where is my parcel?", "question", channel="social")
    page = advocate.see(f"/inbox/{item}")
    assert "Best spoken about by mail or on the web rather than in public (simple, open; table version 0)" in page
    table = advocate.see("/inbox/advice")
    assert "American Express and Echo" in table
    assert "38 %" in table

    assert advocate.post("/inbox/advice", {**ALL_BY_MAIL, "reason": " "}).status_code == 400
    public = {**ALL_BY_MAIL, "simple personal": "social", "reason": "They write there."}
    assert "What is personal is not spoken about in public." in advocate.do("/inbox/advice", public)
    page = advocate.do("/inbox/advice", {**ALL_BY_MAIL, "simple open": "chat", "reason": "They asked for it."})
    assert "Version 1 of the table counts from now on." in page
    assert "They asked for it." in page
    assert "Best spoken about by chat" in advocate.see(f"/inbox/{item}")
    with app.unit_of_work.reading() as work:
        assert advice_table(work).number == 1
