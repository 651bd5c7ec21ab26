"""An upload is kept with its check, taken up again, becomes a version or is discarded, and forgotten when it is old."""

from datetime import timedelta

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.definitions.received.kept_check import unpack
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, NotFoundError
from tests.engine.models import ONE_TASK
from tests.engine.received.files import CASE, FORM, TABLE, Files, written
from tests.web.conftest import REFUND

pytestmark = pytest.mark.both_databases

ALL: Files = [
    ("one.bpmn", ONE_TASK),
    ("Read.json", written(FORM)),
    ("rules.dmn", TABLE),
    ("tests.json", written([CASE])),
    ("README.md", b"Why"),
    (".DS_Store", b"\0"),
]


def keep(app: App, files: Files) -> int:
    came = engine.read_bundle(files)
    examined = engine.examine(engine.carry_over(None, came))
    with app.unit_of_work() as work:
        return engine.keep_upload(work, came, examined, key="one", drawing=engine.Drawing(), seconds=0.2).id


def test_what_came_is_there_again_with_its_check(app: App) -> None:
    upload_id = keep(app, ALL)
    with app.unit_of_work.reading() as work:
        upload = queries.get_upload(work, upload_id)
        came = engine.came_of(upload)
        assert came == engine.read_bundle(ALL)
        bundle = engine.carry_over(None, came)
        known = engine.examined_of(upload, bundle)
        assert known == engine.examine(bundle)
        assert engine.examined_of(upload, engine.carry_over(None, engine.read_bundle(ALL[:1]))) is None
        assert unpack(b"of another release", ONE_TASK, "") is None


def test_rubbish_is_kept_with_its_findings(app: App) -> None:
    upload_id = keep(app, [("page.bpmn", b"<html></html>")])
    with app.unit_of_work.reading() as work:
        upload = queries.get_upload(work, upload_id)
        assert upload.source == b"<html></html>"
        assert upload.report["deployable"] is False
        assert upload.report["findings"][0]["severity"] == "error"


def test_unfinished_uploads_are_listed_until_they_become_a_version_or_are_discarded(app: App) -> None:
    first, second, third = keep(app, ALL[:1]), keep(app, ALL[:2]), keep(app, [("page.bpmn", b"<html></html>")])
    with app.unit_of_work() as work:
        version = engine.deploy(work, engine.examine(engine.carry_over(None, engine.read_bundle(ALL[:1]))).prepared)
        engine.finish_upload(work, first, version.id)
        engine.discard_upload(work, second)
    with app.unit_of_work.reading() as work:
        listed = queries.list_unfinished_uploads(work)
        assert [(each.id, each.key, each.deployable) for each in listed] == [(third, "one", False)]
        assert queries.get_upload(work, first).checked is None
    with pytest.raises(ConflictError), app.unit_of_work() as work:
        engine.discard_upload(work, first)
    with pytest.raises(ConflictError), app.unit_of_work() as work:
        engine.finish_upload(work, second, 1)
    with pytest.raises(NotFoundError), app.unit_of_work() as work:
        engine.discard_upload(work, second)


def test_what_nobody_takes_up_is_forgotten_after_its_days(app: App, clock: FixedClock) -> None:
    keep(app, ALL)
    clock.advance(timedelta(days=engine.KEPT_DAYS - 1))
    young = keep(app, ALL[:1])
    assert engine.sweep_uploads(app.unit_of_work) == 0
    clock.advance(timedelta(days=2))
    assert engine.sweep_uploads(app.unit_of_work) == 1
    with app.unit_of_work.reading() as work:
        assert [each.id for each in queries.list_unfinished_uploads(work)] == [young]


def test_an_upload_of_an_earlier_release_is_read_as_it_was_kept_then(app: App) -> None:
    upload_id = keep(app, ALL[:1])
    with app.unit_of_work() as work:
        upload = queries.get_upload(work, upload_id)
        upload.report = {
            **{name: upload.report[name] for name in ("file", "deployable", "findings", "seconds")},
            "forms": {"Read": FORM},
            "tests": [CASE],
            "decisions": {"rules.dmn": TABLE.decode()},
        }
        upload.checked = None
    with app.unit_of_work.reading() as work:
        upload = queries.get_upload(work, upload_id)
        came = engine.came_of(upload)
        assert (came.source, came.forms, came.tests) == (ONE_TASK, {"Read": FORM}, (CASE,))
        assert came.decisions == {"rules.dmn": TABLE}
        assert engine.examined_of(upload, engine.carry_over(None, came)) is None


def test_forms_of_an_earlier_release_are_told_apart_from_those_in_the_model(app: App) -> None:
    with app.unit_of_work() as work:
        version = engine.deploy(work, engine.check(REFUND, "refund.bpmn"), forms={"explain": FORM})
        version_id, version.uploaded_forms = version.id, None
    with app.unit_of_work.reading() as work:
        found = queries.get_version(work, version_id)
    assert set(found.forms) > {"explain"}
    assert queries.bundle_of(found).forms == {"explain": FORM}


def test_what_is_not_live_yet_is_laid_upon_its_newest_draft(app: App) -> None:
    with app.unit_of_work() as work:
        engine.deploy(work, engine.check(ONE_TASK, "one.bpmn"), forms={"Read": FORM})
        engine.deploy(work, engine.check(ONE_TASK, "one.bpmn"))
    with app.unit_of_work.reading() as work:
        base = queries.find_base_version(work, "one")
        assert base is not None
        assert base.number == 2
    with app.unit_of_work() as work:
        engine.go_live(work, 1, unsigned="first")
    with app.unit_of_work.reading() as work:
        base = queries.find_base_version(work, "one")
        assert base is not None
        assert base.number == 1
        assert queries.find_base_version(work, "two") is None
