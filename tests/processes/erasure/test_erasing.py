"""An erased customer leaves no word in any table or file, and no count, chart or verdict changes."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import pytest
import zstandard
from sqlalchemy import func, select, text

from bpm import attachments, audit, feedback, identity, search
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine import teamwork
from bpm.engine.models import ProcessInstance, WorkItem
from bpm.feedback import queries
from bpm.feedback.models import Customer, FeedbackItem
from bpm.foundation.db import Base
from bpm.foundation.errors import ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.work import Actor
from bpm.processes.erasure import erase_person, export_person, preview_erasure, write_over
from bpm.processes.erasure.register import declared_twice, undeclared
from bpm.processes.measures import listening, performance
from bpm.wiring import SEARCHED
from tests.feedback.privacy.test_items import take_in
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

MARKER = "zquuxmarker"
PHONE = "+49 30 55512377"
WORDS = f"My {MARKER} lamp arrived broken, ring me on {PHONE}."

Period = tuple[datetime, datetime]


def test_every_column_of_the_schema_is_erased_or_free_of_customers() -> None:
    assert undeclared() == []
    assert declared_twice() == []


@dataclass(frozen=True)
class Story:
    """A customer with everything that can hang on one, and another customer beside."""

    customer: int
    item: int
    other_item: int
    case: int
    task: int
    maya: Actor


@pytest.fixture
def story(app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, advocate: Actor) -> Story:
    version = go_live(CARE, "care")
    trigger()
    item = say(WORDS, author_name=f"Ada {MARKER.title()}", author_email=f"{MARKER}@example.org", natural_key="mail-ada")
    other = say("The lamp arrived broken, too. Nobody answers.", author_name="Ben Okafor")
    with app.unit_of_work(advocate) as work:
        case, task = _case_of(work, item)
        engine.claim(work, task)
        teamwork.write_comment(work, task, f"Spoke with Ada about the {MARKER}.")
        attachments.attach(work, attachments.Place("case", case, task), f"{MARKER}.txt", io.BytesIO(MARKER.encode()))
        feedback.reply(work, item, f"Dear Ada, your {MARKER} is on its way.")
        identity.save_view(work, "inbox", name=f"About {MARKER}", query=f"text={MARKER}")
    with app.unit_of_work() as work:
        engine.set_variables(
            work,
            case,
            {"checked": {"note": f"{MARKER} seen", "kind": "complaint", "amount": 3}},
            reason=f"{MARKER} was seen.",
        )
        audit.record(work, "batch.start", audit.Thing("batch", 1, f"All of {MARKER}"), reason=f"{MARKER}")
    take_in(app, f'{{"text": "", "author_name": "Ada {MARKER}"}}\n'.encode(), name=f"{MARKER}.jsonl")
    assert version
    search.sweep_waiting(app.unit_of_work, SEARCHED)
    with app.unit_of_work.reading() as work:
        customer = work.session.scalars(select(FeedbackItem.customer_id).where(FeedbackItem.id == item)).one()
    return Story(customer or 0, item, other, case, task, advocate)


def _case_of(work: Any, item: int) -> tuple[int, int]:
    from bpm.processes.models import TriggerFiring

    case = work.session.scalars(select(TriggerFiring.instance_id).where(TriggerFiring.item_id == item)).one()
    return case, work.session.scalars(select(WorkItem.id).where(WorkItem.instance_id == case)).one()


def held(app: App) -> str:
    """All that the tables hold, packed state opened, in small letters."""
    states = select(ProcessInstance.state).where(ProcessInstance.state.is_not(None))
    with app.database.connect() as connection:
        found = [
            f"{table.name} {row}" for table in Base.metadata.sorted_tables for row in connection.execute(select(table))
        ]
        words = "search_words" if app.database.dialect.name == "sqlite" else "search_document"
        found += [str(row) for row in connection.execute(text(f"SELECT * FROM {words}"))]
        found += [zstandard.decompress(state).decode() for state in connection.execute(states).scalars()]
    return "\n".join(found).casefold()


def erase(app: App, customer: int, reason: str = "They asked us to.") -> dict[str, int]:
    with app.unit_of_work() as work:
        went = dict(erase_person(work, customer, reason=reason, backups=["backup-1.db"]).went)
    write_over(app.database, app.unit_of_work)
    search.sweep_waiting(app.unit_of_work, SEARCHED)
    return went


def figures(app: App, month: Period) -> bytes:
    """What charts and lists are drawn from."""
    since, until = month
    with app.unit_of_work.reading() as work:
        version = engine_queries.list_versions(work, "care")[0].id
        rows = {
            table.name: work.session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name not in ("raw_record", "attachment_piece", "erasure") and not table.name.startswith("audit_")
        }
        told = {
            "rows": rows,
            "weeks": listening.follow_up_by_week(work, weeks=4),
            "coverage": listening.coverage(work, ["email", "chat"], since=since, until=until),
            "measures": performance.process_measures(work, "care", version_id=version, since=since, until=until),
            "kinds": [(row.id, row.primary, row.topic, row.said_at) for row in _listed(work)],
        }
    return orjson.dumps(told, default=str, option=orjson.OPT_NON_STR_KEYS)


def _listed(work: Any) -> Any:
    return queries.list_items(work, queries.ItemFilter()).rows


@pytest.mark.both_databases
def test_nothing_that_tells_of_an_erased_person_is_left_and_no_figure_changes(
    app: App, story: Story, month: Period
) -> None:
    assert MARKER in held(app)
    before = figures(app, month)
    went = erase(app, story.customer)
    left = held(app)
    assert [line for line in left.split("\n") if MARKER in line] == []
    assert "55512377" not in left
    assert figures(app, month) == before
    assert (went["items"], went["cases"], went["comments"], went["raw records"]) == (1, 1, 1, 1)
    with app.unit_of_work.reading() as work:
        assert queries.get_item(work, story.other_item).row.text == "The lamp arrived broken, too. Nobody answers."
        assert queries.get_item(work, story.item).row.primary == "complaint"


@pytest.mark.both_databases
def test_the_audit_trail_is_whole_and_says_who_erased_and_why(app: App, story: Story) -> None:
    erase(app, story.customer, reason=f"Ada {MARKER} asked us to.")
    audit.seal_all(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert audit.verify(work).broken == []
        last = audit.list_rows(work, audit.Filters(verb="customer.erase")).rows
    assert [(row.object_id, MARKER in row.reason) for row in last] == [(str(story.customer), False)]


@pytest.mark.both_databases
def test_a_running_case_goes_on_with_what_is_left(app: App, story: Story) -> None:
    erase(app, story.customer)
    with app.unit_of_work(story.maya) as work:
        variables = engine_queries.get_instance(work, story.case).variables
        assert (variables["item_id"], variables["text"]) == (story.item, "[erased]")
        assert variables["checked"] == {"note": "[erased]", "kind": "complaint", "amount": 3}
        engine.complete(work, story.task, {"done": True})
    with app.unit_of_work.reading() as work:
        assert engine_queries.get_instance(work, story.case).variables["done"] is True
        assert work.session.scalars(select(WorkItem.name).order_by(WorkItem.id.desc())).first() == "Mend what broke"


def test_no_file_of_the_home_holds_an_erased_word(app: App, story: Story) -> None:
    erase(app, story.customer)
    for path in app.settings.home.rglob("*"):
        if path.is_file():
            assert MARKER.encode() not in path.read_bytes().lower(), path.name


def test_what_comes_again_from_the_same_address_is_somebody_new(app: App, story: Story, say: Say) -> None:
    erase(app, story.customer)
    again = say("It is me again.", author_email=f"{MARKER}@example.org", natural_key="mail-ada")
    with app.unit_of_work.reading() as work:
        row = queries.get_item(work, again).row
        assert row.customer_id not in (None, story.customer)
        assert work.session.get_one(Customer, story.customer).name == ""


def test_erasing_needs_the_right_a_reason_and_somebody(app: App, story: Story) -> None:
    with app.unit_of_work(story.maya) as work, pytest.raises(ForbiddenError):
        erase_person(work, story.customer, reason="Curious.", backups=[])
    with app.unit_of_work() as work, pytest.raises(InvalidInputError):
        erase_person(work, story.customer, reason=" ", backups=[])
    with app.unit_of_work() as work, pytest.raises(NotFoundError):
        preview_erasure(work, 99_999)
    assert MARKER in held(app)


@pytest.mark.both_databases
def test_a_person_is_handed_out_whole_with_what_is_masked_elsewhere(app: App, story: Story) -> None:
    with app.unit_of_work() as work:
        told = export_person(work, story.customer, reason="They asked for it.")
    written = json.dumps(told, default=str)
    for words in (PHONE, f"{MARKER}@example.org", f"your {MARKER} is on its way", f"Spoke with Ada about the {MARKER}"):
        assert words in written
    assert "Ben Okafor" not in written
    assert told["records"][story.item]["text"] == WORDS
