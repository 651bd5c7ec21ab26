"""People, groups and rights are administered on screens, and nobody widens their own."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bpm import identity
from bpm.app import App
from bpm.engine.models import WorkItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError
from bpm.identity import Holder, Permission, PersonForm, Scope, ScopeKind
from tests.web.conftest import PASSWORD, Browser, start_refund
from web.core.request_context import requirement_of

SignIn = Callable[..., Browser]
NEW = "seven quiet otters"


@pytest.fixture
def alex(signed_in: SignIn) -> Browser:
    return signed_in("alex", "admin")


def id_of(app: App, username: str) -> int:
    with app.unit_of_work.reading() as work:
        return next(user.id for user in identity.list_users(work) if user.username == username)


def group_id(app: App, key: str) -> int:
    with app.unit_of_work.reading() as work:
        return next(row.id for row in identity.list_group_rows(work) if row.key == key)


def link_in(page: str) -> str:
    found = re.search(r"/sign-in/password/[\w-]+", page)
    assert found, "no link is shown"
    return found.group()


def invite(alex: Browser, username: str, **more: object) -> str:
    """The link that an invited person chooses a password by."""
    answer = alex.post("/admin/people/new", {"username": username, "display_name": username.capitalize(), **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return link_in(alex.get(answer.location).get_data(as_text=True))


@pytest.mark.both_databases
def test_somebody_invited_chooses_a_password_once_and_comes_in(web: Flask, alex: Browser) -> None:
    link = invite(alex, "ben", roles=["staff"])
    ben = Browser(web.test_client())
    assert "Your user name is ben" in ben.get(link).get_data(as_text=True)
    weak = ben.post(link, {"password": "short", "password_again": "short"})
    assert weak.status_code == 400
    assert "12 to 128" in weak.get_data(as_text=True)
    assert ben.post(link, {"password": NEW, "password_again": "other"}).status_code == 400
    assert ben.post(link, {"password": NEW, "password_again": NEW}).status_code == 303
    assert ben.sign_in("ben", NEW).status_code == 303
    assert ben.get("/tasks").status_code == 200
    again = Browser(web.test_client())
    assert again.get(link).status_code == 404
    assert again.post(link, {"password": PASSWORD, "password_again": PASSWORD}).status_code == 404


def test_nobody_comes_in_before_a_password_is_chosen(web: Flask, alex: Browser) -> None:
    invite(alex, "ben")
    for password in ("", " ", "None", PASSWORD):
        assert Browser(web.test_client()).sign_in("ben", password).status_code == 401


def test_a_link_for_a_new_password_lasts_half_an_hour_and_a_newer_one_ends_it(
    app: App, web: Flask, signed_in: SignIn, alex: Browser, clock: FixedClock
) -> None:
    signed_in("ada", "staff")
    ada, links = id_of(app, "ada"), []
    for _time in range(2):
        alex.post(f"/admin/people/{ada}/link")
        links.append(link_in(alex.get(f"/admin/people/{ada}").get_data(as_text=True)))
    visitor = Browser(web.test_client())
    assert visitor.get(links[0]).status_code == 404
    clock.advance(timedelta(minutes=29))
    assert visitor.get(links[1]).status_code == 200
    clock.advance(timedelta(minutes=1))
    assert visitor.get(links[1]).status_code == 404


def test_asking_for_a_new_password_says_the_same_to_everybody(web: Flask, signed_in: SignIn) -> None:
    signed_in("ada", "staff")
    pages = []
    for who in ("ada", "nobody", "nobody@example.com", ""):
        answer = Browser(web.test_client()).post("/sign-in/forgotten", {"who": who})
        pages.append(re.sub(r'"X-CSRFToken": "[^"]+"|nonce="[^"]*"', "", answer.get_data(as_text=True)))
        answer.close()
    assert len(set(pages)) == 1


def test_a_forged_host_makes_no_link(web: Flask, signed_in: SignIn) -> None:
    signed_in("ada", "staff")
    client = web.test_client()
    page = client.get("/sign-in", base_url="https://evil.test").get_data(as_text=True)
    token = re.search(r'"X-CSRFToken": "([^"]+)"', page)
    assert token
    sent = {"who": "ada", "csrf_token": token.group(1)}
    answer = client.post(
        "/sign-in/forgotten", data=sent, base_url="https://evil.test", headers={"Referer": "https://evil.test/"}
    )
    assert answer.status_code == 400
    assert "EARSHOT_PUBLIC_URL" in answer.get_data(as_text=True)


def test_own_roles_are_not_for_oneself(app: App, alex: Browser) -> None:
    mine = id_of(app, "alex")
    alex.post(f"/admin/people/{mine}", {"display_name": "Alexa", "roles": ["admin", "designer", "operator"]})
    with app.unit_of_work.reading() as work:
        user = identity.get_user(work, mine)
        assert (user.display_name, user.roles) == ("Alexa", ["admin"])
        actor = identity.find_actors(work, [mine])[mine]
    for act in (
        lambda work: identity.change_person(work, mine, PersonForm("Alexa", "", ("admin", "designer"), ())),
        lambda work: identity.grant(work, Holder(user_id=mine), "designer", scope=Scope(ScopeKind.EVERYWHERE, "")),
        lambda work: identity.deactivate(work, mine),
    ):
        with pytest.raises(ForbiddenError), app.unit_of_work(actor) as work:
            act(work)


def test_rights_of_ones_own_group_and_role_are_not_for_oneself(app: App, signed_in: SignIn) -> None:
    signed_in("alex", "admin", groups=("service",))
    with app.unit_of_work() as work:
        group = identity.find_group(work, "service")
        assert group is not None
        identity.save_role(work, "Auditor", ["insights.see"])
        identity.grant(work, Holder(group_id=group.id), "auditor", scope=Scope(ScopeKind.EVERYWHERE, ""))
        actor = identity.find_actors(work)[id_of(app, "alex")]
    with pytest.raises(ForbiddenError), app.unit_of_work(actor) as work:
        identity.grant(work, Holder(group_id=group.id), "designer", scope=Scope(ScopeKind.EVERYWHERE, ""))
    with pytest.raises(ForbiddenError), app.unit_of_work(actor) as work:
        identity.save_role(work, "Auditor", ["insights.see", "processes.deploy"], key="auditor")


@pytest.mark.both_databases
def test_the_last_administrator_stays(app: App, signed_in: SignIn) -> None:
    signed_in("alex", "admin")
    alex = id_of(app, "alex")
    with pytest.raises(ConflictError, match="last administrator"), app.unit_of_work() as work:
        identity.deactivate(work, alex)
    with pytest.raises(ConflictError), app.unit_of_work() as work:
        identity.change_person(work, alex, PersonForm("Alex", "", ("staff",), ()))
    signed_in("bea", "admin")
    with app.unit_of_work() as work:
        identity.deactivate(work, alex)


def test_administration_asks_again_who_one_is_and_keeps_what_was_typed(
    app: App, alex: Browser, clock: FixedClock
) -> None:
    clock.advance(timedelta(minutes=16))
    form = {"name": "Claims <West>"}
    asked = alex.post("/admin/groups", form)
    page = asked.get_data(as_text=True)
    assert asked.status_code == 403
    assert "show once more who you are" in page
    kept = re.search(r'name="kept" value="([^"]*)"', page)
    assert kept
    from html import unescape

    before = alex.client.get_cookie("earshot")
    wrong = alex.post("/sign-in/proof", {"password": "no", "kept": unescape(kept.group(1))})
    assert wrong.status_code == 401
    proven = alex.post("/sign-in/proof", {"password": PASSWORD, "kept": unescape(kept.group(1))})
    assert "Claims &lt;West&gt;" in proven.get_data(as_text=True)
    after = alex.client.get_cookie("earshot")
    assert before is not None
    assert after is not None
    assert before.value != after.value, "the session goes on under a new id"
    stolen = Browser(alex.client.application.test_client())
    stolen.client.set_cookie("earshot", before.value)
    assert stolen.get("/profile").status_code == 303
    assert alex.post("/admin/groups", form).status_code == 303


WRITES_NOTHING = {"admin.try_calendar"}
"""Forms whose answer is a preview."""


def test_every_form_of_administration_asks_for_a_proof(web: Flask) -> None:
    for rule in web.url_map.iter_rules():
        need = requirement_of(web.view_functions[rule.endpoint])
        if rule.endpoint.startswith("admin.") and "POST" in (rule.methods or ()):
            assert need is not None
            assert need.proof or rule.endpoint in WRITES_NOTHING, rule.endpoint
            assert need.permission is Permission.ADMIN, rule.endpoint


@pytest.mark.parametrize("role", [role for role in identity.ROLES if role != "admin"])
def test_administration_is_closed_to_every_other_role(web: Flask, signed_in: SignIn, role: str) -> None:
    browser, adapter = signed_in("ada", role), web.url_map.bind("localhost")
    for rule in web.url_map.iter_rules():
        if not rule.endpoint.startswith("admin."):
            continue
        for method in {"GET", "POST"} & set(rule.methods or ()):
            address = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method=method)
            answer = browser.get(address) if method == "GET" else browser.post(address)
            assert answer.status_code == 403, address


def test_a_route_opens_to_exactly_the_roles_that_have_its_permission(web: Flask, signed_in: SignIn) -> None:
    browsers = {role: signed_in(role, role) for role in identity.ROLES}
    adapter = web.url_map.bind("localhost")
    wrong = []
    for rule in web.url_map.iter_rules():
        need = requirement_of(web.view_functions[rule.endpoint])
        if need is None or need.permission is Permission.PUBLIC or "GET" not in (rule.methods or ()):
            continue
        address = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method="GET")
        for role, browser in browsers.items():
            allowed = need.permission is Permission.SIGNED_IN or need.permission in identity.ROLES[role]
            if (browser.get(address).status_code != 403) is not allowed:
                wrong.append((role, address))
    assert wrong == []


@pytest.mark.both_databases
def test_a_lane_is_mapped_to_a_group_whose_people_get_its_work(
    app: App, signed_in: SignIn, alex: Browser, refund: int
) -> None:
    """The model offers work to "service": those tasks go to the help desk, the ones that wait and the ones to come."""
    waiting = start_refund(app, "A-1")
    hana = signed_in("hana", "staff", groups=("help_desk",))
    desk = group_id(app, "help_desk")
    assert alex.post("/admin/lanes", {"lane": "service", "group": str(desk)}).status_code == 303
    coming = start_refund(app, "A-2")
    with app.unit_of_work.reading() as work:
        keys = dict(work.session.execute(select(WorkItem.instance_id, WorkItem.group_key)).all())
    assert keys == {waiting: "help_desk", coming: "help_desk"}
    assert hana.get("/tasks").get_data(as_text=True).count("Check the claim") >= 2
    assert "service" in alex.get(f"/admin/groups/{desk}").get_data(as_text=True)


def test_a_lane_whose_group_has_people_is_not_mapped_away(app: App, signed_in: SignIn, alex: Browser) -> None:
    signed_in("stella", "staff", groups=("service",))
    signed_in("hana", "staff", groups=("help_desk",))
    desk = group_id(app, "help_desk")
    answer = alex.post("/admin/lanes", {"lane": "service", "group": str(desk)})
    assert answer.status_code == 409
    assert "Merge the two groups" in answer.get_data(as_text=True)


@pytest.mark.both_databases
def test_groups_are_merged_with_people_tasks_and_names(app: App, signed_in: SignIn, alex: Browser, refund: int) -> None:
    signed_in("stella", "staff", groups=("service",))
    signed_in("hana", "staff", groups=("help_desk", "service"))
    start_refund(app)
    with app.unit_of_work.reading() as work:
        numbers = {row.key: row.id for row in identity.list_group_rows(work)}
    answer = alex.post(f"/admin/groups/{numbers['service']}/merge", {"into": numbers["help_desk"]})
    assert answer.status_code == 303
    with app.unit_of_work.reading() as work:
        rows = {row.key: row for row in identity.list_group_rows(work)}
        assert "service" not in rows
        assert (rows["help_desk"].members, rows["help_desk"].aliases) == (2, ("service",))
        assert work.session.scalars(select(WorkItem.group_key)).all() == ["help_desk"]


def test_groups_are_made_filled_and_renamed(app: App, signed_in: SignIn, alex: Browser) -> None:
    signed_in("ada", "staff")
    made = alex.post("/admin/groups", {"name": "Claims West"})
    assert made.status_code == 303
    assert alex.post("/admin/groups", {"name": "claims west"}).status_code == 400, "the name is taken"
    assert alex.post("/admin/groups", {"name": "  "}).status_code == 400
    alex.post(made.location, {"name": "Claims", "members": [str(id_of(app, "ada"))]})
    with app.unit_of_work.reading() as work:
        row = next(each for each in identity.list_group_rows(work) if each.key == "claims_west")
    assert (row.name, row.members) == ("Claims", 1)


@pytest.mark.both_databases
def test_a_leaver_is_switched_off_and_their_work_handed_over_in_one_act(
    app: App, signed_in: SignIn, alex: Browser, refund: int
) -> None:
    stella = signed_in("stella", "staff", groups=("service",))
    sam = signed_in("sam", "staff", groups=("service",))
    start_refund(app)
    stella.post("/tasks/1/claim")
    address = f"/admin/people/{id_of(app, 'stella')}/leaving"
    page = alex.get(address).get_data(as_text=True)
    assert "Check the claim" in page
    refused = alex.post(address, {"to": f"person {id_of(app, 'sam')}", "reason": " "})
    assert refused.status_code == 400
    assert stella.get("/tasks").status_code == 200, "nothing happened without a reason"
    assert alex.post(address, {"to": f"person {id_of(app, 'sam')}", "reason": "left"}).status_code == 303
    assert stella.get("/tasks").status_code == 303
    assert "Check the claim" in sam.get("/tasks?scope=mine").get_data(as_text=True)


def test_what_a_leaver_had_can_go_back_to_its_group_or_to_another(
    app: App, signed_in: SignIn, alex: Browser, refund: int
) -> None:
    for number, (to, expected) in enumerate((("own groups", "service"), ("group help_desk", "help_desk")), start=1):
        browser = signed_in(f"leaver{number}", "staff", groups=("service",))
        signed_in(f"other{number}", "staff", groups=("help_desk",))
        start_refund(app, f"A-{number}")
        browser.post(f"/tasks/{number}/claim")
        alex.post(f"/admin/people/{id_of(app, f'leaver{number}')}/leaving", {"to": to, "reason": "left"})
        with app.unit_of_work.reading() as work:
            item = work.session.get_one(WorkItem, number)
            assert (item.assignee_id, item.group_key) == (None, expected)


def test_a_role_of_ones_own_opens_what_it_says_and_ends_on_its_day(
    app: App, signed_in: SignIn, alex: Browser, clock: FixedClock
) -> None:
    ada = signed_in("ada")
    assert ada.get("/insights").status_code == 403
    alex.post("/admin/roles", {"name": "Reader of figures", "permissions": ["insights.see"]})
    grant = {"holder": f"person-{id_of(app, 'ada')}", "role": "reader-of-figures", "kind": "everywhere"}
    assert alex.post("/admin/access", {**grant, "until": "2026-03-02"}).status_code == 303
    assert ada.get("/insights").status_code == 200
    assert ada.get("/tasks").status_code == 403
    clock.advance(timedelta(days=1))
    ada.sign_in("ada")
    assert ada.get("/insights").status_code == 403


@pytest.mark.parametrize(
    ("kind", "key"),
    [("process", "refnud"), ("case", "4711"), ("conversation", "12"), ("conversation", "x"), ("inbox", "fax")],
)
def test_a_role_for_what_is_not_there_is_not_granted(
    app: App, signed_in: SignIn, alex: Browser, refund: int, kind: str, key: str
) -> None:
    signed_in("gus")
    grant = {"holder": f"person-{id_of(app, 'gus')}", "role": "manager"}
    answer = alex.post("/admin/access", {**grant, "kind": kind, "key": key})
    assert answer.status_code == 400
    assert f"there is no “{key}”" in answer.text
    for known, its_key in (("process", "refund"), ("inbox", "social")):
        assert alex.post("/admin/access", {**grant, "kind": known, "key": its_key}).status_code == 303
    with app.unit_of_work() as work:
        assert len(identity.list_grants(work)) == 2


def test_a_role_granted_to_a_group_is_had_by_its_people(app: App, signed_in: SignIn, alex: Browser) -> None:
    ada = signed_in("ada", groups=("board",))
    board = group_id(app, "board")
    alex.post("/admin/access", {"holder": f"group-{board}", "role": "manager", "kind": "everywhere"})
    assert ada.get("/insights").status_code == 200


@pytest.mark.both_databases
def test_a_guest_of_one_case_sees_that_case_alone_until_it_is_taken_back(
    app: App, signed_in: SignIn, alex: Browser, refund: int
) -> None:
    mine, other = start_refund(app, "A-1"), start_refund(app, "A-2")
    gus = signed_in("gus")
    assert gus.get(f"/instances/{mine}").status_code == 403
    alex.post(
        "/admin/access", {"holder": f"person-{id_of(app, 'gus')}", "role": "manager", "kind": "case", "key": mine}
    )
    assert gus.get(f"/instances/{mine}").status_code == 200
    assert f"/instances/{mine}" in gus.get("/").get_data(as_text=True)
    for closed in (f"/instances/{other}", "/processes", "/processes/refund", "/tasks", "/inbox", "/insights"):
        assert gus.get(closed).status_code == 403, closed
    assert gus.post(f"/instances/{mine}/cancellation", {"reason": "x"}).status_code == 403
    with app.unit_of_work.reading() as work:
        given = identity.list_grants(work)[0].id
    alex.post(f"/admin/access/{given}/take-back")
    assert gus.get(f"/instances/{mine}").status_code == 403


def test_a_role_for_one_process_opens_that_process_alone(app: App, signed_in: SignIn, refund: int) -> None:
    dora = signed_in("dora")
    with app.unit_of_work() as work:
        holder = Holder(user_id=id_of(app, "dora"))
        identity.grant(work, holder, "designer", scope=Scope(ScopeKind.PROCESS, "refund"))
    assert dora.get("/processes/refund").status_code == 200
    assert dora.get("/processes/refund/triggers/new").status_code == 200
    assert dora.get("/processes/other").status_code == 403
    assert dora.post("/processes/other/retirement").status_code == 403
    assert dora.post("/processes/refund/retirement").status_code == 303


@pytest.mark.both_databases
def test_training_counts_until_its_last_day(app: App, signed_in: SignIn, alex: Browser, clock: FixedClock) -> None:
    signed_in("ada", "staff")
    ada = id_of(app, "ada")
    alex.post(f"/admin/people/{ada}/skills", {"skill": ["Billing ", "returns", ""], "until": ["2026-03-02", "", ""]})
    for skill, days, counts in (
        ("billing", 0, True),
        ("RETURNS", 0, True),
        ("billing", 1, False),
        ("returns", 0, True),
    ):
        clock.advance(timedelta(days=days))
        with app.unit_of_work.reading() as work:
            assert (ada in identity.people_trained_for(work, skill)) is counts, (skill, days)
