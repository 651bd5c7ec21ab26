"""Distribute on the screen: to several at once, asked about where somebody has it, taken back, back with a result."""

from collections.abc import Callable

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.queries import WorkItemFilter
from tests.web.conftest import Browser, page_of

Heard = Callable[..., int]
SignIn = Callable[..., Browser]


def test_an_item_goes_to_two_groups_and_what_one_says_is_read_on_it(
    app: App, advocate: Browser, heard: Heard, signed_in: SignIn
) -> None:
    item = heard("Nobody answers my mails")
    staff = signed_in("ivan", "staff", groups=("it",))
    signed_in("olga", "staff", groups=("operations",))
    form = {"to": ["group:it", "group:operations", ""], "note": "Where is it?", "due": "2026-03-03T12:00"}
    assert "Handed over to it, operations" in advocate.do(f"/inbox/{item}/distribution", form)

    page = advocate.see(f"/inbox/{item}")
    assert "promised for" in page
    for group in ("it", "operations"):
        listed = staff.see(f"/inbox?view=handed&group={group}")
        assert "Nobody answers my mails" in listed
    (row,) = [each for each in _tasks(app) if each.group_key == "it"]
    task = staff.see(f"/tasks/{row.id}")
    for words in ("See to it", "Nobody answers my mails", "Where is it?", "What came out?"):
        assert words in task
    staff.post(f"/tasks/{row.id}/completion", {"outcome": "done", "result": "The mail server was full."})

    page = advocate.see(f"/inbox/{item}")
    for words in ("Ivan: done. The mail server was full.", "Back from it", "promise kept", "was distributed"):
        assert words in page
    assert "Nobody answers my mails" in advocate.see("/inbox?view=back")
    assert "The mail server was full." in advocate.see("/notices")


def test_who_has_it_is_named_before_it_goes_to_somebody_else_or_is_decided(
    app: App, advocate: Browser, heard: Heard, signed_in: SignIn
) -> None:
    signed_in("olga", "staff", groups=("operations",))
    item = heard("Hear me")
    advocate.post(f"/inbox/{item}/distribution", {"to": "group:service", "note": "Yours?"})
    again = advocate.post(f"/inbox/{item}/distribution", {"to": "person:olga", "note": "Or yours?"})
    assert again.status_code == 409
    page = page_of(again)
    assert "Service still has work to do on it" in page
    assert page.field("Note optional").value == "Or yours?"
    asked = advocate.post(f"/inbox/{item}/decision", {"decision": "no", "reason": "No stock."})
    assert asked.status_code == 409
    assert "Work on it is still open: Service." in page_of(asked)

    advocate.post(f"/inbox/{item}/distribution", {"to": "person:olga", "note": "Or yours?", "existing": "instead"})
    assert [row.assignee for row in _tasks(app)] == ["Olga"]
    page = advocate.see(f"/inbox/{item}")
    assert "Taken back from service: Or yours?" in page

    back = f"/inbox/hand-overs/{_last(app)}/withdrawal"
    assert "nobody has to do it" in advocate.do(back, {"why": "She called."})
    assert _tasks(app) == []
    assert advocate.post(back, {"why": "Twice."}).status_code == 409
    for wrong in ({"to": ""}, {"to": "planet:mars"}, {"to": "group:service", "due": "2020-01-01T00:00"}):
        assert advocate.post(f"/inbox/{item}/distribution", wrong).status_code == 400


def test_the_table_of_departments_shows_how_long_it_took_and_the_promises(
    app: App, advocate: Browser, heard: Heard, signed_in: SignIn
) -> None:
    manager = signed_in("mia", "manager", groups=("marketing",))
    assert "Nothing was handed over" in manager.see("/insights/departments")
    item = heard("Hear me")
    advocate.post(f"/inbox/{item}/distribution", {"to": "group:service"})
    (row,) = _tasks(app)
    with app.unit_of_work() as work:
        engine.complete(work, row.id, {"outcome": "done", "result": "Told her."})
    page = manager.see("/insights/departments")
    assert "1 crossings" in page
    assert "Service" in page


def _tasks(app: App) -> list[engine_queries.WorkItemRow]:
    with app.unit_of_work.reading() as work:
        return list(engine_queries.list_work_items(work, WorkItemFilter()).rows)


def _last(app: App) -> int:
    from bpm.feedback.models import Distribution

    with app.unit_of_work.reading() as work:
        return max(row.id for row in work.session.query(Distribution).all())
