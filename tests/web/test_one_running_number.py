"""What the pages and commands call running, ended, failed or standing still is the same everywhere."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from bpm.app import App
from bpm.cli.database import LOOKS
from bpm.cli.operate import operate
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.engine.queries import WorkItemFilter, get_instance, list_stalled, list_work_items
from bpm.engine.status import ENDED, RUNNING
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Work
from tests.web.conftest import REFUND, Browser, put_live, start_refund

SHAKY = REFUND.replace(b"${approved == true}", b"${verdict}")
"""Fails at its gateway unless `verdict` is true or false."""


def acts(chance: Random) -> Callable[[Work, int], object]:
    """What can become of an instance."""
    return chance.choice(
        [
            lambda work, instance: None,
            lambda work, instance: engine.suspend(work, instance, reason="Wait."),
            lambda work, instance: engine.cancel(work, instance, reason="Enough."),
            lambda work, instance: _complete(work, instance),
            lambda work, instance: _complete(work, instance, verdict=True),
            lambda work, instance: _complete(work, instance, verdict=False, times=2),
        ]
    )


def _complete(work: Work, instance: int, *, verdict: bool | None = None, times: int = 1) -> None:
    if verdict is not None:
        engine.set_variables(work, instance, {"verdict": verdict}, reason="So it was decided.")
    for _ in range(times):
        [item] = [each for each in list_work_items(work, WorkItemFilter()).rows if each.instance_id == instance]
        engine.complete(work, item.id, {"amount": 5} if item.element == "check" else {})
        work.session.flush()


@pytest.mark.parametrize("seed", range(3))
def test_pages_count_the_same_instances_over_random_histories(
    app: App, clock: FixedClock, signed_in: Callable[..., Browser], seed: int
) -> None:
    chance, cases = Random(seed), {}
    for number in (1, 2):
        version_id = put_live(app, SHAKY if number == 1 else SHAKY.replace(b"Paid", b"Paid out"))
        for each in range(9):
            instance = start_refund(app, f"{number}-{each}")
            cases[instance] = number, version_id
            with app.unit_of_work() as work:
                acts(chance)(work, instance)
            clock.advance(timedelta(hours=chance.randint(0, 9)))
    with app.unit_of_work.reading() as work:
        status = {instance: get_instance(work, instance).row.status for instance in cases}
    assert {"active", "failed", "suspended"} <= set(status.values())
    browser = signed_in("olga", "operator", "designer", "manager")
    process = text(browser, "/processes/refund")
    batches = text(browser, "/operations/batches")
    for number, version_id in set(cases.values()):
        mine = Counter(status[each] for each, case in cases.items() if case == (number, version_id))
        running = {each for each, case in cases.items() if case[0] == number and status[each] in RUNNING}
        assert instances(browser, number, "running") == running
        assert f'of={number}&amp;status=running">{len(running)} running' in process
        chosen = re.findall(rf'version_id={version_id}&amp;status=(\w+)">(\d+) ', batches)
        shown = {word: int(count) for word, count in chosen}
        assert shown == {word: count for word, count in mine.items() if word in RUNNING}
        for word in mine:
            assert len(instances(browser, number, word)) == mine[word]
        ended = sum(len(instances(browser, number, word)) for word in ENDED)
        assert ended + len(running) == len(instances(browser, number, "all"))
    older = sum(number == 1 and status[each] in RUNNING for each, (number, _) in cases.items())
    assert f"{older} running on version 1" in text(browser, "/processes/refund/migration")


def text(browser: Browser, url: str) -> str:
    return browser.get(url).get_data(as_text=True)


def instances(browser: Browser, number: int, status: str) -> set[int]:
    """The instances that the list leads to."""
    page = text(browser, f"/processes/refund/cases?of={number}&status={status}")
    return {int(each) for each in re.findall(r'href="/instances/(\d+)"', page)}


@pytest.mark.parametrize("seed", range(2))
def test_doctor_operations_and_the_command_name_the_same_that_stand_still(
    app: App, clock: FixedClock, signed_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance, cases = Random(seed), []
    put_live(app, SHAKY)
    for each in range(9):
        cases.append(start_refund(app, str(each)))
        with app.unit_of_work() as work:
            if each < 2:
                work.session.execute(delete(WorkItem).where(WorkItem.instance_id == cases[-1]))
            else:
                acts(chance)(work, cases[-1])
    clock.advance(timedelta(days=30))
    with app.unit_of_work.reading() as work:
        standing = Counter((each.kind, each.instance_id) for each in list_stalled(work))
    assert {kind for kind, _ in standing} >= {"stuck", "unstaffed"}
    page = text(signed_in("olga", "operator"), "/operations").split('id="standing"')[1].split("</section>")[0]
    assert [int(each) for each in re.findall(r'href="/instances/(\d+)"', page)] == [each for _, each in standing]
    monkeypatch.setattr("bpm.cli.operate.opened", lambda: app)
    told = json.loads(CliRunner().invoke(operate, ["failures", "--json"]).stdout)["standstills"]
    assert Counter((each["kind"], each["instance_id"]) for each in told) == standing
    assert dict(LOOKS)["what stands still"](app).startswith(f"{standing.total()} stand still.")
