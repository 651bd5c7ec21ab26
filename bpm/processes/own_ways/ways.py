"""Ways of customers as they are kept: handed in, paired with our activities by people, accepted or declined."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from bpm import audit
from bpm.engine import api as engine
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback.models import Customer
from bpm.feedback.privacy.mask import mask
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.own_ways.difference import WayDifference, compare
from bpm.processes.own_ways.matching import BY_HAND, Match, match
from bpm.processes.own_ways.models import OwnWay
from bpm.processes.own_ways.rails import ACTIVITIES_WITH_WAYS, PEOPLE, Mandatory, mandatory_of
from bpm.processes.own_ways.status import WaySource, WayStatus


@dataclass(frozen=True)
class Way:
    """A customer's own process against the version that it was held against."""

    id: int
    key: str
    process: str
    version_id: int
    version: int
    customer_id: int
    customer: str
    source: WaySource
    status: WayStatus
    steps: tuple[Match, ...]
    course: engine.Course
    difference: WayDifference
    mandatory: Mapping[str, Mandatory]
    handed_in_at: datetime
    decided_at: datetime | None
    reason: str

    @property
    def unsure(self) -> tuple[int, ...]:
        """Places of pairs that a person has to confirm."""
        return tuple(place for place, each in enumerate(self.steps) if not each.is_sure)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Activities that a case on this way leaves out."""
        return tuple(each for each in self.difference.missing if each in self.may_go)

    @property
    def may_go(self) -> frozenset[str]:
        """Activities of people that are not mandatory."""
        return frozenset(
            each for each in self.course.steps if self.course.types[each] in PEOPLE and each not in self.mandatory
        )


def hand_in(work: Work, key: str, customer_id: int, steps: Sequence[str], *, source: WaySource) -> int:
    """Keep a customer's own process and hold it against the live version; its id. Private data in it is masked.

    By staff who may read feedback, or for the customer on their own page (`WaySource.PORTAL`).
    """
    if source is not WaySource.PORTAL:
        demand(work.actor, Permission.SEE_FEEDBACK)
    live = work.session.execute(
        select(ProcessVersion.id, ProcessVersion.source, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.live_version_id == ProcessVersion.id)
        .where(ProcessDefinition.key == key)
    ).first()
    if live is None:
        say = _("Choose a process that is live.")
        raise InvalidInputError(_("This process is not live."), remedy=say, fields={"process": say})
    if work.session.get(Customer, customer_id) is None:
        say = _("Give the number of a customer, as it stands in the address of their page.")
        raise InvalidInputError(_("There is no such customer."), remedy=say, fields={"customer": say})
    course = engine.course_of(live.source)
    matches = match([mask(each).text for each in steps], course.names)
    row = OwnWay(
        definition_key=key, version_id=live.id, customer_id=customer_id, source=source, status=WayStatus.HANDED_IN,
        steps=[asdict(each) for each in matches], handed_in_by=work.actor.user_id, handed_in_at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    after = {"process": key, "customer": customer_id, "steps": len(matches), "source": source}
    audit.record(work, "own_way.hand_in", _thing(row), after=after)
    return row.id


def get_way(work: Work, way_id: int) -> Way:
    """One way; NotFoundError."""
    row = work.session.get(OwnWay, way_id)
    if row is None:
        raise NotFoundError(_("There is no own process %(number)s.") % {"number": way_id})
    told = work.session.execute(
        select(ProcessVersion.number, ProcessVersion.source, ProcessDefinition.name, Customer.name.label("customer"))
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .outerjoin(Customer, Customer.id == row.customer_id)
        .where(ProcessVersion.id == row.version_id)
    ).one()
    course = engine.course_of(told.source)
    steps = tuple(Match(each["text"], each["element"], each["how"]) for each in row.steps)
    return Way(
        id=row.id, key=row.definition_key, process=told.name, version_id=row.version_id, version=told.number,
        customer_id=row.customer_id, customer=told.customer or _("customer %(number)s") % {"number": row.customer_id},
        source=row.source, status=row.status, steps=steps, course=course, difference=compare(course.steps, steps),
        mandatory=mandatory_of(work, row.definition_key), handed_in_at=row.handed_in_at, decided_at=row.decided_at,
        reason=row.reason,
    )  # fmt: skip


def find_way(work: Work, way_id: int) -> Way | None:
    """One way, or None: a case may carry a number that is none."""
    return get_way(work, way_id) if work.session.get(OwnWay, way_id) is not None else None


def pair(work: Work, way_id: int, place: int, element: str) -> None:
    """A person says which activity a step is, or that it is none of ours (an empty `element`).

    Whoever stood with that activity before is the customer's own step then. InvalidInputError, ConflictError once it
    was decided.
    """
    demand(work.actor, Permission.SEE_FEEDBACK)
    way, row = get_way(work, way_id), _row_to_decide(work, way_id)
    if not 0 <= place < len(way.steps) or (element and element not in way.course.names):
        say = _("Choose one of the list.")
        raise InvalidInputError(_("There is no such step."), remedy=say, fields={"element": say})
    before = asdict(way.steps[place])
    steps = [
        Match(each.text) if element and each.element == element and at != place else each
        for at, each in enumerate(way.steps)
    ]
    steps[place] = Match(steps[place].text, element, BY_HAND)
    row.steps = [asdict(each) for each in steps]
    audit.record(work, "own_way.pair", _thing(row), before=before, after=asdict(steps[place]))


def accept(work: Work, way_id: int, *, reason: str) -> None:
    """Let cases run on it, inside the guard rails. Whoever signs versions may; every pair has to be sure by then."""
    demand(work.actor, Permission.SIGN)
    way, row = get_way(work, way_id), _row_to_decide(work, way_id)
    if way.unsure:
        say = _("Say of step %(steps)s which activity it is.") % {
            "steps": ", ".join(str(each + 1) for each in way.unsure)
        }
        raise InvalidInputError(_("Some steps are only likely the same."), remedy=say, fields={"steps": say})
    if not any(each.element for each in way.steps):
        say = _("Pair at least one step with an activity of ours, or decline it.")
        raise InvalidInputError(_("Nothing of it is a step of ours."), remedy=say, fields={"steps": say})
    _decide(work, row, WayStatus.ACCEPTED, reason)
    ACTIVITIES_WITH_WAYS.forget(work)


def decline(work: Work, way_id: int, *, reason: str) -> None:
    """Say why no case runs on it; one that was accepted can be declined, too: cases that run on it go on as ours."""
    demand(work.actor, Permission.SIGN)
    row = work.session.get(OwnWay, way_id)
    if row is None:
        raise NotFoundError(_("There is no own process %(number)s.") % {"number": way_id})
    if row.status is WayStatus.DECLINED:
        return
    if not reason.strip():
        say = _("Say why not; the customer may ask.")
        raise InvalidInputError(_("A reason is needed."), remedy=say, fields={"reason": say})
    _decide(work, row, WayStatus.DECLINED, reason)
    ACTIVITIES_WITH_WAYS.forget(work)


def _decide(work: Work, row: OwnWay, status: WayStatus, reason: str) -> None:
    before = row.status
    row.status, row.reason = status, reason.strip()[:2000]
    row.decided_by, row.decided_at = work.actor.user_id, work.now()
    verb = f"own_way.{'accept' if status is WayStatus.ACCEPTED else 'decline'}"
    audit.record(
        work, verb, _thing(row), before={"status": before}, after={"status": status}, reason=row.reason or None
    )


def _row_to_decide(work: Work, way_id: int) -> OwnWay:
    row = work.session.get_one(OwnWay, way_id)
    if row.status is not WayStatus.HANDED_IN:
        raise ConflictError(_("It was decided already."), remedy=_("Let it be handed in anew."))
    return row


def _thing(row: OwnWay) -> audit.Thing:
    return audit.Thing("own process", row.id, row.definition_key)
