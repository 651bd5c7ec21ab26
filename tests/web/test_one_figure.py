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
from sqlalchemy import select

from bpm import feedback, identity, processes
from bpm.app import App
from bpm.cli.measure import measure
from bpm.engine import api as engine
from bpm.engine.queries import WorkItemFilter, list_work_items
from bpm.feedback.models import Classification
from bpm.feedback.tones import NEGATIVE
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor, Work
from bpm.processes.alarms.reading import gather as watch
from bpm.processes.alarms.series import Subject
from bpm.processes.alarms.status import Watched
from bpm.processes.attribution import LIVED
from bpm.processes.attribution.links import current_links
from bpm.processes.measures.asking import Question, ask
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.measures.listening import end_of_day
from bpm.processes.measures.rollups import sweep_rollups
from bpm.processes.reports.figures import in_words
from bpm.processes.verdicts import arms
from bpm.processes.verdicts.gathering import gather
from bpm.processes.verdicts.outcomes import outcome
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


@pytest.mark.proof(examples=TIMES)
@pytest.mark.parametrize("seed", range(TIMES))
def test_measures_verdicts_alarms_and_lists_agree_on_what_is_negative_and_what_a_complaint(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, suffer: Say, clock: FixedClock, advocate: Actor,
    seed: int,
) -> None:  # fmt: skip
    version_id, chance, start = go_live(CARE, "care"), Random(seed), clock.now()
    trigger()
    for _each in range(24):
        item = chance.choice((suffer, suffer, say))(
            sentiment=chance.choice((-0.9, NEGATIVE, NEGATIVE + 1e-9, 0.0, 0.6)),
            primary=chance.choice(("complaint", "complaint", "question")), abstained=chance.random() < 0.2,
        )  # fmt: skip
        if chance.random() < 0.2:
            with app.unit_of_work(advocate) as work:
                feedback.correct(work, item, sentiment=chance.choice((-0.6, 0.4)), primary="complaint")
        clock.advance(timedelta(hours=chance.randint(1, 30)))
        if chance.random() < 0.2:
            sweep_rollups(app.unit_of_work)

    until = clock.now()
    with app.unit_of_work.reading() as work:
        asked = {
            name: ask(work, Question("care", name, since=end_of_day(start) - timedelta(days=1)))[0]
            for name in ("negative_share", "complaints_per_100")
        }
        cases = arms.history(work, version_id, since=start, until=until)
        lived = gather(work, cases, ("negative_share",))
        watched = {
            each: [
                row
                for rows in watch(work, until=until.date(), only=Subject(each, "care")).series.values()
                for row in rows
            ]
            for each in (Watched.NEGATIVE, Watched.COMPLAINTS)
        }
        negative = feedback.queries.list_items(work, feedback.queries.ItemFilter(sentiment="negative"), limit=200).rows
        linked = {item.id for item in negative if lives(work, item.id)}

    words = [each for case in cases for each in lived.words[case.instance_id]]
    hits = asked["negative_share"].hits
    assert hits == sum(each.negative for each in words) == sum(row.value for row in watched[Watched.NEGATIVE])
    assert hits == len(linked) > 0
    assert asked["negative_share"].n == sum(row.n for row in watched[Watched.NEGATIVE])
    whole = timedelta(days=90)
    per_case = [outcome("complaints_per_100", lived.lived(case), whole) for case in cases]
    assert asked["complaints_per_100"].value == pytest.approx(100 * sum(per_case) / len(cases))
    of_alarm = watched[Watched.COMPLAINTS]
    assert (sum(row.value for row in of_alarm), sum(row.n for row in of_alarm)) == (sum(per_case), len(cases))


def lives(work: Work, item_id: int) -> bool:
    """Whether it counts in a figure: read by somebody who was sure, and linked to what a customer lived through."""
    read = work.session.scalars(
        select(Classification).where(Classification.item_id == item_id, Classification.current)
    ).one()
    return not read.abstained and any(link.kind in LIVED for link in current_links(work, item_id))


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
