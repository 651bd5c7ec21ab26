"""The demo's improvement goes through its first gate as a person would take it."""

from bpm import feedback, identity
from bpm.app import App
from bpm.demo import improving
from bpm.feedback import RawItem
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDraft, ctq, gates
from tests.conftest import MONDAY
from tests.web.conftest import put_live


def test_the_improvement_of_the_demo_stands_in_measure_with_what_speaks_for_it(app: App) -> None:
    put_live(app)
    actors = {}
    with app.unit_of_work() as work:
        for name, role, group in (("mia", "manager", "operations"), ("sam", "staff", "service")):
            user = identity.create_user(
                work, name, display_name=name, password="correct horse", roles=[role], groups=[group]
            )
            actors[name] = identity.actor_of(user)
        said = RawItem("email", "shop", "You called me for a parcel that you have.", said_at=MONDAY)
        item = feedback.receive(work, said).item_id
    with app.unit_of_work(actors["mia"]) as work:
        number = improvements.propose_improvement(work, ImprovementDraft("refund", "Look first"), item_id=item)
    improving.lead(app, number, actors)
    with app.unit_of_work.reading() as work:
        assert improvements.get_improvement(work, number).stage == "measure"
        functions = {each.function.lower() for each in improvements.owners_of(work, number)}
        assert functions == {"operations", "service"}
        [need] = ctq.read_tree(work, number)
        assert need.children[0].children[0].limits == "at most 24 hours"
        met = {each.check.key for each in gates.standings_of(work, number) if each.met}
        assert {"problem", "voices", "strategist", "functions", "measure"} <= met
