"""The demo story fills every room with what the product itself did, and leaves without a trace."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bpm import demo, identity
from bpm.app import App, build
from bpm.cli.server.demo_story import tell
from bpm.demo.scenes import files
from bpm.engine import api as engine
from bpm.engine import queries, teamwork
from bpm.engine.models import Failure, ProcessInstance, WorkItem
from bpm.feedback import incidents, web_forms
from bpm.feedback import queries as feedback_queries
from bpm.feedback.classification.kind_trainings import count_corrected
from bpm.feedback.models import (
    Classification,
    Decision,
    FeedbackItem,
    ImportRun,
    IncidentTold,
    ItemTag,
    PlaybookUse,
    Reply,
    ReplyTemplate,
    SurveyInvitation,
)
from bpm.feedback.people.guests import guests_of
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError
from bpm.foundation.settings import Settings
from bpm.foundation.work import Work
from bpm.processes import outside, ownership, perception, routing
from bpm.processes.alarms.models import AlarmLook
from bpm.processes.capacity import get_staffing
from bpm.processes.economics import get_plan
from bpm.processes.lessons import find_lesson
from bpm.processes.models import Artefact, Attribution, CustomerTalk, GuardedTask, TriggerFiring
from bpm.processes.own_ways.models import OwnWay
from bpm.processes.ownership.models import ProcessOwner
from bpm.processes.queries import process_measures
from bpm.processes.reports.models import SavedReport

pytestmark = pytest.mark.both_databases


@pytest.fixture
def told(settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """The story on PostgreSQL as `earshot demo` tells it; on SQLite as `serve --demo` does, after it was broken off."""
    if settings.url.startswith("postgresql"):
        app = build(settings, clock=clock)
        shares: list[float] = []
        demo.load(app, limit=60, progress=shares.append)
        assert shares == sorted(shares)
        assert shares[-1] == 1
    else:
        app = build(settings)
        monkeypatch.setenv("EARSHOT_HOME", str(settings.home))
        demo.begin(app)
        app.stopping.set()
        assert not tell(app.stopping, items=5)
        assert demo.state(app) is demo.State.HALF
        app.stopping.clear()
        demo.begin(app)
        assert tell(app.stopping, items=60)
    yield app
    app.close()


def test_the_story_fills_every_room_and_is_wiped_with_one_command(told: App) -> None:
    app = told
    assert demo.state(app) is demo.State.DEMO
    with app.unit_of_work.reading() as work:
        for table in (FeedbackItem, Classification, Reply, Decision, ProcessInstance, TriggerFiring, Attribution,
                      ProcessOwner, OwnWay, ReplyTemplate, PlaybookUse, ItemTag, Artefact, SavedReport, AlarmLook,
                      CustomerTalk, SurveyInvitation):  # fmt: skip
            assert work.session.scalar(select(func.count()).select_from(table)), table.__name__
        assert set(work.session.scalars(select(WorkItem.status).distinct())) >= {"open", "completed"}
        assert engine.check_invariants(work) == []
        assert queries.list_workers(work) == [], "a worker of the story is left, silent"
        cells = default_layer(work)
        assert cells[0][0] > 0
        assert cells[0][1] != "startEvent", "the picture shows what opens cases, not what customers live through"
        assert [banner.key for banner in identity.list_banners(work)] == ["demo"]
        assert identity.sign_in(work, "ada", demo.PASSWORD) is not None
        outage_is_told(work)
        replies_are_written_for_their_item(work)
        assert get_plan(work).rates
        assert get_staffing(work)
        assert {goal.is_of_one for goal in ownership.list_goals(work)} == {False}
        assert [study.customers for study in perception.list_studies(work)] == [60]
        assert work.session.scalar(select(func.count()).select_from(Failure)), "an operator has something to mend"
        files_and_sources_are_there(work)
        somebody_stands_in(work)

    demo.wipe(app)

    assert demo.state(app) is demo.State.EMPTY


def files_and_sources_are_there(work: Work) -> None:
    """A survey came in but for what nobody could read, a test was undone; a form, sources, a log of elsewhere."""
    survey, test = work.session.scalars(select(ImportRun).where(ImportRun.file_name.in_(files.FILES)).order_by("id"))
    assert (survey.status, survey.new, survey.failed + survey.skipped) == ("done", len(files.SAID), 2)
    assert (test.status, test.new) == ("undone", 2)
    old = select(FeedbackItem.said_at).where(FeedbackItem.import_run_id == survey.id, FeedbackItem.current)
    before = work.now() - timedelta(days=200)
    assert all(said_at is not None and said_at < before for said_at in work.session.scalars(old))
    [form] = web_forms.list_forms(work)
    assert form.held == 1
    assert {row.state for row in feedback_queries.list_connectors(work)} == {"paused"}
    assert all(each.last_item_at for each in feedback_queries.list_source_coverage(work))
    [outside_process] = outside.list_outside(work)
    [run] = outside.list_runs(work, outside_process.id)
    assert (run.new > 100, run.failed) == (True, 1)
    learners = routing.list_learners(work)
    assert [(each.name, each.agreement.hits, each.agreement.n) for each in learners] == [("Sam Service", 2, 3)]
    assert count_corrected(work) == len(files.OVERRULED)


def somebody_stands_in(work: Work) -> None:
    """Omar for Olga, today; Mia speaks with one customer, and with no other."""
    people = {user.username: user.id for user in identity.list_users(work)}
    assert [row.name for row in teamwork.standing_in_for(work, people["omar"])] == ["Olga Operations"]
    talk = work.session.scalar(select(FeedbackItem.conversation_id).where(FeedbackItem.author_name == "Bruno Hop"))
    [guest] = guests_of(work, talk or 0)
    assert (guest.name, guest.answers) == ("Mia Manager", True)


def outage_is_told(work: Work) -> None:
    """Noticed, told by named people who promised the next word, worked round, over, graded, and learnt from."""
    [row] = incidents.list_incidents(work).rows
    found = incidents.get_detail(work, row.id)
    assert found.is_over
    assert {each.author for each in found.updates} == {"Ada Advocate", "Noor Network"}
    assert [each.status for each in found.workarounds] == ["verified"]
    assert find_lesson(work, row.id) is not None
    held = work.session.scalars(select(GuardedTask.reason)).all()
    assert "Nothing is against it any more." in held, "a task waited while the line was down"


def replies_are_written_for_their_item(work: Work) -> None:
    updates = select(IncidentTold.reply_id).where(IncidentTold.reply_id.is_not(None))  # one text for all, meant so
    replies = list(
        work.session.execute(
            select(Reply.text, FeedbackItem.author_name)
            .join_from(Reply, FeedbackItem, Reply.item_id == FeedbackItem.id)
            .where(Reply.id.not_in(updates))
        )
    )
    assert max(Counter(text for text, _ in replies).values()) <= 3
    assert all("Ada Advocate" in text for text, _ in replies)
    assert all(name.split()[0] in text for text, name in replies if name)


def default_layer(work: Work) -> list[tuple[int, str]]:
    """(items, type of element) of the first layer of all processes' pictures, the largest first."""
    until = work.now() + timedelta(days=1)
    found = []
    for row in queries.list_definitions(work):
        assert row.live_version_id is not None
        measured = process_measures(
            work, row.key, version_id=row.live_version_id, since=until - timedelta(days=40), until=until
        )
        found += [(each.items, each.type) for each in measured.elements]
    return sorted(found, reverse=True)


def test_a_database_in_use_is_neither_filled_nor_wiped(app: App) -> None:
    with app.unit_of_work() as work:
        identity.create_user(work, "ada", display_name="", password="correct horse", roles=["admin"], groups=[])
    with pytest.raises(ConflictError):
        demo.load(app)
    with pytest.raises(ConflictError):
        demo.wipe(app)
    with app.unit_of_work.reading() as work:
        assert len(identity.list_users(work)) == 1
