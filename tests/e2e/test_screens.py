"""Every screen, at a desk, in the dark and on a phone: nothing for axe to find, nothing wider than the window."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback, identity, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback import incidents, outbound, playbooks, tags
from bpm.feedback.outbound import mentoring
from bpm.feedback.promises import make_promise
from bpm.foundation.work import Actor
from bpm.processes import alarms, improvements, outside, own_ways, rollouts, verdicts
from bpm.processes.improvements import ImprovementDraft, ctq, gates
from bpm.processes.rollouts import RolloutWish
from tests.e2e.looking import Looker
from tests.processes.alarms.history import History
from tests.processes.models import CARE
from tests.web.conftest import REFUND, put_live, start_refund

Look = Callable[..., Looker]
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
    "remove-demo": "/admin/demo",
    "audit": "/admin/audit",
    "profile": "/profile",
    "departments": "/processes/refund/departments",
    "inbox": "/inbox",
    "engage": "/inbox/1?engage=1",
    "outbox": "/outbox",
    "message": "/outbox/messages/1",
    "templates": "/outbox/templates",
    "playbooks": "/playbooks",
    "playbook": "/playbooks/1",
    "new-playbook": "/playbooks/new",
    "approvals": "/outbox/approvals",
    "approval": "/outbox/approvals/1",
    "tags": "/inbox/tags",
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
    "mappings": "/inbox/imports/mappings",
    "sources": "/inbox/sources",
    "new-source": "/inbox/sources/new/bluesky",
    "insights": "/insights",
    "between": "/insights/between",
    "suggested-links": "/insights/suggestions",
    "case-causes": "/insights/case-causes",
    "artefacts": "/insights/processes/refund/artefacts",
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
    "reports": "/insights/reports?process=refund&measure=waiting&measure=negative_share&by=activity&picture=bars",
    "measures": "/insights/reports/measures",
    "equity": "/insights/reports/equity?days=90",
    "costs": "/insights/costs",
    "cost-plan": "/insights/costs/plan",
    "causes": "/insights/contact-causes?by=topic",
    "capacity": "/insights/capacity",
    "variants": "/insights/processes/refund/variants",
    "rollouts": "/rollouts",
    "rollout": "/processes/refund/rollout",
    "rollout-cases": "/rollouts/1/cases/control",
    "rollout-set-up": "/processes/care/rollout",
    "verdicts": "/insights/verdicts",
    "ask-for-a-verdict": "/insights/verdicts/new?process=refund&improvement=1",
    "verdict": "/insights/verdicts/1",
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
    "dmaic": "/improvements/dmaic",
    "gates": "/improvements/1/gates",
    "a3": "/improvements/1/a3",
    "ctq": "/improvements/1/ctq",
    "worth": "/improvements/1/worth",
    "wins": "/improvements/wins",
    "lead-times": "/improvements/lead-times",
    "talks": "/improvements/1/talks",
    "telling": "/improvements/1/telling",
    "board-entries": "/improvements/board?improvement=1",
    "published-names": "/inbox/names",
    "surveys": "/insights/surveys",
    "canned": "/insights/canned",
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
    "ownership": "/processes/refund/ownership?element=check&function=it",
    "by-department": "/processes/refund/by-department",
    "goals": "/goals",
    "all-functions": "/insights/all-functions",
    "own-ways": "/own-ways?process=refund",
    "own-way": "/own-ways/1",
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
        own_ways.hand_in(work, "refund", 1, ["Send a photo", "Pay the money back"], source=own_ways.WaySource.TYPED)
    with app.unit_of_work(ada) as work:
        outbound.send(work, outbound.Wish(item, "I look into it today.", confirmed=outbound.WARNINGS))
        words = {"name": "Broken", "text": "Dear {{name}}, I am sorry. {{author}}", "review_by": "2027-01-01"}
        outbound.save_template(work, {**words, "owner": "1"})
    with app.unit_of_work() as work:
        work.actor = identity.actor_of(identity.find_user(work, "ada"))
        improve = ImprovementDraft("refund", "Pay for a return label", "They asked for it often.", owner_id=1)
        idea = improvements.propose_improvement(work, improve, item_id=item)
        gates.put_evidence(work, idea, "problem", gates.Written("Customers pay for labels of what we broke."))
        need = ctq.add_node(work, idea, ctq.NodeDraft("need", "It costs me nothing to send it back"))
        driver = ctq.add_node(work, idea, ctq.NodeDraft("driver", "Speed of the decision", need))
        ctq.add_node(work, idea, ctq.NodeDraft("ctq", "Decided within a day", driver, "waiting", "", "24"))
    with app.unit_of_work() as work:
        engine.complete(work, 2, {"approved": True, "amount": 20, "reason": "late"})
        prepared = engine.check(REFUND.replace(b"Pay the money back", b"Pay it back"), "refund.bpmn")
        engine.deploy(work, prepared, note="Shorter words for finance")
    try_two_versions(app)
    read_a_verdict(app, ada)
    person("lea", "advocate", name="Lea Brandt")
    work_by_the_book(app, ada, item)


@pytest.fixture
def live(app: App, person: Callable[..., None]) -> None:
    """A live process, and somebody who may change it."""
    person("ada", "designer", "manager", name="Ada Vogel")
    put_live(app)


def work_by_the_book(app: App, ada: Actor, item: int) -> None:
    """A playbook in use, a tag, a saved mapping, and an answer of somebody who learns that waits for her mentor."""
    with app.unit_of_work(ada) as work:
        book = {"name": "It came broken", "steps": "Say sorry\nAsk for a photo\nSend the label", "owner": "1"}
        use = playbooks.begin(work, item, playbooks.save_playbook(work, {**book, "review_by": "2027-01-01"}))
        playbooks.tick(work, use, 1, done=True)
        tags.tag_items(work, [item], "broken screens", group_key="service")
        feedback.save_mapping(work, "Shop export", format_name="csv", mapping={"Comment": "text", "Sent": "said_at"})
        learner = identity.find_user(work, "lea")
        mentoring.begin_mentoring(work, learner.id, 1)
    with app.unit_of_work(identity.actor_of(learner)) as work:
        wish = outbound.Wish(item, "Dear Jo, the label is on its way. Lea", confirmed=outbound.WARNINGS)
        mentoring.proposing.propose(work, wish)


def try_two_versions(app: App) -> None:
    """An A/A test that grew once and waits for a second person, with some cases; and a process without a rollout."""
    with app.unit_of_work() as work:
        rollout = rollouts.start_as_wished(work, "refund", 1, RolloutWish(steps=(0.2, 0.5, 0.6), stop_after=600))
        rollouts.ask_step(work, rollout, "Nothing broke.")
    with app.unit_of_work() as work:
        work.actor = identity.actor_of(identity.find_user(work, "ada"))
        rollouts.approve(work, rollout)
    for order in ("B-1", "B-2", "B-3"):
        start_refund(app, order)
    with app.unit_of_work() as work:
        rollouts.ask_step(work, rollout, "Still nothing broke.")
    put_live(app, CARE, "care.bpmn")


def read_a_verdict(app: App, ada: Actor) -> None:
    """An effect that wears off, which people have to decide on."""
    with app.unit_of_work(ada) as work:
        now = work.now()
        rule = {"improved": "keep_new", "worse": "back_to_old", "no difference": "back_to_old", "not shown": "go_on"}
        plan_id = verdicts.register(
            work,
            verdicts.Plan(
                definition_key="refund", title="Pay it back at once", measure="negative_share", direction="lower",
                smallest=0.05, window_days=30.0, design="before_after", per_arm=300, old_version_id=1, new_version_id=2,
                baseline_from=now - timedelta(days=100), starts_at=now, ends_on=(now + timedelta(days=90)).date(),
                rule=rule, improvement_id=1, element="check", guards=(verdicts.Guard("waiting", 2.0),),
                pattern_id=verdicts.name_pattern(work, "Fewer words"), controls=("work",),
            ),
        )  # fmt: skip
        verdicts.get_plan_row(work, plan_id).state = verdicts.PlanState.READ
        for kind, number, estimate in (("planned", 1, -0.12), ("follow_up", 30, -0.1), ("follow_up", 90, -0.07)):
            work.session.add(
                verdicts.VerdictLook(
                    plan_id=plan_id, kind=kind, number=number, at=now, verdict="improved", stage="said",
                    sentence="Improved: Cases with negative words by -12 points.", estimate=estimate,
                    low=estimate - 0.06, high=estimate + 0.06, old_level=0.4, n_old=300, n_new=310, power=0.8,
                    threats=["shared staff: both versions share people and queues."], inputs={"old": [1], "new": [2]},
                    facts={"customers": 500, "source_mix": {"email": 610}}, inputs_hash="0" * 64,
                )
            )  # fmt: skip


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


def test_every_screen_holds_up(look: Look, house: None) -> None:
    looker = look("ada")
    for name, path in SCREENS.items():
        looker.visit(path)
        looker.check_in_every_window(name)


def test_the_review_of_an_upload_holds_up(look: Look, live: None) -> None:
    looker = look("ada")
    page = looker.visit("/processes")
    changed = REFUND.replace(b"${approved == true}", b"${approved ==}").replace(b"Explain why not", b"Tell them why")
    page.get_by_label("Upload a process").set_input_files(
        {"name": "refund.bpmn", "mimeType": "text/xml", "buffer": changed}
    )
    page.get_by_role("button", name="Check it").click()
    page.wait_for_url("**/uploads/*")
    looker.settle()
    looker.check_in_every_window("review")
