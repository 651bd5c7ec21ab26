"""Three want each of a hundred work items: one wins, the others are told who was first and when."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bpm import feedback, processes
from bpm.app import App
from bpm.feedback.channels import webhook
from bpm.feedback.models import FeedbackItem
from bpm.processes.models import TriggerFiring
from tests.engine.models import ONE_TASK, go_live
from tests.faults.conftest import Count
from tests.faults.crew import Crew
from tests.faults.world import broken, completed_steps, open_items, start_many, statuses
from tests.web.conftest import Browser, signed_in, web
from web import create_app

pytestmark = pytest.mark.both_databases
__all__ = ["signed_in", "web"]

TRIES = 10
"""Of one delivery, before it counts as refused."""
ITEMS = 100
WHO_AND_WHEN = re.compile(r"(Ann|Bob|Cleo|Earshot|You) completed this work item at 2026-03-02 09:00:00 UTC\.")


def test_of_300_completions_in_browsers_100_win_and_200_read_who_was_first(
    app: App, web: Flask, signed_in: Callable[..., Browser], count: Count
) -> None:
    go_live(app, ONE_TASK)
    instances = start_many(app, "one", ITEMS)
    items = open_items(app)
    people = [signed_in(name, "operator", "staff") for name in ("ann", "bob", "cleo")]

    def click(browser: Browser) -> list[tuple[int, str]]:
        client: FlaskClient = browser.client
        sent = {"csrf_token": browser.token(), "free values": ""}
        answers = [client.post(f"/tasks/{item}/completion", data=sent) for item in items]
        return [(answer.status_code, unescape(answer.get_data(as_text=True))) for answer in answers]

    with ThreadPoolExecutor(3) as pool:
        answers = [answer for each in pool.map(click, people) for answer in each]
    won = [text for status, text in answers if status == 303]
    told = [text for status, text in answers if status == 409 and WHO_AND_WHEN.search(text)]
    count(tried=len(answers), won=len(won), told_who_was_first=len(told))
    assert (len(won), len(told)) == (ITEMS, 2 * ITEMS)
    assert completed_steps(app) == dict.fromkeys(instances, 1)
    assert statuses(app) == {"completed": ITEMS}
    assert broken(app) == []


def test_of_300_completions_by_processes_100_win_and_200_read_who_was_first(
    live_app: App, staff: Crew, tmp_path: Path, count: Count
) -> None:
    go_live(live_app, ONE_TASK)
    instances = start_many(live_app, "one", ITEMS)
    items = open_items(live_app)
    span = f"{items[0]} {items[-1]}"
    rivals = [staff.start(f"complete {span} {tmp_path / f'rival-{number}'}") for number in range(3)]
    for rival in rivals:
        rival.join(60)
        assert rival.exitcode == 0, staff.said()
    lines = [json.loads(line) for path in tmp_path.glob("rival-*") for line in path.read_text().splitlines()]
    won = [item for item, said in lines if said == "won"]
    told = [item for item, said in lines if re.match(r"Earshot completed this work item at \d{4}-.* UTC\.", said)]
    count(tried=len(lines), won=len(won), told_who_was_first=len(told))
    assert sorted(won) == items
    assert len(told) == 2 * ITEMS
    assert completed_steps(live_app) == dict.fromkeys(instances, 1)
    assert broken(live_app) == []


def test_500_deliveries_of_100_webhooks_start_100_instances(live_app: App, staff: Crew, count: Count) -> None:
    go_live(live_app, ONE_TASK)
    with live_app.unit_of_work() as work:
        hook = feedback.save_webhook(work, "Help desk", channel="chat")
        wanted = processes.TriggerDraft(definition_key="one", conditions=processes.Conditions(kinds=("complaint",)))
        processes.switch_on(work, processes.save_trigger(work, wanted).id)
    web = create_app(live_app)

    def deliver(number: int) -> list[int]:
        """Each in an order of its own, as retries come."""
        return [_post(live_app, web, hook, item) for item in random.Random(number).sample(range(ITEMS), ITEMS)]

    readers = [staff.start("sweep classification") for _ in range(2)]
    with ThreadPoolExecutor(5) as pool:
        statuses_seen = Counter(status for each in pool.map(deliver, range(5)) for status in each)
    for reader in [*readers, staff.start("sweep classification")]:
        reader.join(60)
        assert reader.exitcode == 0, staff.said()
    with live_app.unit_of_work.reading() as work:
        items = work.session.scalar(select(func.count()).select_from(FeedbackItem))
        firings = Counter(work.session.scalars(select(TriggerFiring.outcome)))
    count(delivered=sum(statuses_seen.values()), items=items or 0, instances=statuses(live_app)["active"])
    assert statuses_seen == {202: 5 * ITEMS}
    assert items == ITEMS
    assert firings == {"started": ITEMS}
    assert statuses(live_app) == {"active": ITEMS}
    assert broken(live_app) == []


def _post(app: App, web: Flask, hook: feedback.NewWebhook, item: int) -> int:
    """What the delivery was answered in the end: one that found the database busy comes again, as senders do."""
    for _again in range(TRIES):
        status = _post_once(app, web, hook, item)
        if status != HTTPStatus.SERVICE_UNAVAILABLE:
            break
    return status


def _post_once(app: App, web: Flask, hook: feedback.NewWebhook, item: int) -> int:
    body = json.dumps({"id": f"e{item}", "text": "My parcel never came.", "author_email": f"c{item}@example.org"})
    timestamp = str(int(app.clock.now().timestamp()))
    headers = {
        "X-Earshot-Timestamp": timestamp,
        "X-Earshot-Signature": webhook.sign(hook.secret, timestamp, body.encode()),
    }
    return web.test_client().post(f"/api/webhooks/{hook.key}", data=body.encode(), headers=headers).status_code
