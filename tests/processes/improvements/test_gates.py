"""The gates of the board: no way through without voices, evidence and a strategist's signature; back with a reason."""

import pytest

from bpm import identity
from bpm.app import App
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor, Work
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDraft, gates
from bpm.processes.improvements.gates import GateShutError, Written
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

PROBLEM = "Customers ask three times where their parcel is, since March."
DRAFT = ImprovementDraft("care", "Say when the parcel leaves")


@pytest.fixture
def idea(app: App, go_live: GoLive, advocate: Actor) -> int:
    go_live(CARE, "care")
    with app.unit_of_work(advocate) as work:
        return improvements.propose_improvement(work, DRAFT)


@pytest.fixture
def strategist(app: App) -> Actor:
    with app.unit_of_work() as work:
        sofia = identity.create_user(
            work, "sofia", display_name="Sofia", password="correct horse", roles=["manager"], groups=[]
        )
        identity.set_skills(work, sofia.id, {"Social strategist": None})
        return identity.actor_of(sofia)


def missing_of(app: App, actor: Actor, number: int) -> str:
    with app.unit_of_work(actor) as work, pytest.raises(GateShutError) as shut:
        gates.pass_gate(work, number)
    return " ".join(shut.value.missing)


def test_define_is_left_with_a_voice_and_a_strategists_signature_alone(
    app: App, idea: int, say: Say, advocate: Actor, strategist: Actor
) -> None:
    assert "No voice of a customer" in missing_of(app, advocate, idea)
    with app.unit_of_work(advocate) as work:
        gates.put_evidence(work, idea, "problem", Written(PROBLEM))
        with pytest.raises(ForbiddenError, match="social strategist"):
            gates.sign_off(work, idea)
    with app.unit_of_work(strategist) as work, pytest.raises(InvalidInputError, match="not kept"):
        gates.sign_off(work, idea)  # nobody's words stand behind it
    item = say("Where is it?")
    with app.unit_of_work(advocate) as work:
        improvements.link_voice(work, idea, item)
    shut = missing_of(app, advocate, idea)
    assert "Sign-off" in shut
    assert "voice" not in shut
    with app.unit_of_work(strategist) as work:
        gates.sign_off(work, idea)
    with app.unit_of_work(advocate) as work:
        gates.put_evidence(work, idea, "problem", Written("Something else altogether goes wrong."))
    assert "written anew" in missing_of(app, advocate, idea)
    with app.unit_of_work(strategist) as work:
        gates.sign_off(work, idea)
        assert gates.pass_gate(work, idea) == "measure"
    with app.unit_of_work.reading() as work:
        found = improvements.get_improvement(work, idea)
        assert (found.row.status, found.stage) == ("approved", "measure")
        gate = next(each for each in improvements.history_of(work, idea) if each.verb == "gate")
        assert (gate.who, gate.before, gate.after) == ("Sofia", "define", "measure")
        assert gate.evidence["voices"] == "1 voice"
        assert gate.evidence["strategist"]
        columns = {column.stage: [card.id for card in column.cards] for column in gates.read_board(work)}
        assert columns["measure"] == [idea]
        assert columns["define"] == []


def test_a_baseline_is_a_figure_of_a_named_measure_and_of_enough(app: App, idea: int, advocate: Actor) -> None:
    with app.unit_of_work(advocate) as work:
        for key, wrong, field in (
            ("measure", Written(ref="likes"), "ref"),
            ("baseline", Written("Insights", number="a lot", n="40"), "number"),
            ("baseline", Written("Insights", number="12.5", n="many"), "n"),
            ("baseline", Written("", number="12.5", n="40"), "words"),
            ("version", Written(ref="7"), "ref"),
            ("keeper", Written(ref="999"), "ref"),
            ("cause", Written("so"), "words"),
        ):
            with pytest.raises(InvalidInputError) as refused:
                gates.put_evidence(work, idea, key, wrong)
            assert list(refused.value.fields) == [field]
        with pytest.raises(InvalidInputError):
            gates.put_evidence(work, idea, "voices", Written("There are some."))
        gates.put_evidence(work, idea, "baseline", Written("Insights, March", number="12,5", n="8"))
        assert "fewer than 10" in standing(work, idea, "baseline").missing
        gates.put_evidence(work, idea, "baseline", Written("Insights, March", number="12,5", n="40"))
        assert standing(work, idea, "baseline").told == "12.5, n = 40: Insights, March"
        gates.put_evidence(work, idea, "measure", Written(ref="complaints_per_100"))
        assert standing(work, idea, "measure").told == "Complaints per 100"


def standing(work: Work, number: int, key: str) -> gates.Standing:
    return next(each for each in gates.standings_of(work, number) if each.check.key == key)


def test_it_goes_back_with_a_reason_and_a_declined_one_passes_nothing(
    app: App, idea: int, say: Say, advocate: Actor, strategist: Actor
) -> None:
    item = say("Where is it?")
    with app.unit_of_work(strategist) as work:
        improvements.link_voice(work, idea, item)
        gates.put_evidence(work, idea, "problem", Written(PROBLEM))
        gates.sign_off(work, idea)
        gates.pass_gate(work, idea)
    with app.unit_of_work(advocate) as work:
        with pytest.raises(InvalidInputError):
            gates.go_back(work, idea, "define", reason=" ")
        with pytest.raises(ConflictError):
            gates.go_back(work, idea, "control", reason="Too early.")
        assert gates.go_back(work, idea, "define", reason="It is another problem.") == "define"
        assert standing(work, idea, "problem").met
        improvements.set_status(work, idea, "declined", reason="Not ours.")
        with pytest.raises(ConflictError, match="declined"):
            gates.pass_gate(work, idea)
