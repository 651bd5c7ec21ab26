"""Over the ways beside the inbox, in any order: the board, playbooks, guests, templates, letters, alarms, rollouts and
reports say nothing freely to a customer without a named author who pressed send (law 1)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select, update

from bpm import identity, mail
from bpm.app import App
from bpm.feedback import outbound
from bpm.feedback.items import get_current
from bpm.feedback.models import ContactPoint, OutboundMessage, Reply
from bpm.feedback.status import MessageKind
from bpm.foundation.clock import FixedClock
from bpm.identity.models import User
from bpm.mail import MailMessage
from bpm.processes.alarms.sweeping import sweep_alarms
from bpm.processes.reports.mailing import sweep_report_mails
from bpm.processes.rollouts.models import Rollout
from bpm.processes.rollouts.told.telling import tell
from bpm.processes.rollouts.words import RolloutVerb
from tests.mail import fake_server
from tests.mail.conftest import with_server
from tests.mail.fake_server import Mailbox
from tests.web.conftest import Browser, put_live
from tests.web.inbox.conftest import heard
from tests.web.portal.conftest import Customer

__all__ = ["heard"]  # a fixture

WAYS = ("board", "comment", "playbook", "guest", "letters", "template", "alarms", "rollout", "report")
WHO = ("maya", "mina", "otto")
"""An advocate; a manager who may not answer; a guest, who may where somebody asked them to."""


class House:
    """The ways, each by its own door; whoever may not use one is refused there."""

    def __init__(self, app: App, items: list[int], screens: dict[str, Browser], customer: Customer) -> None:
        self.app, self.items, self.screens, self.customer = app, items, screens, customer
        self.asked, self.invited = 0, False
        with app.unit_of_work.reading() as work:
            self.talk = get_current(work, items[0]).conversation_id
            self.otto = identity.find_user(work, "otto").id

    def ask(self, way: str, who: str) -> None:
        self.asked += 1
        getattr(self, way)(self.screens[who], f"Word {self.asked}: it is the {self.asked}th thing that we tell you.")
        self.work()

    def work(self) -> None:
        while outbound.sweep_outbound(self.app.unit_of_work) or mail.sweep_mail(self.app.unit_of_work):
            pass

    def _post(self, browser: Browser, path: str, form: dict[str, str]) -> int:
        status = browser.post(path, form).status_code
        assert status < 500, (path, status)
        return status

    def board(self, browser: Browser, words: str) -> None:
        """What the company says in public is an entry that somebody wrote and published; nobody is written to."""
        self._post(browser, "/improvements/board", {"said": "You waited.", "did": words})
        self._post(browser, f"/improvements/board/{self.asked}/publication", {})

    def comment(self, browser: Browser, words: str) -> None:
        """A customer speaks on the board, or asks for a code there: nobody answers by itself but with the code."""
        self.customer.client.post("/said-and-done/1/comment", data={"text": words})
        self.customer.client.post("/my/code", data={"address": "jo0@c.example", "entry": "1"})

    def playbook(self, browser: Browser, words: str) -> None:
        item = self.items[self.asked % 3]
        book = {"name": words, "steps": f"{words}\nSend it", "owner": "1", "review_by": "2027-01-01"}
        self._post(browser, "/playbooks", book)
        for path in (f"1/items/{item}", f"uses/1/items/{item}/steps/1", f"uses/1/items/{item}/end"):
            self._post(browser, f"/playbooks/{path}", {"done": "1", "why-1": words, "why-2": words})

    def guest(self, browser: Browser, words: str) -> None:
        """By turns the invitation stands and is taken back; whoever answers does so as who they are."""
        maya = self.screens["maya"]
        if self.invited:
            self._post(maya, f"/conversations/{self.talk}/guests/{self.otto}/end", {})
        else:
            self._post(maya, f"/inbox/{self.items[0]}/guests", {"person": "otto", "answers": "1"})
        self.invited = not self.invited
        given = {"text": words, "confirmed": "canned"}
        status = self._post(self.screens["otto"], f"/conversations/{self.talk}/reply", given)
        assert (status in {303, 400}) is self.invited, status
        self._post(browser, f"/conversations/{self.talk}/notes", {"text": words})

    def letters(self, browser: Browser, words: str) -> None:
        client_form = {"item": str(self.items[1]), "text": words, "key": f"k{self.asked}", "confirmed": "canned"}
        self._post(browser, "/outbox/letters", client_form)

    def template(self, browser: Browser, words: str) -> None:
        given = {"name": words, "text": words, "subject": "", "topic": "", "owner": "1", "review_by": "2027-01-01"}
        self._post(browser, "/outbox/templates", given)
        for number in range(1, self.asked + 1):
            form = {"text": words, "template": str(number), "template_id": str(number), "confirmed": "canned"}
            self._post(browser, f"/inbox/{self.items[2]}/reply", form)

    def alarms(self, browser: Browser, words: str) -> None:
        sweep_alarms(self.app.unit_of_work)
        self._post(browser, "/alarms/1/status", {"status": "confirmed", "reason": words})

    def rollout(self, browser: Browser, words: str) -> None:
        with self.app.unit_of_work() as work:
            row = Rollout(id=1, definition_key="refund", candidate_version_id=1, created_by=1)
            for verb in RolloutVerb:
                tell(work, row, verb, words)
            work.session.expunge_all()

    def report(self, browser: Browser, words: str) -> None:
        self._post(browser, "/insights/reports/kept", {"name": words, "query": "measure=items", "group": ""})
        self._post(browser, "/insights/reports/kept/1/subscribe", {"every": "week"})
        sweep_report_mails(self.app.unit_of_work)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with fake_server.running() as box:
        yield box


@pytest.fixture
def house(app: App, web: Flask, box: Mailbox, signed_in: Callable[..., Browser], heard: Callable[..., int]) -> House:
    put_live(app)
    screens = {
        "maya": signed_in("maya", "advocate", "manager"), "mina": signed_in("mina", "manager"),
        "otto": signed_in("otto", "operator"),
    }  # fmt: skip
    with app.unit_of_work() as work:
        for name in WHO:
            theirs = update(User).where(User.username == name)
            work.session.execute(theirs.values(email=f"{name}@shop.example"))
    items = [
        heard(f"Where is my parcel, {n}?", natural_key=f"<{n}@c.example>", author_email=f"jo{n}@c.example",
              thread_key=f"t{n}")
        for n in range(3)
    ]  # fmt: skip
    served = with_server(app, box.port, smtp_from="Shop <post@shop.example>", quiet_hours="")
    return House(served, items, screens, Customer(web.test_client()))


@pytest.mark.parametrize("seed", [3, 14])
def test_whatever_happens_beside_the_inbox_free_words_have_a_person_who_pressed_send(
    house: House, clock: FixedClock, seed: int
) -> None:
    chance = Random(seed)
    asked = [(way, who) for way in WAYS for who in chance.sample(WHO, 2)]
    chance.shuffle(asked)
    for way, who in asked:
        house.ask(way, who)
    clock.advance(timedelta(days=8))
    sweep_report_mails(house.app.unit_of_work)
    house.work()
    with house.app.unit_of_work.reading() as work:
        names = dict(work.session.execute(select(User.id, User.display_name)).all())
        rows = list(work.session.scalars(select(OutboundMessage)))
        replies = set(work.session.scalars(select(Reply.id)))
        addresses = set(work.session.scalars(select(ContactPoint.value)))
        told = list(work.session.execute(select(MailMessage.kind, MailMessage.to_address)))
        free = [row for row in rows if row.kind == MessageKind.CONVERSATION]
        assert {row.from_name for row in free} <= {"Maya", "Otto"}
        for row in free:
            assert row.approved_at is not None
            assert names.get(row.author_user_id) == row.from_name
            assert row.from_name == "Maya" or row.item_id == house.items[0], "a guest answers where they were asked"
        assert {row.kind for row in rows} - {MessageKind.CONVERSATION} <= set(outbound.automatic_kinds())
        assert {row.reply_id for row in free if row.reply_id is not None} == replies
        assert {kind for kind, to in told if to in addresses} <= set(outbound.automatic_kinds())


def test_each_of_these_ways_comes_to_what_it_is_for(house: House) -> None:
    for way in WAYS:
        house.ask(way, "maya")
    with house.app.unit_of_work.reading() as work:
        authors = sorted(work.session.scalars(select(OutboundMessage.from_name)))
    assert authors == ["Maya", "Otto"], "a letter and a guest's answer; a template that nobody approved stays"
