"""Connections are asked when they are due; nothing is lost, doubled or silent, whatever the other side does."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import connectors, queries, undo_import
from bpm.feedback.connectors import polling
from bpm.feedback.models import FeedbackItem, ImportRun
from bpm.feedback.queries import ConnectorRow
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError
from bpm.secrets import Secret
from tests.feedback.connectors.conftest import FakeSystem

pytestmark = pytest.mark.both_databases


def reviews(*texts: str) -> bytes:
    """What a shop's interface might answer."""
    return json.dumps(
        {
            "items": [
                {"id": f"r{n}", "text": text, "created_at": "2026-03-01T10:00:00Z"} for n, text in enumerate(texts, 1)
            ]
        }
    ).encode()


def state_of(app: App, connector_id: int) -> ConnectorRow:
    with app.unit_of_work.reading() as work:
        return queries.find_connector(work, connector_id)


def texts(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        found = select(FeedbackItem.text).where(FeedbackItem.current).order_by(FeedbackItem.id)
        return list(work.session.scalars(found))


def test_what_is_new_comes_in_and_the_next_poll_waits_its_time(
    app: App, clock: FixedClock, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    other_side.says(reviews("The parcel never came.", "Lovely shop."))
    shop = connect("address", address=f"{other_side.address}/reviews.json", every="3600")
    assert connectors.sweep_connectors(app.unit_of_work) == 1
    assert texts(app) == ["The parcel never came.", "Lovely shop."]
    row = state_of(app, shop)
    assert (row.state, row.last_success_at, row.next_at) == ("working", clock.now(), clock.now() + timedelta(hours=1))
    assert connectors.sweep_connectors(app.unit_of_work) == 0
    other_side.says(reviews("The parcel never came.", "Lovely shop.", "Where is my refund?"))
    clock.advance(timedelta(hours=1))
    connectors.sweep_connectors(app.unit_of_work)
    assert texts(app) == ["The parcel never came.", "Lovely shop.", "Where is my refund?"]


def test_one_run_a_day_holds_what_a_source_brought_and_can_be_undone(
    app: App, clock: FixedClock, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    shop = connect("address", address=other_side.address, format="json", every="300")
    for said in (["One parcel is late."], ["One parcel is late.", "Two parcels are late."]):
        other_side.says(reviews(*said))
        connectors.sweep_connectors(app.unit_of_work)
        clock.advance(timedelta(minutes=5))
    with app.unit_of_work() as work:
        [run] = queries.list_runs(work)
        assert (run.source, run.new, run.known) == ("Shop", 2, 1)
        undo_import(work, run.id)
    assert texts(app) == []
    with app.unit_of_work() as work:
        connectors.begin_anew(work, shop)
    connectors.sweep_connectors(app.unit_of_work)
    assert texts(app) == ["One parcel is late.", "Two parcels are late."]


def test_a_crash_between_fetching_and_writing_loses_and_doubles_nothing(
    app: App,
    clock: FixedClock,
    other_side: FakeSystem,
    connect: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other_side.says(reviews("The parcel never came."), etag='"7"')
    shop = connect("address", address=other_side.address, format="json")

    def dies(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    for step in ("take_in_rows", "put_renewed"):
        monkeypatch.setattr(polling, step, dies)
        with pytest.raises(KeyboardInterrupt):
            connectors.sweep_connectors(app.unit_of_work)
        monkeypatch.undo()
        assert texts(app) == []
        assert connectors.sweep_connectors(app.unit_of_work) == 0, "its lease still runs"
        clock.advance(polling.LEASE)
    connectors.sweep_connectors(app.unit_of_work)
    assert texts(app) == ["The parcel never came."]
    assert state_of(app, shop).state == "working"
    clock.advance(timedelta(minutes=15))
    connectors.sweep_connectors(app.unit_of_work)
    assert other_side.asked[-1][1]["if-none-match"] == '"7"'


def test_who_comes_late_keeps_nothing(
    app: App, other_side: FakeSystem, connect: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    other_side.says(reviews("The parcel never came."))
    shop = connect("address", address=other_side.address, format="json")
    read_all = polling.read_all

    def meanwhile(*args: Any, **more: Any) -> Any:
        with app.unit_of_work() as work:
            connectors.begin_anew(work, shop)
        return read_all(*args, **more)

    monkeypatch.setattr(polling, "read_all", meanwhile)
    connectors.sweep_connectors(app.unit_of_work)
    assert texts(app) == []
    monkeypatch.undo()
    connectors.sweep_connectors(app.unit_of_work)
    assert texts(app) == ["The parcel never came."]


def test_failures_wait_longer_each_time_and_say_what_to_do(
    app: App, clock: FixedClock, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    other_side.says(b"", 401)
    shop = connect("address", address=other_side.address, every="300")
    waits = []
    for _ in range(4):
        connectors.sweep_connectors(app.unit_of_work)
        row = state_of(app, shop)
        waits.append(row.next_at - clock.now())
        clock.advance(waits[-1])
    assert row.state == "failing"
    assert "Give a new token" in row.last_error
    assert all(later > earlier * 1.5 for earlier, later in pairwise(waits))
    other_side.says(b"", 429, retry_after="7200")
    connectors.sweep_connectors(app.unit_of_work)
    assert state_of(app, shop).next_at >= clock.now() + timedelta(hours=2)
    other_side.says(reviews("It works again."))
    with app.unit_of_work() as work:
        connectors.poll_now(work, shop)
    connectors.sweep_connectors(app.unit_of_work)
    assert (state_of(app, shop).state, state_of(app, shop).last_error) == ("working", "")


def test_rows_that_do_not_fit_are_named_once_and_stop_nobody(
    app: App, clock: FixedClock, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    connect("address", address=other_side.address, format="jsonl", channel="chat", every="300")
    good, bad = b'{"id": "1", "text": "Hello there"}\n', b'{"id": "2", "text": 7, "broken"\n'
    for content in (good + bad, good + bad + b'{"id": "3", "text": "Me too"}\n'):
        other_side.says(content)
        connectors.sweep_connectors(app.unit_of_work)
        clock.advance(timedelta(minutes=5))
    assert texts(app) == ["Hello there", "Me too"]
    with app.unit_of_work.reading() as work:
        [run_id] = work.session.scalars(select(ImportRun.id))
        assert len(queries.list_row_errors(work, run_id)) == 1


def test_inner_addresses_are_not_asked_unless_allowed(
    app: App, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    shop = connect("address", address="http://127.0.0.2:9/reviews.json")
    connectors.sweep_connectors(app.unit_of_work)
    assert "EARSHOT_OUTBOUND_ALLOWED" in state_of(app, shop).last_error
    trial = connectors.try_connector(app.unit_of_work, "address", {"name": "S", "address": "http://10.0.0.1/x.json"})
    assert "not an address of the internet" in trial.problem


def test_a_paused_source_is_left_alone_and_resumes_where_it_stood(
    app: App, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    other_side.says(reviews("The parcel never came."))
    shop = connect("address", address=other_side.address, format="json")
    with app.unit_of_work() as work:
        connectors.pause_connector(work, shop)
    assert connectors.sweep_connectors(app.unit_of_work) == 0
    with app.unit_of_work() as work:
        connectors.resume_connector(work, shop)
    connectors.sweep_connectors(app.unit_of_work)
    assert texts(app) == ["The parcel never came."]


def test_tokens_are_sealed_sent_and_gone_with_the_source(
    app: App, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    other_side.says(reviews("The parcel never came."))
    shop = connect("address", address=other_side.address, format="json", token="planted-5a1")
    connectors.sweep_connectors(app.unit_of_work)
    assert other_side.asked[-1][1]["authorization"] == "Bearer planted-5a1"
    assert "planted" not in repr(state_of(app, shop))
    with app.unit_of_work() as work:
        connectors.change_connector(work, shop, {"name": "Shop 2", "address": other_side.address})
        assert connectors.kept_secrets(work, shop) == {"token"}
        connectors.remove_connector(work, shop)
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(Secret)).all() == []
    assert texts(app) == ["The parcel never came."]


def test_what_does_not_fit_is_named_field_by_field(app: App) -> None:
    given = {"name": "", "address": "ftp://x", "every": "7", "zone": "Mars", "language": "english"}
    with pytest.raises(InvalidInputError) as refused, app.unit_of_work() as work:
        connectors.make_connector(work, "address", given)
    assert set(refused.value.fields) == {"name", "every", "zone", "language"}


def test_a_source_that_is_silent_for_three_times_its_usual_gap_is_stale(
    app: App, clock: FixedClock, other_side: FakeSystem, connect: Callable[..., int]
) -> None:
    entries = [
        {"id": str(n), "text": f"Late again, order {n}", "created_at": (clock.now() - timedelta(hours=n)).isoformat()}
        for n in range(6)
    ]
    other_side.says(json.dumps(entries).encode())
    connect("address", address=other_side.address, format="json")
    connectors.sweep_connectors(app.unit_of_work)

    def coverage() -> queries.SourceCoverage:
        with app.unit_of_work.reading() as work:
            [row] = queries.list_source_coverage(work)
        return row

    assert (coverage().state, coverage().usual_gap) == ("heard", timedelta(hours=1))
    clock.advance(timedelta(hours=3, minutes=1))
    assert (coverage().state, coverage().is_stale) == ("silent", True)
