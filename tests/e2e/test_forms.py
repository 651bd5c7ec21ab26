"""A task of a hand-made model on a phone: asked in words, its fields follow the answers, and the process goes on."""

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from tests.e2e.conftest import PASSWORD
from tests.e2e.looking import Looker
from tests.engine.bpmn.asking.drawn import model
from tests.web.conftest import put_live

Look = Callable[..., Looker]
Person = Callable[..., None]

PARCEL = model(
    '<userTask id="search" name="Search the parcel"/>\n'
    '<exclusiveGateway id="found" name="Found?" default="f6"/>\n'
    '<exclusiveGateway id="where" name="Where is it?" default="f4"/>\n'
    '<userTask id="repack" name="Repack"/>',
    "start>search search>found found>where:yes where>repack:shop where>end_b repack>end_a found>end_c",
    yes="${parcelFound == true}",
    shop="${shelf == 'shop' || shelf == 'cellar' || shelf == 'IT_room'}",
)


def start_parcel(app: App, **variables: object) -> int:
    put_live(app, PARCEL, "parcel.bpmn")
    with app.unit_of_work() as work:
        return engine.start(work, "p", variables, business_key="P-7").id


def test_a_task_without_a_form_is_answered_on_a_phone(look: Look, person: Person, app: App) -> None:
    person("stella", "staff")
    instance = start_parcel(app)
    looker = look("stella", width=390, height=844)
    page = looker.visit("/tasks/1")
    expect(page.get_by_text("name = value")).to_have_count(0)
    expect(page.get_by_role("group", name="Shelf")).to_have_count(0)
    looker.check("forms-phone")
    page.get_by_role("group", name="Parcel found").get_by_label("Yes").check()
    shelf = page.get_by_role("group", name="Shelf")
    expect(shelf.get_by_label("IT room")).to_be_visible()
    expect(page.get_by_role("group", name="Parcel found").get_by_label("Yes")).to_be_focused()
    looker.check("forms-phone-more")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    shelf.get_by_label("IT room").check()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Completed: Search the parcel.")).to_be_visible()
    with app.unit_of_work() as work:
        known = queries.get_instance(work, instance).variables
    assert (known["parcelFound"], known["shelf"]) == (True, "IT_room")
    page = looker.visit("/tasks/1")
    expect(page.get_by_text("Parcel found", exact=True)).to_be_visible()
    expect(page.get_by_text("Yes", exact=True)).to_be_visible()
    looker.check("forms-phone-done")
    page = looker.visit("/tasks/2")
    expect(page.get_by_label("What was done?")).to_be_visible()


def test_what_a_task_needs_and_does_not_have_is_marked_before_work_starts(look: Look, person: Person, app: App) -> None:
    person("stella", "staff")
    source = model('<userTask id="pay" name="Pay the refund for ${customer}"/>', "start>pay pay>end").replace(
        b"<userTask", b'<userTask camunda:dueDate="${payUntil}"'
    )
    put_live(app, source, "pay.bpmn")
    with app.unit_of_work() as work:
        engine.start(work, "p", {"payUntil": "2026-04-01"}, business_key="C-1")
    looker = look("stella", dark=True)
    page = looker.visit("/tasks/1")
    facts = page.get_by_role("region", name="What you need to know")
    expect(facts.get_by_text("Customer")).to_be_visible()
    expect(facts.get_by_text("missing")).to_be_visible()
    expect(facts.get_by_text("2026-04-01")).to_be_visible()
    looker.check("forms-facts-dark")


def test_without_scripts_the_form_follows_the_answers_by_a_button(
    chromium: Browser, address: str, person: Person, app: App
) -> None:
    person("stella", "staff")
    start_parcel(app)
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    Looker(page).sign_in("stella", PASSWORD)
    page.goto("/tasks/1")
    page.get_by_role("group", name="Parcel found").get_by_label("Yes").check()
    page.get_by_role("button", name="Show what else is asked").click()
    page.get_by_role("group", name="Shelf").get_by_label("Shop").check()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Completed: Search the parcel.")).to_be_visible()
    context.close()


EVERY = model(
    '<userTask id="work" name="Everything"/>\n<exclusiveGateway id="g" name="Fine?" default="f3"/>',
    "start>work work>g g>end_a:c g>end_b",
    c='=wait > duration("P1D") and some i in positions satisfies i.price > 5 and i.open and colour in ("a","b","c","d")'
    ' and due < date("2026-05-01") and order.total > 5 and count(names) > 2',
)


def test_every_kind_of_field_fits_a_phone_and_the_night(look: Look, person: Person, app: App) -> None:
    person("stella", "staff")
    put_live(app, EVERY, "every.bpmn")
    with app.unit_of_work() as work:
        engine.start(work, "p", {}, business_key="E-1")
    looker = look("stella", width=390, height=844, dark=True)
    page = looker.visit("/tasks/1")
    looker.check("forms-every-phone")
    page.get_by_label("Price").fill("7")
    page.get_by_role("group", name="Open").first.get_by_label("Yes").check()
    page.get_by_role("button", name="Add a row").click()
    expect(page.get_by_role("group", name="Positions 2")).to_be_visible()
    page.get_by_label("Wait", exact=True).fill("3")
    page.get_by_label("Unit of Wait").select_option("days")
    page.get_by_label("Colour").select_option("B")
    page.get_by_role("textbox", name="Due", exact=True).fill("2026-04-01")
    page.get_by_label("Total").fill("9")
    page.get_by_label("Names").fill("Ann\nBo")
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Completed: Everything.")).to_be_visible()
    with app.unit_of_work() as work:
        found = queries.get_work_item(work, 1).result
    assert found == {
        "wait": "P3D", "positions": [{"open": True, "price": 7}], "colour": "b", "due": "2026-04-01",
        "order": {"total": 9}, "names": ["Ann", "Bo"],
    }  # fmt: skip
