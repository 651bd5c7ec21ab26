"""Every screen, at a desk, in the dark and on a phone: nothing for axe to find, nothing wider than the window."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback, identity, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback import incidents, outbound
from bpm.feedback.promises import make_promise
from bpm.processes import alarms, improvements, outside
from bpm.processes.improvements import ImprovementDraft
from tests.e2e.looking import Looker
from tests.processes.alarms.history import History
from tests.web.conftest import REFUND, put_live, start_refund

Look = Callable[..., Looker]
WINDOWS = {"desktop": {"width": 1280}, "dark": {"width": 1280, "dark": True}, "phone": {"width": 390, "height": 844}}
SCREENS = {
    "tasks": "/tasks?scope=all",
    "task": "/tasks/1",
    "task-customer": "/tasks/1?part=words",
    "task-context": "/tasks/1?part=context",
    "task-done": "/tasks/2",
    "processes": "/processes",
    "process": "/processes/refund?version=1&element=check",
    "draft": "/processes/refund?version=2",
    "tests": "/processes/refund/tests",
    "forms": "/processes/refund/forms",
    "instances": "/processes/refund/cases",
    "start": "/processes/refund/start",
    "instance": "/instances/1",
    "operations": "/operations",
    "cases": "/cases",
    "restart": "/instances/2/restart",
    "absence": "/tasks/absence",
    "notices": "/notices",
    "notice-preferences": "/notices/preferences",
    "mail": "/operations/mail",
    "batches": "/operations/batches",
    "people": "/admin/people",
    "person": "/admin/people/1",
    "groups": "/admin/groups",
    "roles": "/admin/roles",
    "access": "/admin/access",
    "calendars": "/admin/calendars",
    "service-targets": "/admin/service-targets",
    "senders": "/admin/senders",
    "new-sender": "/admin/senders/new",
    "tokens": "/profile/tokens",
    "audit": "/admin/audit",
    "profile": "/profile",
    "departments": "/processes/refund/departments",
    "inbox": "/inbox",
    "engage": "/inbox/1?engage=1",
    "outbox": "/outbox",
    "message": "/outbox/messages/1",
    "templates": "/outbox/templates",
    "template": "/outbox/templates/1",
    "item": "/inbox/1",
    "item-raw": "/inbox/1/raw",
    "customers": "/customers",
    "customer": "/customers/1",
    "customer-data": "/inbox/customers/1/data",
    "held": "/customers/held",
    "same-person": "/customers/proposals",
    "own-addresses": "/customers/own",
    "keeping": "/customers/keeping",
    "topics": "/inbox/topics",
    "web-forms": "/inbox/forms",
    "promises": "/promises",
    "answer-targets": "/admin/answer-targets",
    "capture": "/inbox/capture",
    "themes": "/themes",
    "model": "/inbox/model",
    "praise": "/praise?whom=all",
    "imports": "/inbox/imports",
    "sources": "/inbox/sources",
    "new-source": "/inbox/sources/new/bluesky",
    "insights": "/insights",
    "between": "/insights/between",
    "black-holes": "/insights/black-holes",
    "routing": "/inbox/routing",
    "goodwill": "/goodwill",
    "reasons": "/inbox/reasons",
    "learning": "/inbox/learning",
    "conversation": "/conversations/1",
    "between-departments": "/insights/departments",
    "undated": "/insights/undated",
    "elsewhere": "/insights/elsewhere",
    "log-elsewhere": "/insights/elsewhere/loans",
    "control-chart": "/insights/processes/refund/chart",
    "alarms": "/insights/alarms",
    "alarm": "/insights/alarms/1",
    "measured-chart": "/insights/processes/refund/charts/waiting?element=check",
    "perception": "/insights/perception",
    "maturity": "/insights/maturity",
    "influence": "/insights/influence",
    "what-n": "/insights/what-n?from=30&to=20&smallest=5&cases=300&each=1",
    "drafts": "/drafts",
    "improvements": "/improvements?item=1",
    "improvement": "/improvements/1",
    "board-entries": "/improvements/board?improvement=1",
    "published-names": "/inbox/names",
    "surveys": "/insights/surveys",
    "knowledge": "/knowledge?item=1",
    "differences": "/knowledge/differences",
    "triggers": "/processes/refund/triggers",
    "new-person": "/admin/people/new",
    "second-factor": "/profile/second-factor",
    "search": "/search?q=refund",
    "incidents": "/incidents",
    "incident": "/incidents/1",
    "disturbances": "/disturbances",
    "guards": "/guards",
    "advice": "/inbox/advice",
}


@pytest.fixture
def house(app: App, person: Callable[..., None]) -> None:
    """A small house at work: a live process, a draft, open and completed items."""
    everything = ("staff", "designer", "manager", "operator", "admin", "advocate")
    person("ada", *everything, groups=("service", "finance", "marketing"), name="Ada Vogel")
    with app.unit_of_work.reading() as work:
        ada = identity.actor_of(identity.get_user(work, 1))
    put_live(app)
    for order in ("A-17", "A-18", "A-19"):
        start_refund(app, order)
    said = "My order A-17 came with a broken screen.\nI want my money back, please."
    with app.unit_of_work() as work:
        item = feedback.receive(
            work, feedback.RawItem("email", "shop", said, author_name="Jo Berg", author_email="jo@example.org")
        ).item_id
        processes.attribute(work, item, version_id=1, element="check", instance_id=1)
    with app.unit_of_work(ada) as work:
        make_promise(work, "I call you on Friday.", work.now() + timedelta(days=4), item_id=item)
    open_an_incident(app, item)
    read_a_log(app)
    find_alarms(app)
    with app.unit_of_work(ada) as work:
        outbound.send(work, outbound.Wish(item, "I look into it today.", confirmed=outbound.WARNINGS))
        words = {"name": "Broken", "text": "Dear {{name}}, I am sorry. {{author}}", "review_by": "2027-01-01"}
        outbound.save_template(work, {**words, "owner": "1"})
    with app.unit_of_work() as work:
        work.actor = identity.actor_of(identity.find_user(work, "ada"))
        improve = ImprovementDraft("refund", "Pay for a return label", "They asked for it often.", owner_id=1)
        improvements.propose_improvement(work, improve, item_id=item)
    with app.unit_of_work() as work:
        engine.complete(work, 2, {"approved": True, "amount": 20, "reason": "late"})
        prepared = engine.check(REFUND.replace(b"Pay the money back", b"Pay it back"), "refund.bpmn")
        engine.deploy(work, prepared, note="Shorter words for finance")


def read_a_log(app: App) -> None:
    """Of a process that runs elsewhere: some cases come back, one row cannot be read."""
    lines = ["case,activity,started_at,completed_at,group"]
    for case, steps in (
        ("1", "Apply Check Sign"),
        ("2", "Apply Check Ask Check Sign"),
        ("3", "Apply Sign"),
        ("", "Sign"),
    ):
        lines += [
            f"{case},{step},2026-02-0{at + 1}T09:00Z,2026-02-0{at + 1}T10:30Z,Desk"
            for at, step in enumerate(steps.split())
        ]
    with app.unit_of_work() as work:
        outside.begin_run(work, key="loans", file_name="loans.csv", content="\n".join(lines).encode())
    outside.sweep_logs(app.unit_of_work)


def find_alarms(app: App) -> None:
    """Nine weeks of days, the last two of which are worse at one step."""
    now = app.clock.now().replace(hour=0)
    past = History(app, 1, "refund", since=now - timedelta(days=64), first=1000)
    for day in range(64):
        past.say("check", day, 12, negative=0.7 if day >= 50 else 0.2)
        past.pass_through("check", day, 10, hours=4)
    past.write()
    alarms.sweep_alarms(app.unit_of_work)


def open_an_incident(app: App, item_id: int) -> None:
    """One that was acknowledged and updated, with a workaround."""
    with app.unit_of_work() as work:
        ada = identity.actor_of(identity.find_user(work, "ada"))
    with app.unit_of_work(ada) as work:
        incident = incidents.open_incident(work, "Screens arrive broken", item_ids=[item_id]).id
        later = work.now() + timedelta(hours=1)
        incidents.acknowledge(work, incident, "We know that screens arrive broken.", next_at=later)
        tip = incidents.add_workaround(work, incident, item_id, "Turn the parcel over before you open it.").id
        incidents.verify_workaround(work, tip, "Tried.")
        incidents.add_workaround(work, incident, item_id, "Open it from the side.")


@pytest.mark.parametrize("window", WINDOWS)
def test_every_screen_holds_up(look: Look, house: None, window: str) -> None:
    looker = look("ada", **WINDOWS[window])
    for name, path in SCREENS.items():
        looker.visit(path)
        looker.check(f"{name}-{window}")


@pytest.mark.parametrize("window", WINDOWS)
def test_the_review_of_an_upload_holds_up(look: Look, house: None, window: str) -> None:
    looker = look("ada", **WINDOWS[window])
    page = looker.visit("/processes")
    changed = REFUND.replace(b"${approved == true}", b"${approved ==}").replace(b"Explain why not", b"Tell them why")
    page.get_by_label("Upload a process").set_input_files(
        {"name": "refund.bpmn", "mimeType": "text/xml", "buffer": changed}
    )
    page.get_by_role("button", name="Check it").click()
    page.wait_for_url("**/uploads/*")
    looker.settle()
    looker.check(f"review-{window}")
