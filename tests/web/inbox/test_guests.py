"""An expert is pulled into one conversation: that one alone, to read and comment, until it is taken back."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from bpm import identity
from bpm.app import App
from bpm.feedback.items import get_current
from bpm.feedback.models import OutboundMessage
from bpm.feedback.people import guests
from bpm.foundation.clock import FixedClock
from bpm.processes import attribution
from tests.web.conftest import Browser, put_live, start_refund

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
    assert advocate.post(f"/inbox/{mine}/guests", {"person": "otto"}).status_code == 409
    assert guest.post(f"/conversations/{here}/reply", {"text": "It is mended."}).status_code == 403
    advocate.post(f"/inbox/{mine}/guests", {"person": "otto", "answers": "1"})
    assert "may answer" in advocate.see(f"/conversations/{here}")
    clock.advance(timedelta(days=15))
    with app.unit_of_work.reading() as work:
        assert guests.guests_of(work, here or 0) == ()


def test_a_guest_who_may_answer_does_so_in_their_own_name_through_the_gate_and_who_let_them_in_is_told(
    app: App, advocate: Browser, heard: Heard, signed_in: SignIn
) -> None:
    guest = signed_in("otto", "operator")
    mine, other = heard("The app eats my photos", author_email="a@example.org"), heard("A secret of somebody else")
    with app.unit_of_work.reading() as work:
        here, there = (get_current(work, each).conversation_id for each in (mine, other))
    advocate.do(f"/inbox/{mine}/guests", {"person": "otto", "answers": "1"})
    assert guest.see(f"/conversations/{here}").has("button", "Save my reply, to be said by hand")
    assert guest.post(f"/conversations/{there}/reply", {"text": "Hello"}).status_code == 404
    assert guest.post(f"/inbox/{mine}/reply", {"text": "Hello"}).status_code == 403

    odd = guest.do(f"/conversations/{here}/reply", {"text": "Dear {{name}}, it is mended."})
    assert "{{name}} is still to be filled in." in odd
    assert odd.get("textbox", "Your answer to the customer").value == "Dear {{name}}, it is mended."
    assert "Write what you want to say." in guest.do(f"/conversations/{here}/reply", {"text": " "})
    sent = guest.do(f"/conversations/{here}/reply", {"text": "The limit is 5,000 photos since Friday."})
    assert "Kept as your reply, in your name." in sent
    with app.unit_of_work.reading() as work:
        [message] = work.session.scalars(select(OutboundMessage))
        assert (message.from_name, message.conversation_id, message.author_user_id) == (
            "Otto", here, identity.find_user(work, "otto").id,
        )  # fmt: skip
        number = message.id
    assert "Otto answered the customer as your guest: The limit is 5,000 photos" in advocate.see("/notices")
    assert guest.post(f"/conversations/{there}/messages/{number}/back").status_code == 404
    back = guest.do(f"/conversations/{here}/messages/{number}/back")
    assert "Taken back." in back
    assert back.get("textbox", "Your answer to the customer").value == "The limit is 5,000 photos since Friday."


def test_a_guest_of_a_case_reads_the_conversation_behind_it_and_answers_as_far_as_their_role_goes(
    app: App, advocate: Browser, heard: Heard, signed_in: SignIn
) -> None:
    put_live(app)
    case, other = start_refund(app, "A-1"), start_refund(app, "A-2")
    items = heard("Where is my money?", author_email="a@example.org"), heard("And mine?", author_email="b@example.org")
    with app.unit_of_work() as work:
        for item, instance in zip(items, (case, other), strict=True):
            attribution.attribute(work, item, version_id=1, element="check", instance_id=instance)
        here, there = (get_current(work, each).conversation_id for each in items)
    guest = signed_in("gus")
    with app.unit_of_work() as work:
        holder = identity.Holder(user_id=identity.find_user(work, "gus").id)
        role = "answering_guest"
        identity.grant(work, holder, role, scope=identity.Scope(identity.ScopeKind.CASE, str(case)))
    page = guest.see(f"/instances/{case}")
    assert page.get("link", "The whole conversation").target == f"/conversations/{here}"
    assert guest.get(f"/conversations/{there}").status_code == 404
    assert "Kept as your reply" in guest.do(f"/conversations/{here}/reply", {"text": "It was paid on Monday."})
    assert guest.post(f"/conversations/{there}/reply", {"text": "It was paid on Monday."}).status_code == 404
    assert guest.get(f"/instances/{other}").status_code == 403
