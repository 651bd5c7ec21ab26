"""Two at one instant: of two presses one message goes out, and taking back and sending never both happen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from bpm.app import App
from bpm.feedback import outbound
from bpm.feedback.models import OutboundMessage, Reply, ReplyInWriting
from bpm.feedback.outbound import Wish
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError
from bpm.foundation.work import Actor
from tests.feedback.outbound.test_outbox import box, hear, house, send, state, sweep
from tests.mail.fake_server import Mailbox

__all__ = ["box", "house"]  # fixtures

pytestmark = pytest.mark.both_databases

ROUNDS = 4
"""Times that each race is run: a lucky order proves nothing."""


def together(*acts: Callable[[], object]) -> list[object]:
    """What came of acts at one instant; a ConflictError as itself."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        start.wait(10)
        try:
            return act()
        except ConflictError as conflict:
            return conflict

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_one_key_pressed_in_two_processes_at_once_is_one_message(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    for turn in range(ROUNDS):

        def press(key: str = f"form {turn}") -> int:
            with house.unit_of_work(advocate) as work:
                wish = Wish(item, "It left our depot today.", key=key, confirmed=outbound.WARNINGS)
                return outbound.send(work, wish).id

        first, second = together(press, press)
        assert first == second
    with house.unit_of_work.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(OutboundMessage)) == ROUNDS
        assert work.session.scalar(select(func.count()).select_from(Reply)) == ROUNDS
    sweep(house, clock)
    assert len(box.taken) == ROUNDS


def test_taken_back_at_the_last_moment_it_is_either_taken_back_or_sent(
    house: App, box: Mailbox, clock: FixedClock, advocate: Actor
) -> None:
    item = hear(house)
    for _turn in range(ROUNDS):
        before = len(box.taken)
        message = send(house, advocate, item, confirmed=outbound.WARNINGS)
        clock.advance(timedelta(seconds=9.9))
        assert outbound.sweep_outbound(house.unit_of_work) == 0
        clock.advance(timedelta(seconds=0.1))

        def take_back(message_id: int = message) -> str:
            with house.unit_of_work(advocate) as work:
                outbound.withdraw(work, message_id)
            return "taken back"

        came, _swept, _by_another = together(
            take_back, lambda: outbound.sweep_outbound(house.unit_of_work),
            lambda: outbound.sweep_outbound(house.unit_of_work),
        )  # fmt: skip
        left = len(box.taken) - before
        with house.unit_of_work.reading() as work:
            drafts = work.session.scalar(select(func.count()).select_from(ReplyInWriting))
            replies = work.session.scalar(select(func.count()).select_from(Reply).where(Reply.sent_at.is_not(None)))
        if came == "taken back":
            assert (state(house, message), left, drafts) == ("withdrawn", 0, 1)
        else:
            assert isinstance(came, ConflictError)
            assert (state(house, message), left) == ("sent", 1)
            assert replies == len(box.taken)
