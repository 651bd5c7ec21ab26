"""Walks through figures, improvements, verdicts, alarms and what is owned together."""

import io
from typing import Any

from sqlalchemy import text

from bpm import feedback, identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.api import JobCall
from bpm.engine.models import ProcessVersion
from bpm.feedback.items import get_current
from bpm.feedback.models import Theme, ThemeItem
from bpm.feedback.people.consent import give_consent
from bpm.feedback.raw_item import RawItem
from bpm.processes import SERVICE_TASKS, attribution, own_ways, verdicts
from bpm.processes.alarms.models import Alarm
from bpm.processes.own_ways import WaySource
from tests.conftest import MONDAY
from tests.web.core.audit_walk.walk import Walk, hear


def ask_for_figures(app: App, walk: Walk) -> None:
    with app.unit_of_work() as work:
        ada = identity.find_user(work, "ada")
        ada.email = "ada@example.org"
    walk.post("/insights/reports/kept", {"name": "Waiting", "query": "process=refund&measure=waiting"})
    walk.post("/insights/reports/kept/1/subscribe", {"every": "week"})
    walk.post("/insights/reports/kept/1/unsubscribe")
    walk.post("/insights/reports/kept/1/remove")
    said = {"purpose": "Decide what we mend next.", "evidence": "The verdict on version two showed it."}
    walk.post("/insights/reports/measures", {"measure": "waiting", **said})
    walk.post("/insights/reports/measures/1/end")


def improve(app: App, walk: Walk) -> None:
    item = hear(app, "Tell me when the refund leaves.")
    with app.unit_of_work() as work:
        identity.set_skills(work, identity.find_user(work, "ada").id, {"social strategist": None})
    filled = {"title": "Say when the refund leaves", "process": "refund", "description": "By mail.", "owner": "1"}
    walk.post("/improvements", filled)
    walk.post("/improvements/1", {**filled, "title": "Tell them when it leaves"})
    walk.post("/improvements/1/voices", {"item": str(item)})
    walk.post(f"/improvements/1/voices/{item}/removal")
    walk.post("/improvements/1/owners", {"group-1": "all", "group-2": "all"})
    walk.post("/improvements/1/evidence/problem", {"words": "Customers ask when it leaves, three times."})
    walk.post("/improvements/1/voices", {"item": str(item)})
    walk.post("/improvements/1/sign-off", {"words": "That is what they mean."})
    walk.post("/improvements/1/gate")
    walk.post("/improvements/1/back", {"to": "define", "reason": "Too early."})
    walk.post("/improvements/1/worth/customer/time", {"amount": "2", "unit": "days a case", "how": "Cases of May"})
    walk.post("/improvements/1/viewpoints/employees", {"score": "1", "words": "Fewer calls, says the desk."})
    walk.post("/improvements/1/ctq", {"kind": "need", "words": "A quick refund"})
    walk.post("/improvements/1/ctq/1/removal")
    walk.post("/improvements/1/status", {"status": "concluded", "reason": "They are told now."})
    tell = {
        "text": "Hello, we tell you when it leaves now. {{author}}",
        "key": "k",
        "step": "send",
        "confirmed": "canned",
    }
    walk.post("/improvements/1/telling", tell)
    with app.unit_of_work() as work:
        raw = RawItem(channel="email", source="shop", text="And mine?", author_email="jo@example.org")
        known = feedback.receive(work, raw).item_id or 0
        customer = get_current(work, known).customer_id or 0
        query = text("SELECT id FROM contact_point WHERE customer_id = :customer")
        point = work.session.scalar(query, {"customer": customer})
        theme = Theme(name="refunds", words={}, exemplars=b"", first_at=MONDAY, last_at=MONDAY, created_at=MONDAY)
        work.session.add(theme)
        work.session.flush()
        theme.counts_in_id = theme_id = theme.id
        work.session.add(
            ThemeItem(item_id=known, theme_id=theme.id, classification_id=1, signature=b"", placed_at=MONDAY)
        )
        give_consent(work, point or 0, purpose="service", channel="email", given_by="A call")
    talk = {"customer": str(customer), "kind": "call", "why": "What hurts most?", "who": "2"}
    walk.post("/improvements/1/voices", {"item": str(known)})
    walk.post("/improvements/1/talks", talk)
    walk.post(f"/improvements/themes/{theme_id}/talks", talk)
    walk.post(f"/improvements/themes/{theme_id}/told", {"by": "elsewhere", "ref": "https://example.org"})
    walk.post(f"/improvements/themes/{theme_id}/told/1/removal")
    walk.post("/improvements/board", {"said": "Nobody told us.", "did": "We tell you.", "improvement": "1"})
    walk.post("/improvements/board/1/publication")
    walk.post("/improvements/board/1/withdrawal")


