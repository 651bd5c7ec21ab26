"""The web process dies between commit and answer: the browser sends the form again, and it took effect once."""

from pathlib import Path

import pytest

from bpm.app import App
from tests.engine.models import ONE_TASK, go_live
from tests.faults.browsing import NoAnswer, free_port, hire, opened
from tests.faults.conftest import Count
from tests.faults.crew import KILLED, Crew, crew
from tests.faults.deaths import ANSWER, Death
from tests.faults.world import broken, completed_steps, open_items, start_many, statuses

pytestmark = pytest.mark.both_databases


def test_what_was_committed_before_the_web_process_died_is_told_to_who_asks_again(
    live_app: App, staff: Crew, count: Count
) -> None:
    hire(live_app, "ann")
    go_live(live_app, ONE_TASK)
    (first,) = start_many(live_app, "one", 1)
    (item,) = open_items(live_app)
    port = free_port()
    completion = (f"/tasks/{item}/completion", {"free values": "read = true"})

    ann = opened(staff, port, death=Death(ANSWER)).sign_in("ann")
    with pytest.raises(NoAnswer):
        ann.ask(*completion)
    staff.members[-1].join(10)
    assert staff.members[-1].exitcode == KILLED

    opened(staff, port, death=Death(ANSWER))
    again = ann.ask(*completion)
    assert again.status == 409
    assert "You completed this work item at 20" in again.text
    assert "Nothing that you entered was applied" in again.text

    page = ann.ask("/processes/one/start").text
    word = page.split('name="command_key" value="')[1].split('"')[0]
    start = ("/processes/one/start", {"command_key": word, "free values": "", "business_key": "B-1"})
    with pytest.raises(NoAnswer):
        ann.ask(*start)
    staff.members[-1].join(10)

    opened(staff, port)
    made = ann.ask(*start)
    assert made.status == 303
    assert "taken at" in ann.ask(made.location).text
    assert completed_steps(live_app) == {first: 1}
    assert statuses(live_app) == {"completed": 1, "active": 1}
    assert broken(live_app) == []
    count(killed=2, lost=0, doubled=0)


def test_one_of_several_web_processes_dies_and_another_one_knows_what_it_did(
    live_app: App, tmp_path: Path, environment: dict[str, str], count: Count
) -> None:
    hire(live_app, "ann")
    go_live(live_app, ONE_TASK)
    instances = start_many(live_app, "one", 3)
    port = free_port()
    with crew(tmp_path, {**environment, "EARSHOT_WEB_PROCESSES": "2"}) as staff:
        ann = opened(staff, port, death=Death(ANSWER)).sign_in("ann")
        unanswered = 0
        for item in open_items(live_app):
            completion = (f"/tasks/{item}/completion", {"free values": ""})
            with pytest.raises(NoAnswer):
                ann.ask(*completion)
            unanswered += 1
            again = ann.until_answered(*completion)
            assert (again.status, "You completed this work item at" in again.text) == (409, True)
        (parent,) = staff.members
        assert parent.is_alive()
        assert staff.stop(parent) == 0, staff.said()
    count(killed=unanswered, lost=0, doubled=0)
    assert completed_steps(live_app) == dict.fromkeys(instances, 1)
    assert broken(live_app) == []
