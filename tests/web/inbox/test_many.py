"""Many items at once: corrected or decided in one act, taken back by one undo that leaves what was touched since."""

from collections.abc import Callable

from bpm.app import App
from bpm.feedback import queries
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


def test_tags_persons_and_conversations_of_many_are_set_in_one_act_and_put_back(
    app: App, advocate: Browser, signed_in: Callable[..., Browser], heard: Heard
) -> None:
    sam, ben = signed_in("sam", "advocate"), signed_in("ben", "advocate", groups=("it",))
    ids = [heard(f"Parcel {n} never came.", author_handle=f"a{n}@example.com") for n in range(3)]
    page = advocate.do(
        "/inbox/many", {"verb": "tag", "item": ids[:2], "tag": " Strike  In May", "tag_group": "service"}
    )
    assert "2 items tagged." in page
    undo = _undo(page)
    assert "1 item tagged." in advocate.do("/inbox/many", {"verb": "tag", "item": ids, "tag": "STRIKE in may"})
    listed = advocate.see("/inbox/tags")
    assert "strike in may" in listed
    assert "strike" not in ben.see("/inbox/tags"), "another team's"
    assert ben.post("/inbox/tags/1/name", {"name": "mine"}).status_code == 404
    # It filters the list, is kept in views, stands in files, and is found again when it was renamed or merged.
    assert "Parcel 1" in advocate.see("/inbox?tag=1")
    heard("Something else.")
    assert "Something else." not in advocate.see("/inbox?tag=1")
    advocate.post("/inbox/views", {"name": "Strikes", "query": "tag=1"})
    assert advocate.get("/inbox/export.csv?tag=1").get_data(as_text=True).count("strike in may") == 3
    advocate.post(f"/inbox/{ids[2]}/tags", {"tag": "walkout", "tag_group": "service"})
    assert advocate.post("/inbox/tags/2/name", {"name": "strike in may"}).status_code == 409
    advocate.post("/inbox/tags/2/name", {"name": "lockout"})
    assert "Merged: 2 items moved." in advocate.do("/inbox/tags/1/merge", {"into": "2"})
    page = advocate.see("/inbox?tag=1")
    assert [f"Parcel {n}" in page for n in range(3)] == [True, True, True]
    [view] = [link for link in page.all("link") if link.name.startswith("Strikes")]
    assert "3" in view.name
    assert "lockout" in advocate.see(f"/inbox/{ids[0]}")
    assert "2 items are as before." in advocate.do(f"/inbox/many/undo{undo}")
    assert "No longer tagged lockout." in advocate.do(f"/inbox/{ids[2]}/tags/2/end")
    advocate.post(f"/inbox/{ids[2]}/tags", {"tag": "closure", "tag_group": "service"})
    advocate.post("/inbox/tags/2/merge", {"into": "3"})
    assert "Parcel 2" in advocate.see("/inbox?tag=1"), "what was merged twice leads to the last one"
    # Whose they are: the undo gives each back to whose it was, and leaves what went on.
    advocate.post(f"/inbox/{ids[0]}/assignment", {"person": "ben"})
    page = advocate.do("/inbox/many", {"verb": "assign", "item": ids, "person": "sam"})
    assert "3 items given." in page
    advocate.post(f"/inbox/{ids[2]}/assignment", {"person": "ben"})
    assert "2 items are as before." in advocate.do(f"/inbox/many/undo{_undo(page)}")
    said = [advocate.see(f"/inbox/{each}").words for each in ids]
    assert ["Ben has it" in each for each in said] == [True, False, True]
    assert "nobody has it yet" in said[1]
    # Conversations: into the oldest, and apart again.
    assert "in one conversation already" in sam.do("/inbox/many", {"verb": "merge", "item": ids[:1]})
    page = sam.do("/inbox/many", {"verb": "merge", "item": ids})
    assert "2 conversations moved." in page
    assert "Parcel 2" in sam.see(f"/inbox/{ids[0]}")
    with app.unit_of_work.reading() as work:
        assert len({queries.conversation_of(work, each).conversation_id for each in ids}) == 1
    assert "2 conversations are apart again." in sam.do(f"/inbox/many/undo{_undo(page)}")
    with app.unit_of_work.reading() as work:
        assert len({queries.conversation_of(work, each).conversation_id for each in ids}) == 3


def test_nobody_chosen_or_nothing_to_set_is_said(advocate: Browser, heard: Heard) -> None:
    item = heard("The parcel never came.", primary="complaint")
    assert "Choose 1 to 200 items." in advocate.do("/inbox/many", {"primary": "request"})
    assert "Choose a label to set." in advocate.do("/inbox/many", {"item": [item]})
