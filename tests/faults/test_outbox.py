"""A worker that is killed while it sends: each customer is told once, or somebody is shown that they perhaps were."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bpm import feedback, identity
from bpm.app import App
from bpm.feedback import outbound
from bpm.feedback.models import FeedbackItem, OutboundMessage, OutboundStep
from bpm.feedback.outbound import Wish
from bpm.foundation.work import Actor
from tests.faults.conftest import Count
from tests.faults.crew import KILLED, crew
from tests.faults.deaths import SAID, STATEMENT, Death
from tests.mail import fake_server
from tests.mail.conftest import with_server

DEATHS = (Death(SAID), Death(SAID, 2), *(Death(STATEMENT, number) for number in (3, 9, 15, 20, 24, 28)))
AT_ONCE = {"bpm.feedback.outbound.sending:GIVEN_UP_AFTER": timedelta(0)}
MESSAGES = 6


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
                rows = work.session.scalars(select(OutboundMessage)).all()
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
