"""A figure of one name is the same on every page, in the API, the commands and reports, whatever happened before."""

import csv
import io
import json
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from bpm import feedback, identity, processes
from bpm.app import App
from bpm.cli.measure import measure
from bpm.engine import api as engine
from bpm.engine.queries import WorkItemFilter, list_work_items
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.measures.rollups import sweep_rollups
from bpm.processes.reports.figures import in_words
from bpm.statistics import share
from tests.processes.conftest import GoLive, Say, advocate, go_live, say, suffer, trigger
from tests.processes.models import CARE
from tests.thoroughness import TIMES
from tests.web.conftest import Browser

__all__ = ["advocate", "go_live", "say", "suffer", "trigger"]
NAMES = ("negative_share", "first_answer", "listening_ratio", "waiting", "complaints_per_100")


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(2 * TIMES))
def test_pages_api_commands_and_reports_tell_the_same_figures(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, suffer: Say, clock: FixedClock, advocate: Actor,
    signed_in: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, seed: int,
) -> None:  # fmt: skip
    version_id, chance = go_live(CARE, "care"), Random(seed)
    trigger()
    clock.advance(timedelta(days=2))
    for number in range(20):
        _something(app, chance, advocate, say, suffer, version_id)
        clock.advance(timedelta(hours=chance.randint(0, 20)))
        if number % 5 == 4:
            sweep_rollups(app.unit_of_work)
    omar = signed_in("omar", "manager")
    measures = "&".join(f"measure={name}" for name in NAMES)

    monkeypatch.setattr("bpm.cli.measure.opened", lambda: app)
    since, until = (clock.now() + timedelta(days=days) for days in (-29, 0))
    given = ["--process", "care", "--by", "activity", "--from", f"{since:%Y-%m-%d}", "--to", f"{until:%Y-%m-%d}"]
    names = [part for name in NAMES for part in ("--measure", name)]
    command = json.loads(CliRunner().invoke(measure, [*given, *names, "--json"]).stdout)
    api = _by_token(app, omar, f"/processes/care/measures?{measures}&by=activity&days=30")
    assert api == command

    whole = {
        row["name"]: row["rows"][0]
        for row in _by_token(app, omar, f"/processes/care/measures?{measures}&days=30")["measures"]
    }
    assert whole["negative_share"]["n"] >= 10
    table = csv.DictReader(
        io.StringIO(omar.get(f"/insights/reports/file.csv?process=care&{measures}&days=30").get_data(as_text=True))
    )
    for line in table:
        row = next(each for name, each in whole.items() if MEASURES[name].title == line["measure"])
        assert (int(line["n"]), line["value"]) == (row["n"], "" if row["value"] is None else str(row["value"]))

    report = omar.get(f"/insights/reports?process=care&{measures}&days=30").get_data(as_text=True)
    for name, row in whole.items():
        assert in_words(row["value"], MEASURES[name]) in report
        assert f"n = {row['n']}" in report
    page = omar.get("/insights/processes/care?days=30").get_data(as_text=True)
    negative, answer, passed = whole["negative_share"], whole["first_answer"], whole["complaints_per_100"]
    lived = sum(
        count for kind, count in whole["listening_ratio"]["kinds"].items() if kind in command["kinds_that_count"]
    )
    assert share(negative["hits"], negative["n"]).verdict in page
    assert f"n = {answer['n']}" in page
    assert [f">{count}<" in page for count in (lived, passed["n"])] == [True, True]
    overview = omar.get("/insights?days=30").get_data(as_text=True)
    assert share(negative["hits"], negative["n"]).verdict in overview
    rows = {
        row["group"]: row
        for row in next(each for each in command["measures"] if each["name"] == "negative_share")["rows"]
    }
    chosen = omar.get("/insights/processes/care?days=30&element=read").get_data(as_text=True)
    assert share(rows["read"]["hits"], rows["read"]["n"]).verdict in chosen


def _something(app: App, chance: Random, advocate: Actor, say: Say, suffer: Say, version_id: int) -> None:
    item = chance.choice((suffer, suffer, say))(
        sentiment=chance.choice((-0.9, -0.2, 0.6)), channel=chance.choice(("email", "social"))
    )
    act = chance.choice(("nothing", "answer", "decide", "link", "complete"))
    with app.unit_of_work(advocate) as work:
        if act == "answer":
            feedback.mark_sent(work, feedback.reply(work, item, "We look into it.").id)
        elif act == "decide":
            feedback.decide(work, item, "do", reason="It is right.")
        elif act == "link":
            processes.attribute(work, item, version_id=version_id, element="mend")
        elif act == "complete":
            row = list_work_items(work, WorkItemFilter()).rows[0]
            if row.assignee_id is None:
                engine.claim(work, row.id)
            engine.complete(work, row.id, {})


def _by_token(app: App, browser: Browser, path: str) -> dict[str, Any]:
    with app.unit_of_work.reading() as work:
        user = identity.find_user(work, "omar")
        assert user is not None
        actor = identity.actor_of(user)
    with app.unit_of_work(actor) as work:
        _id, token = identity.make_api_token(work, f"Figures {path[-9:]}", ("insights.see",), service=False)
    answer = browser.client.application.test_client().get(
        f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found
