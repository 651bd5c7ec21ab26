"""Receipts in any order, early, late, twice and at the same moment: what the channel said last is what stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import connectors, outbound
from bpm.feedback.connectors import Accepted, Receipt
from bpm.feedback.models import OutboundReceipt
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from tests.feedback.outbound.test_outbox import box, hear, house, send, state, sweep
from tests.mail.fake_server import Mailbox

__all__ = ["box", "house"]  # fixtures

STATES = ("temporary_failure", "delivered", "permanent_failure")
Hook = Callable[[str], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> list[Hook]:
    """What happens between the word of the other side and our own record of it: each hook is told the mail's id."""
    hooks: list[Hook] = []
    real = connectors.open_way

    def open_way(work: object, number: int | None, **more: object) -> object:
        way_out, connection = real(work, number, **more)  # type: ignore[arg-type]  # values of a test

        def slow(where: object, outgoing: object) -> Accepted:
            accepted = way_out.send(where, outgoing)  # type: ignore[arg-type]  # values of a test
            for hook in hooks:
                hook(accepted.remote_id)
            return accepted

        return replace(way_out, send=slow), connection

    monkeypatch.setattr(connectors, "open_way", open_way)
    return hooks


def test_the_last_word_stands_in_whatever_order_it_comes(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor, meanwhile: list[Hook]
) -> None:
    seen = set()
    for seed in range(9):
        chance = Random(seed)
        at = clock.now()
        told = [
            (chance.choice(STATES), at + timedelta(minutes=chance.randint(1, 4)))
            for _each in range(chance.randint(1, 4))
        ]
        arriving = [*told, *chance.choices(told, k=2)]  # some of them twice
        chance.shuffle(arriving)
        early = chance.randint(0, len(arriving))
        item = hear(house, natural_key=f"q{seed}", author_email=f"jo{seed}@customer.example")
        message = send(house, advocate, item, at_once=True, confirmed=outbound.WARNINGS)
        remote: list[str] = []

        def note(kind: str, when: object, remote_id: str) -> None:
            with house.unit_of_work() as work:
                outbound.note_receipt(work, Receipt(remote_id, kind, when, kind))  # type: ignore[arg-type]  # an instant

        def hook(remote_id: str, some: object = arriving[:early], kept: list[str] = remote) -> None:
            kept.append(remote_id)
            for kind, when in some:  # type: ignore[attr-defined]  # pairs
                note(kind, when, remote_id)

        meanwhile[:] = [hook]
        sweep(house, clock)
        for kind, when in arriving[early:]:
            note(kind, when, remote[0])
        decisive = [(when, STATES.index(kind), kind) for kind, when in told if kind != "temporary_failure"]
        expected = max(decisive)[2] if decisive else "sent"
        assert state(house, message) == expected, (seed, arriving, early)
        seen.add(expected)
        assert sweep(house, clock) == 0, "nothing is left to do"
    assert seen == {"sent", "delivered", "permanent_failure"}
    assert len(box.taken) == 9


def test_one_that_was_written_at_the_same_moment_is_applied_with_the_next_look(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    message = send(house, advocate, hear(house))
    sweep(house, clock)
    with house.unit_of_work() as work:
        remote = outbound.get_message(work, message).remote_id
        for number, key in ((remote, 0), ("<of@nobody.example>", 0), (remote, 77)):
            work.session.add(
                OutboundReceipt(connector_key=key, remote_id=number, state="permanent_failure", at=clock.now(),
                                why="550 gone", received_at=clock.now())
            )  # fmt: skip
    assert state(house, message) == "sent"
    sweep(house, clock)
    assert state(house, message) == "permanent_failure"
    with house.unit_of_work.reading() as work:
        applied = [row.message_id for row in work.session.scalars(select(OutboundReceipt).order_by(OutboundReceipt.id))]
    assert applied == [message, None, None]  # another connection's number is another's message


def test_what_is_sent_again_can_come_back_again(house: App, box: Mailbox, clock: FixedClock, advocate: Actor) -> None:
    message = send(house, advocate, hear(house))
    sweep(house, clock)
    with house.unit_of_work() as work:
        remote = outbound.get_message(work, message).remote_id
    for _turn in range(2):
        with house.unit_of_work() as work:
            outbound.note_receipt(work, Receipt(remote, "permanent_failure", clock.now(), "550 full"))
        assert state(house, message) == "permanent_failure"
        with house.unit_of_work(advocate) as work:
            outbound.send_again(work, message)
        sweep(house, clock)
        assert state(house, message) == "sent"