def ask_for_a_verdict(app: App, walk: Walk) -> None:
    with app.unit_of_work.reading() as work:
        new, old = (str(each.id) for each in engine_queries.list_versions(work, "two"))
        stella = identity.find_user(work, "stella").id
    rule = {"improved": "keep_new", "worse": "back_to_old", "no difference": "back_to_old", "not shown": "go_on"}
    asked = {
        "process": "two", "title": "Without B", "measure": "rework", "direction": "lower", "smallest": "5",
        "window_days": "30", "design": "before_after", "old": old, "new": new, "per_arm": "50", "looks": "1",
        "starts_on": "2026-03-02", "ends_on": "2026-06-01", **{f"rule-{word}": then for word, then in rule.items()},
    }  # fmt: skip
    walk.post("/insights/verdicts", asked)
    walk.post("/insights/verdicts/1/last-day", {"ends_on": "2026-07-01", "reason": "Few cases in spring."})
    walk.post("/insights/verdicts/1/rescore")
    walk.post("/insights/verdicts", asked)
    walk.post("/insights/verdicts/2/withdraw", {"reason": "Twice."})
    walk.post("/insights/verdicts/patterns", {"name": "A step left out"})
    walk.post("/insights/verdicts/patterns/1", {"name": "Steps left out"})
    with app.unit_of_work() as work:
        verdicts.get_plan_row(work, 1).state = verdicts.PlanState.READ
    walk.post("/insights/verdicts/1/decision", {"choice": "keep_new", "reason": "Staff like it."})
    with app.unit_of_work() as work:
        work.session.get_one(verdicts.VerdictDecision, 1).user_id = stella
    walk.post("/insights/verdicts/1/second")


def see_to_alarms(app: App, walk: Walk) -> None:
    day = MONDAY.date()
    with app.unit_of_work() as work:
        work.session.add(
            Alarm(
                series="negative:refund:check", measure="negative", definition_key="refund", element="check",
                title="More negative feedback: Check in Refund", worse=True, first_day=day, last_day=day, p=0.001,
                says="60 %", looked_at=9, alarmed=1, expected_false=0.1, raised_at=MONDAY,
            )
        )  # fmt: skip
    page = "/insights/alarms/1"
    walk.post(f"{page}/status", {"status": "acknowledged"})
    walk.post(f"{page}/owner", {"owner": "2"})
    walk.post(f"{page}/causes", {"words": "Stock-taking."})
    walk.post(f"{page}/causes/1/removal")
    walk.post(f"{page}/improvement", {"title": "Look twice"})
    baseline = {"element": "check", "since": "2026-02-02", "reason": "Half the people."}
    walk.post("/insights/processes/refund/charts/negative/baseline", baseline)


def ask_both_sides(app: App, walk: Walk) -> None:
    page, places = "/insights/perception/1", {f"place-{number}": str(number + 1) for number in range(3)}
    walk.post("/insights/perception", {"title": "Why?", "question": "Why?", "items": "price\nspeed\nwords"})
    walk.post(f"{page}/invitation")
    walk.post(f"{page}/answer", places)
    walk.post(f"{page}/rankings", {**places, "person": "17", "side": "customers"})
    lines = b"person,side,price,speed,words\n18,customers,1,2,3\n"
    walk.post(f"{page}/imports", {"table": (io.BytesIO(lines), "r.csv")})
    walk.post(f"{page}/close")


