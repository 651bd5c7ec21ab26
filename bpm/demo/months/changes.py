"""A change on its way: proposed from voices, through the gates, signed, on trial, read, decided, and told of."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bpm import identity
from bpm.app import App
from bpm.demo.months.stories import Change
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.feedback import outbound
from bpm.foundation.work import Actor, Work
from bpm.processes import improvements, rollouts, verdicts
from bpm.processes.bundles import deploy_bundle
from bpm.processes.improvements import ImprovementDraft, OpenedFrom, Origin, ctq, gates, telling
from bpm.processes.improvements.ctq import NodeDraft
from bpm.processes.improvements.gates import Written
from bpm.processes.models import Attribution
from bpm.processes.rollouts import Rest
from bpm.processes.status import LinkKind
from bpm.processes.verdicts import Plan

SIGNERS = {"marketing": "mia", "it": "noor", "operations": "omar"}
OWNERS = ("operations", "service")
VOICES = 25
MEASURE, SMALLEST = "negative_share", 0.15
WINDOW = timedelta(days=20)
RULE = {"improved": "keep_new", "worse": "back_to_old", "no difference": "back_to_old", "not shown": "back_to_old"}
FEWEST = 10
"""Cases of which a figure is shown."""


class OnItsWay:
    """One change, taken on by the people of the demo step by step."""

    def __init__(self, app: App, actors: dict[str, Actor], change: Change) -> None:
        self.app, self.actors, self.change = app, actors, change
        self.improvement = self.old = self.new = self.rollout = self.plan = 0

    def propose(self) -> None:
        """Mia opens it from the activity's bar, with who spoke there; two functions own it."""
        change = self.change
        with self.app.unit_of_work(self.actors["mia"]) as work:
            groups = {group.key: group.id for group in identity.list_groups(work)}
            self.improvement = improvements.propose(
                work,
                ImprovementDraft(
                    change.key, change.title, change.why, change.element, owner_id=self.actors["omar"].user_id,
                    owners=tuple((groups[key], None) for key in OWNERS),
                ),
                opened_from=OpenedFrom(Origin.BAR, f"/insights/processes/{change.key}", "What was said at the step"),
                voices=self._voices(work),
            )  # fmt: skip
            self._write(work, "background", "problem")
        with self.app.unit_of_work(self.actors["sam"]) as work:
            gates.sign_off(work, self.improvement, words="It is what they mean, in their own words.")
        self._pass()

    def _voices(self, work: Work) -> list[int]:
        """What was said at the activity; where nothing was, in cases of the process, else what opened them."""
        linked = select(Attribution.item_id).where(
            Attribution.definition_key == self.change.key, Attribution.valid_to.is_(None)
        )
        said = linked.where(Attribution.kind == LinkKind.SAID_DURING)
        for query in (said.where(Attribution.element == self.change.element), said, linked):
            if found := work.session.scalars(query.limit(VOICES)).all():
                return list(found)
        return []

    def measure(self, cases: int) -> None:
        """Where it stands, what shall be reached, and why it happens; `cases` that the baseline is of."""
        with self.app.unit_of_work(self.actors["mia"]) as work:
            angry = len(improvements.get_improvement(work, self.improvement).frozen)
            gates.put_evidence(work, self.improvement, "measure", Written(ref=MEASURE))
            share = 100 * min(1.0, angry / max(cases, 1))
            told = Written("Cases of the last weeks with angry customers.", f"{share:.0f}", str(max(cases, FEWEST)))
            gates.put_evidence(work, self.improvement, "baseline", told)
            self._write(work, "goal", "cause", "cause_shown")
            need = ctq.add_node(work, self.improvement, NodeDraft("need", self.change.need))
            driver = ctq.add_node(work, self.improvement, NodeDraft("driver", "Nobody has to ask twice", need))
            ctq.add_node(work, self.improvement, NodeDraft("ctq", "One case in ten at most", driver, MEASURE, "", "10"))
        self._pass()
        self._pass()

    def deploy(self) -> None:
        """Dana deploys the version; it waits for the departments."""
        dana = self.actors["dana"]
        with self.app.unit_of_work.reading() as work:
            live = queries.find_live_version(work, self.change.key)
            self.old = live.id if live else 0
        made = deploy_bundle(
            replace(self.app.unit_of_work, by=dana), self.change.bundle(), key=self.change.key, note=self.change.title
        )
        self.new = made.version_id
        with self.app.unit_of_work(self.actors["mia"]) as work:
            ref = Written(ref=str(made.number))
            gates.put_evidence(work, self.improvement, "version", ref)
            self._write(work, "countermeasure", "schedule")

    def sign(self, department: str) -> None:
        """One of the departments reads it and signs."""
        with self.app.unit_of_work(self.actors[SIGNERS[department]]) as work:
            engine.sign(work, self.new, department)

    def roll_out(self, per_arm: int, *, lasts: timedelta) -> None:
        """Half of the customers get it; what is to be read, and what is done then, is laid down before."""
        with self.app.unit_of_work(self.actors["dana"]) as work:
            self.rollout = rollouts.start(work, self.change.key, self.new, unit="customer", share=0.5)
        with self.app.unit_of_work(self.actors["mia"]) as work:
            now = work.now()
            self.plan = verdicts.register(
                work,
                Plan(
                    self.change.key, self.change.title, MEASURE, "lower", SMALLEST, WINDOW / timedelta(days=1),
                    "randomised", max(per_arm, FEWEST), self.old, self.new, now - timedelta(days=60), now,
                    (now + lasts).date(), RULE, improvement_id=self.improvement, rollout_id=self.rollout,
                    element=self.change.element, pattern_id=verdicts.name_pattern(work, self.change.pattern),
                ),
            )  # fmt: skip
        self._pass()

    def decide(self) -> bool:
        """People decide by the rule; gives whether the new version is the one that stays."""
        with self.app.unit_of_work(self.actors["mia"]) as work:
            look = verdicts.newest_look(work, self.plan)
            if look is None:
                return False
            keeps = RULE[str(look.verdict)] == "keep_new"
            why = self.change.kept if keeps else self.change.dropped
            verdicts.decide(work, self.plan, RULE[str(look.verdict)], why)
        with self.app.unit_of_work(self.actors["dana"]) as work:
            outcome = rollouts.LIVE if keeps else rollouts.WITHDRAW
            rollouts.decide(work, self.rollout, outcome, why, rest=Rest.MOVE if keeps else Rest.FINISH)
        return keeps

    def conclude(self) -> None:
        """Through the last gate, with who watches it; then Sam writes to everybody who spoke for it."""
        with self.app.unit_of_work(self.actors["mia"]) as work:
            gates.put_evidence(work, self.improvement, "keeper", Written(ref=str(self.actors["omar"].user_id)))
            self._write(work, "chart", "follow_up")
        self._pass()
        with self.app.unit_of_work(self.actors["sam"]) as work:
            telling.tell(work, self.improvement, self.change.told, key="first", confirmed=outbound.WARNINGS)

    def _write(self, work: Work, *checks: str) -> None:
        for check in checks:
            gates.put_evidence(work, self.improvement, check, Written(self.change.evidence[check]))

    def _pass(self) -> None:
        with self.app.unit_of_work(self.actors["mia"]) as work:
            gates.pass_gate(work, self.improvement)
