"""Filters of the inbox are kept under a name, counted, shared with a group and taken away by their owner."""

from collections.abc import Callable

from tests.web.conftest import Browser

Heard = Callable[..., int]


def test_a_view_is_kept_counted_shared_and_taken_away(
    advocate: Browser, signed_in: Callable[..., Browser], heard: Heard
) -> None:
    for number in range(2):
        heard(f"The parcel {number} never came.", primary="complaint", channel="email")
    heard("Lovely shop", primary="praise", channel="review")
    assert "Save this view" not in advocate.see("/inbox")
    assert "Save this view" in advocate.see("/inbox?kind=complaint")
    kept = {"name": "Complaints", "query": "kind=complaint&after=7&strange=1", "group": "", "next": "/inbox"}
    page = advocate.do("/inbox/views", kept)
    assert "View saved: Complaints." in page
    [view] = [link for link in page.all("link") if link.name.startswith("Complaints")]
    assert view.name == "Complaints 2"
    assert '/inbox?kind=complaint"' in page.markup
    page = advocate.do("/inbox/views", {**kept, "query": "kind=praise"})
    assert "Complaints 1" in page
    other = signed_in("otto", "staff", groups=("service",))
    assert other.post("/inbox/views", {**kept, "group": "marketing"}).status_code == 403
    assert other.post("/inbox/views", {**kept, "name": " "}).status_code == 400
    other.post("/inbox/views", {"name": "Holes", "query": "view=holes", "group": "service"})
    mate = signed_in("mia", "staff", groups=("service",))
    assert "Holes" in mate.see("/inbox")
    assert mate.post("/inbox/views/2/removal").status_code == 404
    assert "View removed: Holes." in other.do("/inbox/views/2/removal")
    assert "Holes 0" not in mate.see("/inbox")
