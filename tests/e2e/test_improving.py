"""The whole loop in browsers: from an activity that hurts to a win that may be claimed, and the customers told."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import insert, select

from bpm import feedback, identity, processes
from bpm.app import App
from bpm.feedback.models import FeedbackItem, OutboundMessage
from bpm.feedback.raw_item import RawItem
from bpm.foundation.clock import FixedClock
from bpm.processes import verdicts
from bpm.processes.models import Attribution
from bpm.processes.rollouts import RolloutCase
from tests.e2e.looking import Looker
from tests.e2e.pages.form import Form
from tests.e2e.pages.gates import Gates
from tests.feedback.conftest import reading
from tests.processes.models import CARE
from tests.processes.verdicts.made_history import shares, write
from tests.web.conftest import put_live

Look = Callable[..., Looker]
SIGNERS = {"mia": "marketing", "ida": "it", "ole": "operations"}
SAID = "It takes you a week to read a complaint."


@pytest.fixture
def history(app: App, clock: FixedClock, person: Callable[..., None]) -> int:
    """Five months of a process of which one activity hurts; the people who own it. Gives its version."""
    person("ada", "designer", "manager", "advocate", groups=("service", "it"), name="Ada Vogel")
    for name, department in SIGNERS.items():
        person(name, "manager", groups=(department,), name=name.capitalize())
    with app.unit_of_work() as work:
        identity.set_skills(work, 2, {"social strategist": None})
    version = put_live(app, CARE, "care.bpmn")
    cases = shares(random.Random(3), 160, clock.now() - timedelta(days=150), 148, 0.5, version_id=version, delay=0.5)
    write(app, "care", cases)
    raw = RawItem("email", "shop", SAID, author_name="Jo Berg", author_email="jo@example.org", said_at=clock.now())
    with app.unit_of_work() as work:
        item = feedback.receive(work, raw).item_id
        feedback.record_classification(work, item, reading())
        processes.attribute(work, item, version_id=version, element="read")
    return version


def serve(app: App, clock: FixedClock, versions: tuple[int, int]) -> None:
    """Ninety days of a rollout at half and half: the customers of the new version complain seldom."""
    draw, start = random.Random(5), clock.now() + timedelta(hours=1)
    clock.advance(timedelta(days=100))
    old = write(app, "care", shares(draw, 130, start, 60, 0.5, version_id=versions[0], first_customer=1_000))
    new = write(app, "care", shares(draw, 130, start, 60, 0.1, version_id=versions[1], first_customer=2_000))
    with app.unit_of_work() as work:
        links = work.session.execute(
            select(Attribution.instance_id, FeedbackItem.customer_id)
            .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
            .where(Attribution.instance_id.in_([*old, *new]))
        )
        people = {row.instance_id: row.customer_id for row in links}
        rows = [
            {"rollout_id": 1, "instance_id": each, "arm": arm, "unit": f"u{people[each]}",
             "customer_id": people[each], "at": work.now()}
            for arm, some in (("control", old), ("candidate", new)) for each in some
        ]  # fmt: skip
        work.session.execute(insert(RolloutCase), rows)
    verdicts.sweep_verdicts(app.unit_of_work)


def test_from_a_red_activity_to_a_win_and_the_customers_told(
    app: App, clock: FixedClock, look: Look, history: int
) -> None:
    ada = look("ada")
    page = ada.visit("/insights/processes/care?days=365")
    ada.check("loop-red")
    page.get_by_role("table").get_by_role("link", name="Read complaint").first.click()
    page.goto(f"/insights/processes/care/items?version_id={history}&element=read&days=365")
    page.get_by_role("link", name="Propose an improvement because of these").click()
    form = Form(page)
    form.fill(**{"What shall change?": "Read complaints at once"})
    page.get_by_role("group", name="Functions that own it together").get_by_role("checkbox", name="service").check()
    page.get_by_role("button", name="Propose").first.click()
    page.wait_for_url("**/improvements/1*")

    page = ada.visit("/improvements/1/gates")
    Gates(page).pass_gate()
    expect(page.get_by_text("The gate is shut").first).to_be_visible()
    Gates(page).write("Problem", SAID)
    strategist = look("mia")
    mia = strategist.visit("/improvements/1/gates")
    Gates(mia).sign("Our customers say so in public, too.")
    expect(mia.get_by_text("Signed.").first).to_be_visible()
    page = ada.visit("/improvements/1/gates")
    Gates(page).pass_gate()
    expect(page.get_by_text("It stands in Measure now.").first).to_be_visible()
    ada.check("loop-gates")

    page = ada.visit("/processes/care")
    changed = CARE.replace(b"Read complaint", b"Read it at once")
    page.get_by_label("Upload what changes").set_input_files(
        {"name": "care.bpmn", "mimeType": "text/xml", "buffer": changed}
    )
    page.get_by_role("button", name="Check it").press("Enter")
    page.wait_for_url("**/uploads/*")
    page.get_by_role("button", name="Deploy as draft").press("Enter")
    page.wait_for_url("**/processes/care?version=2*")
    windows = [ada]
    for name in SIGNERS:
        windows.append(look(name))
        signing = windows[-1].visit("/processes/versions/2")
        signing.get_by_role("button", name="Sign for").press("Enter")
        signing.get_by_text("Take it back").first.wait_for()

    page = ada.visit("/processes/care/rollout?candidate=2")
    form = Form(page)
    form.fill(**{"Shares of the new version, step by step, in %": "50", "It ends after so many cases": "260"})
    form.tick("By lot, each customer: all their cases have the same version")
    page.get_by_role("button", name="Start").first.click()
    expect(page.get_by_text("50 % of new cases have version 2").first).to_be_visible()
    ada.check("loop-rollout")

    page = ada.visit("/insights/verdicts/new?process=care&improvement=1&rollout=1")
    form = Form(page)
    form.fill(
        **{
            "What is changed?": "Read complaints at once", "Smallest change that matters": "10",
            "A case may bring its outcome for": "20", "Cases on each version at the last look": "120",
            "Last look on": f"{clock.now() + timedelta(days=95):%Y-%m-%d}",
        }
    )  # fmt: skip
    form.choose(
        **{
            "Measure": "negative_share", "Better": "lower", "How old and new are compared": "randomised",
            "At which activity": "read", "If it improved": "keep_new", "If it became worse": "back_to_old",
            "If there is no difference beyond what matters": "back_to_old", "If it is not shown": "go_on",
        }
    )  # fmt: skip
    page.get_by_role("button", name="See what it would take").click()
    expect(page.get_by_role("button", name="Register it")).to_be_visible()
    ada.check("loop-before")
    page.get_by_role("button", name="Register it").click()
    page.wait_for_url("**/insights/verdicts/1")

    for window in (*windows, strategist):
        window.page.goto("about:blank")  # a hundred days go by: their sessions end
    serve(app, clock, (history, 2))
    later = look("ada")
    page = later.visit("/insights/verdicts/1")
    expect(page.get_by_text("Improved: Cases with negative words").first).to_be_visible()
    later.check("loop-verdict")
    expect(later.visit("/insights/processes/care?version=2").get_by_text("Verdicts on changes here")).to_be_visible()
    page = later.visit("/improvements/1")
    page.get_by_text("Conclude", exact=True).first.click()
    conclude = page.get_by_role("form", name="Conclude")
    conclude.get_by_label("What happened?").fill("Complaints are read at once.")
    conclude.get_by_label("Version that brought it about").select_option("2")
    conclude.get_by_role("button").click()
    expect(page.get_by_text("concluded").first).to_be_visible()
    page = later.visit("/improvements/1/win")
    expect(page.get_by_text("Improved").first).to_be_visible()
    later.check("loop-win")

    page = later.visit("/improvements/1/telling")
    told = "You told us that we read too slowly. Since March we read each complaint on the day it comes."
    Form(page).fill(**{"What became of it": told})
    page.get_by_role("button", name="Look at each letter").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Send").first.click()
    with app.unit_of_work.reading() as work:
        [letter] = work.session.scalars(select(OutboundMessage)).all()
        assert (letter.from_name, letter.text[:12]) == ("Ada Vogel", "You told us ")
    expect(
        later.visit("/improvements/1/telling").get_by_role("row", name="Jo Berg").get_by_text("told")
    ).to_be_visible()
