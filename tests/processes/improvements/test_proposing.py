"""An improvement is opened in one way from wherever it was seen, with the voices of that moment frozen."""

from datetime import timedelta

import pytest

from bpm import identity, processes
from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDraft, OpenedFrom, Origin
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

DRAFT = ImprovementDraft("care", "Say when the parcel leaves")


@pytest.fixture
def care(go_live: GoLive) -> int:
    return go_live(CARE, "care")


def test_the_voices_behind_a_step_are_frozen_and_later_ones_stand_apart(
    app: App, care: int, say: Say, advocate: Actor, clock: FixedClock
) -> None:
    first, second = say("Where is it?"), say("It never came.")
    with app.unit_of_work(advocate) as work:
        for item in (first, second):
            processes.attribute(work, item, version_id=care, element="read")
        opened = OpenedFrom(Origin.ELEMENT, "care:read", "Read complaint")
        number = improvements.propose(work, DRAFT, opened_from=opened)
    clock.advance(timedelta(days=2))
    later, other = say("Still nothing."), say("My parcel, please.")
    with app.unit_of_work(advocate) as work:
        processes.attribute(work, later, version_id=care, element="read")
        improvements.link_voice(work, number, other)
        improvements.unlink_voice(work, number, second)
    with app.unit_of_work.reading() as work:
        found = improvements.get_improvement(work, number)
        assert [voice.item_id for voice in found.voices if voice.kind == "taught"] == [first]
        assert [voice.item_id for voice in found.voices if voice.kind == "linked"] == [other]
        assert list(improvements.offered_since(work, number)) == [later]
        history = improvements.history_of(work, number)
        assert [event.verb for event in history] == ["voices", "propose"]
        assert history[-1].evidence == {"voices": "2"}


def test_who_owns_it_is_of_two_functions_or_it_is_listed(app: App, care: int, advocate: Actor) -> None:
    with app.unit_of_work() as work:
        service, it = (identity.ensure_group(work, key, name=key) for key in ("service", "it"))
        stella = identity.create_user(
            work, "stella", display_name="Stella", password="correct horse", roles=["staff"], groups=["service"]
        )
    with app.unit_of_work(advocate) as work:
        number = improvements.propose_improvement(work, DRAFT)
        assert improvements.with_one_function(work) == 1
        assert not improvements.set_owners(work, number, [(service.id, stella.id)])
        assert improvements.with_one_function(work) == 1
        with pytest.raises(InvalidInputError, match="not kept"):
            improvements.set_owners(work, number, [(it.id, stella.id)])
        assert improvements.set_owners(work, number, [(service.id, stella.id), (it.id, None)])
        assert improvements.with_one_function(work) == 0
        assert improvements.functions_of(work, [number]) == {number: ("it", "service")}


def test_no_process_opens_one_by_itself(app: App, care: int) -> None:
    with app.unit_of_work() as work, pytest.raises(ForbiddenError):
        improvements.propose(work, DRAFT, opened_from=OpenedFrom(Origin.ALARM, "3", "Complaints rose"))
