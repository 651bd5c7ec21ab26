"""Updates, letters, notices ahead, improvements told, learners, codes, surveys, in random order: law 1 holds."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from bpm import feedback, identity, mail
from bpm.app import App
from bpm.feedback import incidents, outbound, portal
from bpm.feedback.models import ContactPoint, IncidentTold, OutboundMessage
from bpm.feedback.outbound import Wish, mentoring
from bpm.feedback.outbound.mentoring import proposing
from bpm.feedback.raw_item import RawItem
from bpm.feedback.status import MessageKind
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import EarshotError
from bpm.foundation.settings import Settings
from bpm.foundation.work import CONSOLE, SYSTEM, Actor
from bpm.mail import MailMessage
from bpm.processes import hold_outs, improvements, surveys
from bpm.processes.improvements import ImprovementDraft
from bpm.processes.improvements.telling import tell
from tests.mail import fake_server
from tests.mail.conftest import with_server
from tests.mail.fake_server import Mailbox
from tests.web.conftest import put_live

MACHINE = Actor(name="robot", display_name="Robot", permissions=frozenset(identity.Permission))
NOBODIES = (SYSTEM, CONSOLE, MACHINE)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"surveys": True, "quiet_hours": ""})


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with fake_server.running() as box:
        yield box


class Company:
    """Three people and ways by which words reach customers; each way is asked by somebody, or by nobody."""

    def __init__(self, app: App, clock: FixedClock) -> None:
        self.app, self.clock, self.turn, self.refused = app, clock, 0, Counter[str]()
        self.people: dict[str, Actor] = {}
        for name in ("maya", "lena", "mina"):
            with app.unit_of_work() as work:
                roles = ["manager"] if name == "mina" else ["advocate", "manager"]
                made = identity.create_user(
                    work, name, display_name=name.title(), password="long enough now", roles=roles, groups=[]
                )
                self.people[name] = identity.actor_of(made)
        self._as("maya", mentoring.begin_mentoring, self.people["lena"].user_id, self.people["maya"].user_id)
        self.items = [self._hear(number) for number in range(6)]

    def _hear(self, number: int) -> int:
        raw = RawItem(
            "email", "box", f"Signing in fails, {number}.", natural_key=f"<{number}@c.example>",
            author_email=f"jo{number}@c.example", said_at=self.clock.now(), thread_key=f"thread-{number}",
        )  # fmt: skip
        with self.app.unit_of_work() as work:
            return feedback.receive(work, raw).item_id

    def _as(self, who: str | Actor, do: Callable[..., Any], *given: Any, **named: Any) -> Any:
        with self.app.unit_of_work(self.people[who] if isinstance(who, str) else who) as work:
            return do(work, *given, **named)

    def ask(self, way: str, who: str | Actor) -> None:
        """What is refused is noted; everything else has to hold in the end."""
        self.turn += 1
        self.clock.advance(timedelta(minutes=7))
        try:
            getattr(self, way)(who, f"Word {self.turn}: it works for the {self.turn}th of you.")
        except EarshotError as error:
            self.refused[f"{way} {type(error).__name__}"] += 1
        self.work()

    def work(self) -> None:
        """What a worker does by itself that says something to customers."""
        for sweep in (incidents.sweep_updates, surveys.sweep_surveys, outbound.sweep_outbound, mail.sweep_mail):
            while sweep(self.app.unit_of_work):
                pass

    def update(self, who: str | Actor, words: str) -> None:
        opened = self._as("maya", incidents.open_incident, words, item_ids=self.items[:3]).id
        next_at = self.clock.now() + timedelta(hours=1)
        self._as(who, incidents.acknowledge, opened, words, next_at=next_at, is_public=True)
        self._as("maya", incidents.resolve, opened, reason="Done.", text="")

    def letters(self, who: str | Actor, words: str) -> None:
        confirmed = outbound.WARNINGS
        self._as(who, outbound.send_letters, self.items[2:5], words, key=f"k{self.turn}", confirmed=confirmed)

    def ahead(self, who: str | Actor, words: str) -> None:
        draft = hold_outs.NoticeDraft(f"Notice {self.turn}", words, definition_key="refund", share=0.0)
        self._as(who, hold_outs.send_notice, self._as("maya", hold_outs.prepare_notice, draft))

    def improvement(self, who: str | Actor, words: str) -> None:
        draft = ImprovementDraft("refund", f"Faster {self.turn}")
        made = self._as("maya", improvements.propose_improvement, draft, item_id=self.items[0])
        for status in ("approved", "concluded"):
            self._as("maya", improvements.set_status, made, status, reason="So it is.")
        self._as(who, tell, made, words, key=f"t{self.turn}", confirmed=outbound.WARNINGS)

    def answer(self, who: str | Actor, words: str) -> None:
        self._as(who, outbound.send, Wish(self.items[5], words, confirmed=outbound.WARNINGS, at_once=True))

    def proposal(self, who: str | Actor, words: str) -> None:
        """A learner proposes; whoever it is tries to approve it."""
        waits = self._as("lena", proposing.propose, Wish(self.items[4], words, confirmed=outbound.WARNINGS)).id
        try:
            self._as(who, proposing.approve, waits, text=words, confirmed=outbound.WARNINGS)
        except EarshotError:
            self._as("lena", proposing.take_proposal_back, waits)
            raise

    def automatic(self, who: str | Actor, words: str) -> None:
        for kind in ("conversation", "status", "news"):
            try:
                self._as(who, outbound.send_automatic, self.items[1], kind, words, key=f"{kind} {self.turn}")
            except EarshotError as error:
                self.refused[f"automatic {kind} {type(error).__name__}"] += 1

    def code(self, who: str | Actor, words: str) -> None:
        self._as(who, portal.ask_code, f"jo{self.turn % 6}@c.example")

    def closing(self, who: str | Actor, words: str) -> None:
        """A closed matter is asked about, by itself, later."""
        self._as(who, feedback.decide, self.items[self.turn % 6], "do", reason=words)
        self.clock.advance(timedelta(hours=4))


WAYS = ("update", "letters", "ahead", "improvement", "answer", "proposal", "automatic", "code", "closing")


@pytest.mark.parametrize("seed", [18])
def test_no_word_of_a_conversation_leaves_without_the_person_who_pressed_send(
    app: App, clock: FixedClock, box: Mailbox, seed: int
) -> None:
    put_live(app)
    house = Company(with_server(app, box.port, smtp_from="Shop <post@shop.example>"), clock)
    chance = Random(seed)
    asked = [(way, who) for way in WAYS for who in ("maya", chance.choice(("lena", "mina")), chance.choice(NOBODIES))]
    chance.shuffle(asked)
    for way, who in asked:
        house.ask(way, who)
    clock.advance(timedelta(minutes=2))
    house.work()
    authors = {actor.user_id: actor.display_name for actor in house.people.values()}
    with house.app.unit_of_work.reading() as work:
        rows = list(work.session.scalars(select(OutboundMessage)))
        customers = set(work.session.scalars(select(ContactPoint.value)))
        mails = list(work.session.scalars(select(MailMessage).where(MailMessage.to_address.in_(customers))))
        held = set(work.session.scalars(select(IncidentTold.status)))
        work.session.expunge_all()
    free = [row for row in rows if row.kind == MessageKind.CONVERSATION]
    assert {authors.get(row.author_user_id) for row in free} == {"Maya", "Lena"}
    for row in free:
        assert row.approved_at is not None
        assert row.from_name == authors[row.author_user_id]
        assert (row.approved_by is not None) == (row.from_name == "Lena"), "a learner's words have their mentor's yes"
    for row in rows:
        if row.kind != MessageKind.CONVERSATION:
            assert (row.kind in outbound.automatic_kinds(), row.author_user_id) == (True, None)
            assert "automatic" in row.text
    assert {each.kind for each in mails} <= set(outbound.automatic_kinds())
    assert all("automatic" in (each.text or "automatic") for each in mails)
    assert held <= {"told"}
    taken = Counter(str(each["To"]) for each in box.mails() if "c.example" in str(each["To"]))
    assert sum(taken.values()) == len([row for row in rows if row.state == "sent"]) + len(mails)
    for way in ("update", "letters", "ahead", "improvement", "answer"):
        assert any(name.startswith(way) for name in house.refused), f"{way} was refused to nobody"
    assert house.refused["automatic conversation ForbiddenError"] == 3
    assert house.refused["automatic news InvalidInputError"] == 3
