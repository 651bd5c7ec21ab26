"""The bell counts truly, the list leads to the thing, and everybody chooses how they are told."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from bpm import identity, mail, notices
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.notices import Way
from tests.effort import statements_of
from tests.web.conftest import Browser, start_refund

SignIn = Callable[..., Browser]


def person_id(app: App, name: str) -> int:
    with app.unit_of_work.reading() as work:
        return next(user.id for user in identity.list_users(work) if user.username == name)


def tell(app: App, name: str, *, key: str = "k", subject: str = "A task for you", link: str = "/tasks") -> None:
    with app.unit_of_work() as work:
        notices.raise_for(work, [person_id(app, name)], "assigned", subject, link, about=("task", 1), key=key)


def bell(browser: Browser, path: str = "/notices") -> str:
    found = re.search(r'<a id="bell".*?</svg>(.*?)</a>', browser.get(path).get_data(as_text=True))
    assert found
    return re.sub("<[^>]*>", "", found.group(1))


def post_form(browser: Browser, path: str, label: str, page: str = "/notices") -> str:
    """Press the button of that name on the page; gives the address that it leads to."""
    html = browser.get(page).get_data(as_text=True)
    forms = re.findall(r'<form[^>]*action="([^"]+)"(?:(?!</form>).)*?<button[^>]*>([^<]+)</button>', html, re.DOTALL)
    address = next(to.replace("&amp;", "&") for to, said in forms if said == label and path in to)
    answer = browser.post(address)
    assert answer.status_code == 303
    return str(answer.location)


def test_the_bell_counts_what_is_unread_on_every_page(app: App, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    assert bell(ada) == "Notices"
    tell(app, "ada", key="a")
    tell(app, "ada", key="b")
    assert {bell(ada, path) for path in ("/notices", "/tasks", "/search?q=x", "/notices/bell")} == {"Notices 2 unread"}
    assert "/notices" in ada.get("/nothing-here").get_data(as_text=True)


def test_the_bell_costs_a_page_nothing_while_nothing_is_new(app: App, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    for path, number in (("/tasks", 0), ("/notices", 1)):
        ada.get(path)
        taken = [text for text, _ in statements_of(app, lambda path=path: ada.get(path)) if "person_notice" in text]
        assert len(taken) == number
    tell(app, "ada")
    assert bell(ada, "/tasks") == "Notices 1 unread"


def test_opening_a_notice_leads_to_the_thing_and_it_is_read(app: App, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    tell(app, "ada", subject="Check <it>", link="/tasks?scope=mine")
    assert "Check &lt;it&gt;" in ada.get("/notices").get_data(as_text=True)
    assert post_form(ada, "opening", "Check &lt;it&gt;") == "/tasks?scope=mine"
    assert bell(ada) == "Notices"
    assert "Nothing new" in ada.get("/notices").get_data(as_text=True)
    assert "Check &lt;it&gt;" in ada.get("/notices?show=all").get_data(as_text=True)


def test_a_link_to_elsewhere_is_not_followed(app: App, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    tell(app, "ada", link="//evil.example")
    assert urlsplit(post_form(ada, "opening", "A task for you")).path == "/notices"


def test_marking_all_as_read_can_be_taken_back(app: App, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    for key in "abc":
        tell(app, "ada", key=key)
    post_form(ada, "reading", "Mark all as read")
    page = ada.get("/notices").get_data(as_text=True)
    assert "3 notices marked as read." in page
    undo = re.search(r'action="(/notices/unreading\?[^"]+)"', page)
    assert undo
    assert ada.post(undo.group(1).replace("&amp;", "&")).status_code == 303
    assert bell(ada) == "Notices 3 unread"
    assert ada.post("/notices/unreading?at=yesterday").status_code == 400


def test_one_can_be_marked_and_that_be_taken_back(app: App, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    tell(app, "ada")
    post_form(ada, "reading", "Mark as read")
    assert bell(ada) == "Notices"
    post_form(ada, "unreading", "Mark as unread", page="/notices?show=all")
    assert bell(ada) == "Notices 1 unread"


def test_notices_of_others_are_not_there(app: App, signed_in: SignIn) -> None:
    signed_in("ada", "staff")
    eve = signed_in("eve", "staff")
    tell(app, "ada")
    assert "A task for you" not in eve.get("/notices?show=all").get_data(as_text=True)
    assert eve.post("/notices/1/opening").status_code == 404
    eve.post("/notices/1/reading")
    eve.post("/notices/reading")
    with app.unit_of_work.reading() as work:
        assert work.session.query(notices.PersonNotice.read_at).all() == [(None,)]


def test_a_task_handed_over_rings_the_bell_of_the_colleague(app: App, signed_in: SignIn, refund: int) -> None:
    ada, bob = signed_in("ada", "staff", groups=("service",)), signed_in("bob", "staff", groups=("service",))
    start_refund(app)
    with app.unit_of_work.reading() as work:
        item = work.session.query(WorkItem.id).scalar()
    ada.post(f"/tasks/{item}/claim")
    ada.post(f"/tasks/{item}/assignee", {"to": "person:bob"})
    assert (bell(ada), bell(bob)) == ("Notices", "Notices 1 unread")
    assert "Ada gave you “Check the claim” (Refund A-17)" in bob.get("/notices").get_data(as_text=True)
    assert post_form(bob, "opening", "Ada gave you “Check the claim” (Refund A-17)") == f"/tasks/{item}"


def test_preferences_are_kept_and_say_what_does_not_fit(app: App, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    assert "mail is not set up" in ada.get("/notices/preferences").get_data(as_text=True)
    wanted: dict[str, object] = {"assigned": "mail", "offered": "screen", "zone": "Europe/Berlin", "digest_hour": "7"}
    refused = ada.post("/notices/preferences", {**wanted, "address": ""})
    assert refused.status_code == 400
    assert "Say where mails are to go" in refused.get_data(as_text=True)
    assert ada.post("/notices/preferences", {**wanted, "address": "ada@example.org"}).status_code == 303
    with app.unit_of_work.reading() as work:
        kept = notices.get_preferences(work, person_id(app, "ada"))
    assert (kept.ways["assigned"], kept.ways["offered"], kept.ways["overdue"]) == (Way.MAIL, Way.SCREEN, Way.SCREEN)
    assert (kept.address, kept.zone, kept.digest_hour) == ("ada@example.org", "Europe/Berlin", 7)
    page = ada.get("/notices/preferences").get_data(as_text=True)
    assert '<option value="mail" selected>' in page


@pytest.mark.parametrize("hour", ["", "-1", "24", "seven", "٧", "1e1"])
def test_an_hour_that_is_none_is_refused(signed_in: SignIn, hour: str) -> None:
    ada = signed_in("ada", "staff")
    assert ada.post("/notices/preferences", {"zone": "UTC", "digest_hour": hour}).status_code == 400


def test_the_stream_tells_of_a_notice(app: App, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    drawn = re.search(r'<a id="bell"[^>]*data-mark="([^"]+)"', ada.get("/tasks").get_data(as_text=True))
    assert drawn
    assert ada.get("/live/marks?topics=notices").get_json() == {"notices": drawn.group(1)}
    tell(app, "ada")
    assert ada.get("/live/marks?topics=notices").get_json() != {"notices": drawn.group(1)}


def test_operators_see_mails_that_did_not_go_and_send_them_again(app: App, signed_in: SignIn) -> None:
    otto = signed_in("otto", "operator")
    with app.unit_of_work() as work:
        mail.queue(work, to="ada@example.org", subject="Lost <words>", text="Hi", kind="test", key="k")
        row = work.session.query(mail.MailMessage).one()
        row.status, row.last_error = mail.MailStatus.FAILED, "550 no such person"
    overview = otto.get("/operations").get_data(as_text=True)
    assert "Mail does not go out" in overview
    assert "nothing to do" not in overview
    page = otto.get("/operations/mail").get_data(as_text=True)
    assert "Lost &lt;words&gt;" in page
    assert "550 no such person" in page
    assert "EARSHOT_SMTP_HOST" in page
    post_form(otto, "retry", "Send again", page="/operations/mail")
    assert "Mail does not go out" not in otto.get("/operations").get_data(as_text=True)
    assert signed_in("ada", "staff").get("/operations/mail").status_code == 403


def test_a_completion_costs_no_notice_where_nobody_is_named(app: App, signed_in: SignIn, refund: int) -> None:
    ada = signed_in("ada", "staff", groups=("service", "finance"))
    start_refund(app)
    with app.unit_of_work.reading() as work:
        item = work.session.query(WorkItem.id).scalar()
    form: dict[str, object] = {"approved": "true", "amount": "5", "reason": "late"}
    ada.token()
    taken = statements_of(app, lambda: ada.post(f"/tasks/{item}/completion", form))
    assert not [text for text, _ in taken if "notice" in text]
    with app.unit_of_work.reading() as work:
        assert engine.check_invariants(work) == []


def test_the_link_of_a_mail_marks_its_notice_as_read_for_its_person_alone(app: App, signed_in: SignIn) -> None:
    stella, sam = signed_in("stella", "staff"), signed_in("sam", "staff")
    with app.unit_of_work() as work:
        stella_id = person_id(app, "stella")
        kept = notices.get_preferences(work, stella_id)
        wanted = notices.Preferences({**kept.ways, "assigned": Way.MAIL}, address="stella@example.org")
        notices.save_preferences(work, stella_id, wanted)
    tell(app, "stella", link="/tasks?scope=mine")
    with app.unit_of_work.reading() as work:
        text = work.session.query(mail.MailMessage).one().text
    [address] = re.findall(r"\S+/notices/mail/\S+", text)
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}"
    assert sam.get(path).location == "/tasks?scope=mine"
    assert stella.get(path.replace("mine", "all")).location == "/notices"
    assert bell(stella).strip().startswith("Notices 1")
    assert stella.get(path).location == "/tasks?scope=mine"
    assert bell(stella).strip() == "Notices"
