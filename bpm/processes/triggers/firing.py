"""Holds a newly classified item against the active triggers and lets those fire that it meets, each at most once.

How nothing is lost or done twice:
1. The handler runs in the transaction that classifies the item: both are kept or neither.
2. A firing is one row per trigger and item (all versions of the item count as one), by a unique key of the database.
3. Each trigger runs under a savepoint: what it breaks is rolled back, recorded as a failed firing with its reason, and
   costs neither the item nor the other triggers.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bpm.engine import api as engine
from bpm.engine.events import InstanceStarted, VersionWentLive
from bpm.engine.models import ProcessDefinition, ProcessInstance
from bpm.feedback.events import FeedbackClassified
from bpm.feedback.models import FeedbackItem
from bpm.foundation.bus import Bus
from bpm.foundation.errors import ConflictError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Work
from bpm.processes import attribution
from bpm.processes.models import Trigger, TriggerFiring
from bpm.processes.status import FiringOutcome, LinkKind, TriggerAction, WhileRunning
from bpm.processes.triggers.conditions import ItemFacts, conditions_of, misses
from bpm.processes.triggers.item_fields import map_fields, read_field
from bpm.processes.triggers.of_version import on_version_went_live
from bpm.processes.triggers.prefetch import Heard, may_have_cases, note_linked, take
from bpm.processes.triggers.triggers import active_triggers

log = logger(__name__)


@dataclass(frozen=True)
class Fired:
    """What a trigger did: `started`, `correlated` or `joined`."""

    outcome: FiringOutcome
    instance_ids: tuple[int, ...] = ()
    reason: str = ""


def on_feedback_classified(work: Work, event: FeedbackClassified) -> None:
    """First the item joins the cases that were running for its customer, then the triggers look at it."""
    heard = take(work, event)
    if heard is None:
        return
    item, facts = heard.item, heard.facts
    if not event.corrected:
        attribution.carry_over(work, item)
        if heard.has_cases:
            attribution.follow_conversation(work, item)
    triggers = active_triggers(work)
    if facts is not None and triggers:
        _hold_against(work, heard, facts=facts, triggers=triggers)


def _hold_against(work: Work, heard: Heard, *, facts: ItemFacts, triggers: list[Trigger]) -> None:
    for trigger in triggers:
        if trigger.id not in heard.fired and not misses(conditions_of(trigger.conditions), facts, now=work.now()):
            _fire_guarded(work, trigger, heard, facts=facts)


def _fire_guarded(work: Work, trigger: Trigger, heard: Heard, *, facts: ItemFacts) -> None:
    item = heard.item
    firing = TriggerFiring(
        trigger_id=trigger.id, item_id=item.first_id or item.id, outcome=FiringOutcome.FAILED, fired_at=work.now()
    )
    try:
        fired = _fire_or_undo(work, trigger, heard, facts=facts)
    except OperationalError:
        raise  # the database itself is in trouble: the whole transaction is tried again
    except Exception as error:  # noqa: BLE001 (whatever a model does wrong must not lose the item)
        firing.reason = str(error) or type(error).__name__
        log.warning("trigger failed", trigger=trigger.id, item=item.id, reason=firing.reason)
    else:
        if fired is None:
            return
        firing.outcome, firing.reason = fired.outcome, fired.reason
        firing.instance_id = fired.instance_ids[0] if fired.instance_ids else None
    work.session.add(firing)
    work.session.flush()


def _fire_or_undo(work: Work, trigger: Trigger, heard: Heard, *, facts: ItemFacts, tries: int = 2) -> Fired | None:
    """Fire under a savepoint; what fails leaves no row, event or nudge. A race lost on a case is run once more."""
    said, nudged = len(work.events), set(work.nudges)
    try:
        with work.session.begin_nested():
            return _fire(work, trigger, heard, facts=facts)
    except Exception as error:
        del work.events[said:]
        work.nudges.intersection_update(nudged)
        if isinstance(error, ConflictError) and tries > 1:
            return _fire_or_undo(work, trigger, heard, facts=facts, tries=tries - 1)
        raise


def _fire(work: Work, trigger: Trigger, heard: Heard, *, facts: ItemFacts) -> Fired | None:
    """What it did; None: a message that no case waits for, which is no firing."""
    item, variables = heard.item, map_fields(facts, trigger.fields)
    if trigger.action == TriggerAction.CORRELATE:
        return _correlate(work, trigger, item=item, facts=facts, variables=variables)
    if trigger.while_running == WhileRunning.JOIN and may_have_cases(work, heard):
        for case in attribution.running_cases(work, item, at=None):
            if case.is_of(trigger.definition_key, trigger.process_id):
                evidence, confidence = case.evidence, case.confidence
                attribution.record(work, item, instance_id=case.instance_id, evidence=evidence, confidence=confidence)
                return Fired(FiringOutcome.JOINED, (case.instance_id,), case.evidence)
    instance = _start(work, trigger, variables, item=item, business_key=f"item-{facts.item_id}")
    evidence = f"Started this case by trigger “{trigger.name}”."
    attribution.record_opened(work, item, instance, evidence=evidence)
    note_linked(work, item)
    return Fired(FiringOutcome.STARTED, (instance.id,))


def _start(
    work: Work, trigger: Trigger, variables: dict[str, object], *, item: FeedbackItem, business_key: str
) -> ProcessInstance:
    """The process that the trigger names, of the live version of its file."""
    whose = item.customer_id
    if not trigger.process_id:
        return engine.start(work, trigger.definition_key, variables, business_key=business_key, whose=whose)
    live = select(ProcessDefinition.live_version_id).where(ProcessDefinition.key == trigger.definition_key)
    version_id = work.session.scalar(live)
    return engine.start(
        work, trigger.process_id, variables, business_key=business_key, version_id=version_id, whose=whose
    )


def _correlate(
    work: Work, trigger: Trigger, *, item: FeedbackItem, facts: ItemFacts, variables: dict[str, object]
) -> Fired | None:
    key = None
    if trigger.key_field:
        value = read_field(facts, trigger.key_field)
        if value in (None, ""):
            return None  # without its key the message would reach somebody else's case
        key = str(value)
    said = len(work.events)
    taken = engine.correlate(work, trigger.message, key=key, payload=variables, whose=item.customer_id)
    begun = {event.instance_id for event in work.events[said:] if isinstance(event, InstanceStarted)}
    for instance_id in taken:
        evidence = f"Reached this case as message “{trigger.message}” by trigger “{trigger.name}”."
        kind = LinkKind.OPENED_BY if instance_id in begun else None
        attribution.record(work, item, instance_id=instance_id, evidence=evidence, kind=kind)
    if not taken:
        return None
    note_linked(work, item)
    outcome = FiringOutcome.STARTED if taken[0] in begun else FiringOutcome.CORRELATED
    return Fired(outcome, tuple(taken))


def wire(bus: Bus) -> None:
    """Fire triggers when feedback was classified; make those of a version when it goes live."""
    bus.subscribe(FeedbackClassified, on_feedback_classified)
    bus.subscribe(VersionWentLive, on_version_went_live)
