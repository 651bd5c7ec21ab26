"""Versions that were deployed before drawings were laid out get theirs from the worker, and no page waits for it."""

import pytest
from sqlalchemy import update

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.definitions import layout
from bpm.engine.models import ProcessVersion
from bpm.engine.queries import find_live_version
from tests.engine.models import TWO_TASKS, go_live

pytestmark = pytest.mark.both_databases


def _as_deployed_long_ago(app: App) -> int:
    go_live(app, TWO_TASKS)
    with app.unit_of_work() as work:
        work.session.execute(update(ProcessVersion).values(drawing=None, drawing_notes=None))
        live = find_live_version(work, "two")
    assert live is not None
    return live.id


def test_an_older_version_is_looked_at_once_and_then_no_more(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    version_id = _as_deployed_long_ago(app)
    asked = []

    def laid_out(source: bytes) -> layout.Drawing:
        asked.append(source)
        return layout.Drawing(xml="<drawn/>", processes=("two",))

    monkeypatch.setattr(layout, "drawing_of", laid_out)
    assert [engine.sweep_drawings(app.unit_of_work) for _ in range(2)] == [1, 0]
    assert len(asked) == 1
    with app.unit_of_work.reading() as work:
        version = work.session.get_one(ProcessVersion, version_id)
        assert (version.drawing, version.drawing_notes["processes"]) == (b"<drawn/>", ["two"])
        assert version.source == asked[0]


def test_what_could_not_be_laid_out_is_said_and_not_tried_for_ever(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    version_id = _as_deployed_long_ago(app)
    monkeypatch.setattr(layout, "drawing_of", lambda _source: layout.Drawing(problem="There is no Node.js."))
    assert [engine.sweep_drawings(app.unit_of_work) for _ in range(2)] == [1, 0]
    with app.unit_of_work.reading() as work:
        version = work.session.get_one(ProcessVersion, version_id)
        assert version.drawing is None
        assert version.drawing_notes["problem"] == "There is no Node.js."