def keep_what_is_known(app: App, walk: Walk) -> None:
    article = {"title": "How long?", "text": "Five days.", "review_by": "2026-12-31", "owner": "1"}
    walk.post("/knowledge", article)
    walk.post("/knowledge/1/approval")
    walk.post("/knowledge/1/use", {"item": str(hear(app, "How long does it take?"))})
    walk.post("/knowledge/1/retirement")


def own_together(app: App, walk: Walk) -> None:
    """The process is live again, with owners, parts and a customer's own way."""
    with app.unit_of_work() as work:
        engine.go_live(work, 1)
    with app.unit_of_work.reading() as work:
        stella, ada = (identity.find_user(work, name).id for name in ("stella", "ada"))
    walk.post("/processes/refund/owners", {"owner-service": str(stella), "owner-it": str(ada), "voice": str(stella)})
    walk.post("/processes/refund/roles?version=1", {"element": "check", "function": "it", "C": "true"})
    walk.post("/processes/lost/connectors", {"element": "check", "retries": "5", "reason": "The bank is slow."})
    goal = {"title": "Sooner", "measure": "waiting", "target": "8", "due": "2027-01-31", "function": ["it", "service"]}
    walk.post("/goals", goal)
    walk.post("/goals/1/end", {"status": "reached", "reason": "It is."})
    own_step(app, 0)
    steps = {"process": "refund", "customer": "1", "steps": "Check my photo\nPay the money back"}
    walk.post("/own-ways", steps)
    walk.post("/own-ways/2/pairs", {"step": "1", "element": "check"})
    walk.post("/own-ways/rails", {"process": "refund", "element": "check", "why": "The law asks for it."})
    walk.post("/own-ways/2/decision", {"decision": "accept", "reason": "They asked."})
    walk.post("/own-ways/2/cases", {"business_key": "O-1"})
    for number in (1, 2):
        own_step(app, number)
    walk.post("/own-ways/improvements", {"process": "refund", "text": "Weigh the parcel"})


def own_step(app: App, number: int) -> None:
    with app.unit_of_work() as work:
        raw = RawItem("email", "shop", "So.", natural_key=f"own {number}", author_email=f"own{number}@example.org")
        item = feedback.receive(work, raw).item_id or 0
        customer = get_current(work, item).customer_id or 0
        own_ways.hand_in(work, "refund", customer, ["Weigh the parcel"], source=WaySource.TYPED)


def engine_elements(work: Any, version_id: int) -> list[Any]:
    return list(work.session.get(ProcessVersion, version_id).elements)


def draft(app: App, case_id: int, version_id: int, item_id: int) -> None:
    """Two updates drafted for Ada about the item."""
    with app.unit_of_work() as work:
        attribution.record(work, get_current(work, item_id), instance_id=case_id, evidence="test")
    for step in ("tell", "tell_again"):
        with app.unit_of_work() as work:
            payload = {"update_text": "It is back.", "notify_by": "ada"}
            told = JobCall(1, case_id, version_id, step, "incident.notify_linked", payload, step, 1)
            SERVICE_TASKS["incident.notify_linked"](work, told)


def count_costs(app: App, walk: Walk) -> None:
    plan = {"budget-0-name": "Team", "budget-0-amount": "3000", "budget-0-side": "service", "reason": "Agreed."}
    walk.post("/insights/costs/plan", plan)
    walk.post("/insights/costs/stop", {"stop": ["budget:service"], "title": "Nothing", "reason": "From zero."})
    walk.post("/insights/capacity", {"wip-service": "3", "share-service": "80", "reason": "Less at once."})
    hear(app, "Nobody answers.")
    walk.post("/insights/contact-causes/improvements", {"by": "theme", "key": "", "process": "care"})
