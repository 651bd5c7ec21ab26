"""Words of somebody who was switched off wait for a person who takes them over, and somebody hears of it."""

from datetime import timedelta

from sqlalchemy import select

from bpm import identity
from bpm.app import App
from bpm.feedback import outbound
from bpm.feedback.models import OutboundStep, ReplyInWriting
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import CONSOLE, Actor
from bpm.notices.models import PersonNotice
from tests.feedback.outbound.test_outbox import OPENED, box, hear, house, send, state, sweep
from tests.mail.fake_server import Mailbox

__all__ = ["box", "house"]  # fixtures


def person(house: App, name: str, roles: list[str], groups: list[str]) -> Actor:
    with house.unit_of_work(CONSOLE) as work:
        made = identity.create_user(
            work, name, display_name=name.title(), password="long enough now", roles=roles, groups=groups
        )
        return identity.actor_of(made)


def switch_off(house: App, who: Actor) -> None:
    assert who.user_id is not None
    with house.unit_of_work(CONSOLE) as work:
        identity.deactivate(work, who.user_id, reason="They left.")


def told(house: App) -> list[tuple[int, str]]:
    with house.unit_of_work.reading() as work:
        notices = select(PersonNotice).where(PersonNotice.kind == "reply_failed").order_by(PersonNotice.user_id)
        return [(each.user_id, each.subject) for each in work.session.scalars(notices)]


def test_what_a_leaver_scheduled_waits_for_a_colleague_who_sends_it_in_their_own_name(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    colleague = person(house, "ben", ["advocate"], ["service"])
    person(house, "zoe", ["advocate"], ["sales"])
    item = hear(house)
    message = send(house, advocate, item, send_at=clock.now() + timedelta(hours=1))
    switch_off(house, advocate)
    sweep(house, clock, timedelta(hours=2))
    assert (state(house, message), box.taken) == ("temporary_failure", [])
    assert sweep(house, clock, timedelta(days=2)) == 0
    said = "An answer of Maya to jo@customer.example waits for somebody: Maya is switched off"
    assert told(house) == [(colleague.user_id, said)]
    with house.unit_of_work.reading() as work:
        why = work.session.scalars(select(OutboundStep.why).order_by(OutboundStep.id.desc()).limit(1)).one()
    assert why == "Maya was switched off before it left. Take it back: its words are your draft."
    with house.unit_of_work(colleague) as work:
        outbound.send_again(work, message)
    sweep(house, clock)
    assert box.taken == []
    with house.unit_of_work(colleague) as work:
        outbound.withdraw(work, message)
        draft = work.session.scalars(select(ReplyInWriting)).one()
        assert (draft.user_id, draft.written["text"]) == (colleague.user_id, "It left our depot today.")
    send(house, colleague, item, draft.written["text"])
    sweep(house, clock)
    assert [str(mail["From"]).split()[0].strip('"') for mail in box.mails()] == ["Ben"]


def test_without_a_colleague_who_may_answer_the_administrator_hears_of_it(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    person(house, "zoe", ["advocate"], ["sales"])
    person(house, "kim", ["designer"], ["service"])
    administrator = person(house, "root", ["admin"], [])
    message = send(house, advocate, hear(house))
    switch_off(house, advocate)
    sweep(house, clock, OPENED)
    assert (state(house, message), box.taken) == ("temporary_failure", [])
    assert [number for number, _said in told(house)] == [administrator.user_id]
