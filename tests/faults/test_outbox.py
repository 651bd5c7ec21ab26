"""A worker that is killed while it sends: each customer is told once, or somebody is shown that they perhaps were."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from bpm import feedback, identity
from bpm.app import App, build
from bpm.feedback import connectors, outbound
from bpm.feedback.models import FeedbackItem, OutboundMessage, OutboundStep
from bpm.feedback.outbound import Wish
from bpm.foundation.work import Actor
from tests.faults.conftest import Count
from tests.faults.crew import KILLED, crew
from tests.faults.deaths import SAID, STATEMENT, Death
from tests.feedback.connectors.conftest import FakeSystem, other_side
from tests.feedback.connectors.test_mastodon import mention
from tests.mail import fake_server
from tests.mail.conftest import with_server

DEATHS = (Death(SAID), Death(SAID, 2), *(Death(STATEMENT, number) for number in (3, 9, 15, 20, 24, 28)))
AT_ONCE = {"bpm.feedback.outbound.sending:GIVEN_UP_AFTER": timedelta(0)}
MESSAGES = 6

__all__ = ["other_side"]  # a fixture


def _write(app: App) -> Actor:
    with app.unit_of_work() as work:
        person = identity.create_user(
            work, "maya", display_name="Maya", password="long enough now", roles=["advocate"], groups=[]
        )
        advocate = identity.actor_of(person)
    for number in range(MESSAGES):
        with app.unit_of_work(advocate) as work:
            raw = feedback.RawItem("email", "box", "Where is it?", author_email=f"jo{number}@customer.example")
            item = feedback.receive(work, raw).item_id
            outbound.send(work, Wish(item, f"Parcel {number} left today.", at_once=True))
    return advocate


def test_a_worker_killed_between_sending_and_recording_leaves_nobody_told_twice(
    live_app: App, tmp_path: Path, environment: dict[str, str], count: Count
) -> None:
    with fake_server.running() as box:
        post = {
            "EARSHOT_SMTP_HOST": "127.0.0.1", "EARSHOT_SMTP_PORT": str(box.port), "EARSHOT_SMTP_TLS": "none",
            "EARSHOT_SMTP_FROM": "Shop <post@shop.example>", "EARSHOT_QUIET_HOURS": "",
        }  # fmt: skip

        app = with_server(live_app, box.port, smtp_from="Shop <post@shop.example>", quiet_hours="")
        advocate = _write(app)
        with crew(tmp_path, {**environment, **post}) as staff:
            ends = [staff.run("outbox", death=death, constants=AT_ONCE) for death in DEATHS]
            assert staff.run("outbox", constants=AT_ONCE) == 0
            killed = ends.count(KILLED)
            assert killed >= 3
            told = [str(mail["To"]) for mail in box.mails()]
            assert len(told) == len(set(told)), "nobody is told twice"
            with app.unit_of_work.reading() as work:
                columns = (OutboundMessage.id, OutboundMessage.to_address, OutboundMessage.state)
                rows = work.session.execute(select(*columns, OutboundMessage.item_id)).all()
                states = {row.to_address: str(row.state) for row in rows}
                answered = set(
                    work.session.scalars(select(FeedbackItem.id).where(FeedbackItem.answered_at.is_not(None)))
                )
                steps = work.session.scalars(select(OutboundStep.why).where(OutboundStep.state == "perhaps_sent")).all()
            assert set(states.values()) <= {"sent", "perhaps_sent"}
            assert {to for to, state in states.items() if state == "sent"} <= set(told)
            assert answered == {row.item_id for row in rows if row.state == "sent"}
            unsure = [row for row in rows if row.state == "perhaps_sent"]
            assert len(steps) == len(unsure) >= 2
            for row in unsure:
                with app.unit_of_work(advocate) as work:
                    outbound.send_again(work, row.id)
            assert staff.run("outbox", constants=AT_ONCE) == 0
            ids = {
                str(mail["To"]): {str(each["Message-ID"]) for each in box.mails() if each["To"] == mail["To"]}
                for mail in box.mails()
            }
            assert all(len(each) == 1 for each in ids.values()), "a second try carries the same Message-ID"
            assert set(ids) == set(states)
    count(killed=killed, messages=MESSAGES, told_by_themselves=len(told), perhaps=len(unsure))


STATUSES = 5


class Server:
    """A Mastodon server as recorded: keeps each status that is posted; its own list can be out of reach."""

    def __init__(self, system: FakeSystem) -> None:
        self.system, self.posted, self.lists = system, list[tuple[str, dict[str, Any]]](), True

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(path)
        if parts.path == "/api/v1/statuses":
            self.posted.append((self.system.asked[-1][1]["idempotency-key"], json.loads(parts.fragment)))
            return 200, {}, json.dumps(self._status(len(self.posted) - 1)).encode()
        if parts.path == "/api/v1/accounts/7/statuses":
            if not self.lists:
                return 503, {}, b"{}"
            return 200, {}, json.dumps([self._status(place) for place in range(len(self.posted))]).encode()
        if parts.path == "/api/v1/notifications":
            rows = [mention(number, "@shop where is it?", f"ann{number}") for number in range(1, STATUSES + 1)]
            return 200, {}, json.dumps(rows if "min_id" not in parts.query else []).encode()
        return 200, {}, json.dumps({"id": "7", "acct": "shop"}).encode()

    def _status(self, place: int) -> dict[str, Any]:
        said = self.posted[place][1]
        number = 900 + place
        return {
            "id": str(number), "uri": f"https://social.example/statuses/{number}",
            "url": f"https://social.example/@shop/{number}", "in_reply_to_id": said["in_reply_to_id"],
            "content": f"<p>{said['status']}</p>",
        }  # fmt: skip


def test_a_worker_killed_on_a_channel_that_can_be_searched_tells_once_and_knows_it(
    live_app: App, tmp_path: Path, environment: dict[str, str], other_side: FakeSystem, count: Count
) -> None:
    server = Server(other_side)
    other_side.on_ask = server.answer
    given = {"outbound_allowed": ("127.0.0.1",), "quiet_hours": ""}
    app = build(live_app.settings.model_copy(update=given), clock=live_app.clock)
    with app.unit_of_work() as work:
        person = identity.create_user(
            work, "maya", display_name="Maya", password="long enough now", roles=["advocate"], groups=[]
        )
        advocate = identity.actor_of(person)
        way = {"name": "Shop", "server": other_side.address, "token": "planted-9"}
        connectors.make_connector(work, "mastodon", way)
    connectors.sweep_connectors(app.unit_of_work)
    with app.unit_of_work(advocate) as work:
        items = list(work.session.scalars(select(FeedbackItem.id).order_by(FeedbackItem.id)))
        assert len(items) == STATUSES
        for number, item in enumerate(items):
            outbound.send(
                work, Wish(item, f"Parcel {number} left our depot today.", at_once=True, confirmed=outbound.WARNINGS)
            )

    def states() -> Counter[str]:
        with app.unit_of_work.reading() as work:
            return Counter(str(state) for state in work.session.scalars(select(OutboundMessage.state)))

    reach = {**environment, "EARSHOT_OUTBOUND_ALLOWED": "127.0.0.1", "EARSHOT_QUIET_HOURS": ""}
    with crew(tmp_path, reach) as staff:
        ends = [staff.run("outbox", death=Death(SAID, number), constants=AT_ONCE) for number in (1, 2)]
        server.lists = False
        ends.append(staff.run("outbox", death=Death(SAID), constants=AT_ONCE))
        assert ends.count(KILLED) == 3
        assert staff.run("outbox", constants=AT_ONCE) == 0
        unsure = states()["perhaps_sent"]
        assert unsure >= 1, "what nobody can look up is shown as perhaps sent"
        told = Counter(status["status"] for _key, status in server.posted)
        assert set(told.values()) == {1}, "nobody is told twice"
        server.lists = True
        with app.unit_of_work(advocate) as work:
            query = select(OutboundMessage).where(OutboundMessage.state == "perhaps_sent")
            for row in work.session.scalars(query).all():
                outbound.send_again(work, row.id)
        assert staff.run("outbox", constants=AT_ONCE) == 0
        assert states() == {"sent": STATUSES}
        keys: dict[str, set[str]] = {}
        for key, status in server.posted:
            keys.setdefault(status["status"], set()).add(key)
        assert len(keys) == STATUSES
        assert all(len(each) == 1 for each in keys.values()), "a second try is the same status to the server"
    count(killed=ends.count(KILLED), statuses=STATUSES, perhaps=unsure)
