"""An improvement of the demo story on its way: owned by two functions, signed by a strategist, worth, with a tree."""

from datetime import date

from bpm import identity
from bpm.app import App
from bpm.foundation.work import Actor
from bpm.processes import improvements
from bpm.processes.improvements import ctq, gates, worth
from bpm.processes.improvements.ctq import NodeDraft
from bpm.processes.improvements.gates import Written
from bpm.processes.improvements.worth import ValueDraft

PROBLEM = "Who sent something back hears nothing until the money is there: they write, call and post to ask for it."
OWNERS = ("operations", "service")


def lead(app: App, number: int, actors: dict[str, Actor]) -> None:
    """Take it through its first gate, with what each later one will ask for begun."""
    with app.unit_of_work(actors["mia"]) as work:
        groups = {group.key: group.id for group in identity.list_groups(work)}
        improvements.set_owners(work, number, [(groups[key], None) for key in OWNERS if key in groups])
        gates.put_evidence(work, number, "problem", Written(PROBLEM))
        worth.set_value(
            work, number, ValueDraft("customer", "effort", "1", "question less a case", "By what they told us of")
        )
        worth.set_view(work, number, "employees", score="1", words="Fewer questions without an answer, says the desk.")
        need = ctq.add_node(work, number, NodeDraft("need", "I know when I am paid"))
        driver = ctq.add_node(work, number, NodeDraft("driver", "Somebody says so when the money leaves", need))
        ctq.add_node(work, number, NodeDraft("ctq", "It waits a day at most", driver, "waiting", "", "24"))
    with app.unit_of_work() as work:
        user_id = actors["sam"].user_id or 0
        skills: dict[str, date | None] = {each.name: each.expires_on for each in identity.list_skills(work, user_id)}
        identity.set_skills(work, user_id, skills | {gates.STRATEGIST: None})
    with app.unit_of_work(actors["sam"]) as work:
        gates.sign_off(work, number, words="It is the silence that hurts, not the days.")
    with app.unit_of_work(actors["mia"]) as work:
        gates.pass_gate(work, number)
        gates.put_evidence(work, number, "measure", Written(ref="complaints_per_100"))
