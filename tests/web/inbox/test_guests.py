"""An expert is pulled into one conversation: that one alone, to read and comment, until it is taken back."""

from collections.abc import Callable
from datetime import timedelta

from bpm import identity
from bpm.app import App
from bpm.feedback.items import get_current
from bpm.feedback.people import guests
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser

Heard = Callable[..., int]
SignIn = Callable[..., Browser]


def test_a_guest_sees_one_conversation_and_nothing_else_until_it_is_taken_back(
    app: App, clock: FixedClock, advocate: Browser, heard: Heard, signed_in: SignIn
) -> None:
    guest = signed_in("otto", "operator")
    mine, other = heard("The app eats my photos", author_email="a@example.org"), heard("A secret of somebody else")
    with app.unit_of_work.reading() as work:
        here, there = (get_current(work, each).conversation_id for each in (mine, other))
    assert guest.get(f"/conversations/{here}").status_code == 404

    advocate.post(f"/inbox/{mine}/guests", {"person": "otto", "why": "You wrote that part."})
    assert "asks for your word" in guest.see("/notices")
    page = guest.see(f"/conversations/{here}")
    assert "The app eats my photos" in page
    closed = (f"/conversations/{there}", "/inbox", f"/inbox/{mine}", f"/inbox/{other}", f"/inbox/{here}", "/customers")
    assert {path: guest.get(path).status_code for path in closed} == {
        path: 404 if path.startswith("/conversations") else 403 for path in closed
    }
    refused = (
        f"/inbox/{mine}/reply",
        f"/inbox/{mine}/decision",
        f"/inbox/{mine}/guests",
        f"/inbox/{mine}/distribution",
    )
    assert {guest.post(path, {"text": "Dear customer"}).status_code for path in refused} == {403}
    assert guest.post(f"/conversations/{there}/notes", {"text": "Hello"}).status_code == 404
    assert "A secret" not in guest.see("/search?q=secret")

    assert guest.post(f"/conversations/{here}/notes", {"text": " "}).status_code == 400
    guest.post(f"/conversations/{here}/notes", {"text": "A limit of 2,000 photos; mended on Friday."})
    page = advocate.see(f"/conversations/{here}")
    assert "mended on Friday" in page
    assert "mended on Friday" in advocate.see("/notices")
    assert advocate.post(f"/inbox/{mine}/guests", {"person": "otto"}).status_code == 409

    with app.unit_of_work.reading() as work:
        otto = identity.find_user(work, "otto").id
    assert guest.post(f"/conversations/{here}/guests/{otto}/end").status_code == 403
    advocate.post(f"/conversations/{here}/guests/{otto}/end")
    assert guest.get(f"/conversations/{here}").status_code == 404
    assert advocate.post(f"/conversations/{here}/guests/{otto}/end").status_code == 404

    advocate.post(f"/inbox/{mine}/guests", {"person": "otto"})
    clock.advance(timedelta(days=15))
    with app.unit_of_work.reading() as work:
        assert guests.guests_of(work, here or 0) == ()
