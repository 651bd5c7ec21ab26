"""Talks with customers who agreed to it, who of the managers had one, and what themes were told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bpm import identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.feedback import themes
from bpm.feedback.models import ContactPoint, FeedbackItem, Theme
from bpm.feedback.people.consent import give_consent, withdraw_consent
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes import improvements, two_way
from bpm.processes.improvements import ImprovementDraft, OpenedFrom, Origin
from bpm.processes.two_way import About, TalkDraft
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE


def consent_of(app: App, actor: Actor, item: int, purpose: str) -> tuple[int, int]:
    """(the item's customer, the consent that was noted for their address)"""
    with app.unit_of_work(actor) as work:
        customer = work.session.get_one(FeedbackItem, item).customer_id or 0
        point = work.session.scalar(select(ContactPoint.id).where(ContactPoint.customer_id == customer)) or 0
        return customer, give_consent(work, point, purpose=purpose, channel="email", given_by="A form of May")


def person(app: App, name: str) -> Actor:
    with app.unit_of_work() as work:
        user = identity.create_user(
            work, name, display_name=name.capitalize(), password="correct horse", roles=["manager"], groups=[]
        )
        return identity.actor_of(user)


def test_only_who_agreed_is_talked_to_and_what_was_heard_comes_back(
    app: App, go_live: GoLive, say: Say, advocate: Actor, clock: FixedClock
) -> None:
    go_live(CARE, "care")
    mona, moritz = person(app, "mona"), person(app, "moritz")
    asked, sold, silent = say("Where is it?"), say("It never came."), say("Hello?")
    customer, consent = consent_of(app, advocate, asked, "research")
    other, _consent = consent_of(app, advocate, sold, "offers")
    with app.unit_of_work(mona) as work:
        opened = OpenedFrom(Origin.BAR, "/insights", "A bar")
        number = improvements.propose(
            work, ImprovementDraft("care", "Quicker"), opened_from=opened, voices=[asked, sold, silent]
        )
        about = About(improvement_id=number)
        found = two_way.candidates_of(work, about)
        assert [each.item_id for each in found.agreed] == [asked]
        assert found.agreed[0].contacts == (("email", "customer1@example.org", "agreed to research by email"),)
        assert {each.item_id: each.why_not for each in found.left_out} == dict.fromkeys(
            (sold, silent), "They have not agreed to be talked to."
        )
        with pytest.raises(InvalidInputError) as refused:
            two_way.ask_talk(work, about, TalkDraft(other, "shout", " "))
        assert set(refused.value.fields) == {"customer", "kind", "why"}
        two_way.ask_talk(work, about, TalkDraft(customer, "call", "What hurts most?"))
        assert two_way.direct_contact(work).managers == (("Mona", 0), ("Moritz", 0))
    with app.unit_of_work(mona) as work:
        task = work.session.scalars(select(WorkItem).where(WorkItem.status == WorkItemStatus.OPEN)).one()
        assert task.assignee_id == mona.user_id
        engine.complete(work, task.id, {"outcome": "talked", "note": "She waited for a word."})
    with app.unit_of_work.reading() as work:
        [talk] = two_way.talks_of(work, about)
        assert (talk.status, talk.note, talk.done_by) == ("talked", "She waited for a word.", "Mona")
        assert [event.verb for event in improvements.history_of(work, number)][:2] == ["talk", "talk"]
        contact = two_way.direct_contact(work)
        assert contact.managers == (("Mona", 1), ("Moritz", 0))
        assert (contact.share.hits, contact.share.n) == (1, 2)
    clock.advance(timedelta(days=31))
    with app.unit_of_work(advocate) as work:
        assert two_way.direct_contact(work).share.hits == 0
        withdraw_consent(work, consent)
        assert two_way.candidates_of(work, about).agreed == ()
        with pytest.raises(InvalidInputError):
            two_way.ask_talk(work, about, TalkDraft(customer, "call", "Again?", moritz.user_id))


def test_a_theme_that_was_learnt_from_and_told_nothing_is_listed_after_thirty_days(
    app: App, say: Callable[..., int], advocate: Actor, clock: FixedClock
) -> None:
    items = [say(f"The blue parcel of order {n} never came to my door.") for n in range(4)]
    with app.unit_of_work() as work:
        from bpm.feedback.models import ThemeItem

        theme = Theme(name="parcels", words={}, exemplars=b"", first_at=work.now(), last_at=work.now(),
                      created_at=work.now())  # fmt: skip
        work.session.add(theme)
        work.session.flush()
        theme.counts_in_id = number = theme.id
        work.session.add_all(
            ThemeItem(item_id=item, theme_id=number, classification_id=item, signature=b"", placed_at=work.now())
            for item in items
        )
    with app.unit_of_work(advocate) as work:
        themes.write_lessons(work, number, learnt="The courier rings at noon.", told="")
        assert themes.list_themes(work, "one_sided") == []
    clock.advance(timedelta(days=30))
    with app.unit_of_work(advocate) as work:
        assert [row.id for row in themes.list_themes(work, "one_sided")] == [number]
        for kind, ref in (("board", "77"), ("elsewhere", "our site"), ("shout", "1")):
            with pytest.raises(InvalidInputError):
                two_way.add_told(work, number, kind, ref)
        told = two_way.add_told(work, number, "elsewhere", "https://example.org/parcels")
        assert themes.list_themes(work, "one_sided") == []
        assert [row.ref for row in two_way.told_of(work, number)] == ["https://example.org/parcels"]
        two_way.drop_told(work, number, told)
        assert [row.id for row in themes.list_themes(work, "one_sided")] == [number]
