"""Each link says when its words were said, seen from the case: before, as its opening, during, after, or by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bpm import processes, schema
from bpm.app import App
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import attribution
from bpm.processes.models import Attribution
from bpm.processes.status import LinkKind
from tests.processes.attribution.test_recording import complete_next
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

ADA = "ada@example.org"


def kinds(app: App) -> dict[int, LinkKind]:
    """Item -> kind of its link."""
    with app.unit_of_work.reading() as work:
        held = select(Attribution.item_id, Attribution.kind).where(Attribution.valid_to.is_(None))
        return {row.item_id: row.kind for row in work.session.execute(held)}


@pytest.mark.both_databases
def test_a_link_says_when_its_words_were_said_and_links_of_the_release_before_are_told_apart_alike(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, advocate: Actor
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    yesterday = clock.now() - timedelta(days=1)
    opening = say(author_email=ADA, said_at=yesterday)
    clock.advance(timedelta(hours=2))
    during = say("Where are you?", "question", author_email=ADA)
    placed = say("The repair made it worse.", "question")
    before = say("Do you repair pumps?", "question", said_at=yesterday)
    clock.advance(timedelta(hours=2))
    for _ in range(2):
        complete_next(app, advocate)
    clock.advance(timedelta(hours=2))
    after = say("It broke again.", "question", said_at=clock.now())
    with app.unit_of_work(advocate) as work:
        (case,) = work.session.scalars(select(Attribution.instance_id).where(Attribution.item_id == opening))
        assert case is not None
        for item in (before, after):
            attribution.record(work, work.session.get_one(FeedbackItem, item), instance_id=case, evidence="Said so.")
        processes.attribute(work, placed, version_id=version_id, element="mend")

    told = {
        opening: LinkKind.OPENED_BY, during: LinkKind.SAID_DURING, before: LinkKind.SAID_BEFORE,
        after: LinkKind.SAID_AFTER, placed: LinkKind.BY_HAND,
    }  # fmt: skip
    assert kinds(app) == told
    assert {LinkKind.OPENED_BY, LinkKind.SAID_BEFORE, LinkKind.SUGGESTED}.isdisjoint(attribution.LIVED)

    schema.downgrade(app.database, to="0045")
    schema.upgrade(app.database)
    assert kinds(app) == told
