"""Before a version goes live: who is unaffected by it, who can change over and who cannot, counted by element."""

import pytest
from sqlalchemy import event, select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.definitions.prepare import prepare
from bpm.engine.models import ProcessVersion
from tests.engine import acting
from tests.engine.migration.test_migration import THREE_TASKS, WITHOUT_B
from tests.engine.models import CALLER, ONE_TASK, TWO_TASKS, begin, flow, go_live

pytestmark = pytest.mark.both_databases


def stand(app: App) -> None:
    """Three instances at A, two at B."""
    for _ in range(5):
        begin(app, "two")
    for _ in range(2):
        acting.complete(app, "A")


def against(app: App, source: bytes) -> engine.Impact:
    with app.unit_of_work.reading() as work:
        version_id = work.session.scalars(select(ProcessVersion.id).order_by(ProcessVersion.id)).first()
        assert version_id is not None
        found = engine.impact_of_upload(work, version_id, prepare(source, "two.bpmn"), {})
    assert found is not None
    return found


def test_who_has_passed_the_change_is_unaffected_and_who_has_it_ahead_can_change(app: App) -> None:
    go_live(app, TWO_TASKS)
    stand(app)
    found = against(app, THREE_TASKS)
    assert (found.unaffected, found.can, found.cannot, found.running) == (2, 3, 0, 5)
    assert {e.element: (e.instances, e.verdict, e.ahead) for e in found.elements} == {
        "A": (3, "can", ("First",)),
        "B": (2, "unaffected", ()),
    }


def test_who_stands_on_a_removed_step_cannot_and_the_reason_is_said(app: App) -> None:
    go_live(app, TWO_TASKS)
    stand(app)
    found = against(app, WITHOUT_B)
    assert (found.unaffected, found.can, found.cannot) == (0, 3, 2)
    assert found.elements[1].reason == "The new version has no counterpart of it."


def test_the_same_model_affects_nobody_and_a_changed_form_those_before_it(app: App) -> None:
    go_live(app, TWO_TASKS)
    stand(app)
    assert against(app, TWO_TASKS).unaffected == 5
    with app.unit_of_work.reading() as work:
        first = work.session.scalars(select(ProcessVersion.id)).one()
        found = engine.impact_of_upload(work, first, prepare(TWO_TASKS, "two.bpmn"), {"A": {"type": "object"}})
    assert found is not None
    assert (found.unaffected, found.can) == (2, 3)


def test_between_two_deployed_versions_the_plan_decides(app: App) -> None:
    go_live(app, TWO_TASKS)
    stand(app)
    go_live(app, WITHOUT_B)
    with app.unit_of_work.reading() as work:
        old, new = work.session.scalars(select(ProcessVersion.id).order_by(ProcessVersion.id))
        assert engine.impact_of(work, engine.MigrationPlan(old, new, {"A": "A"})).cannot == 2
        assert engine.impact_of(work, engine.MigrationPlan(old, new, {"A": "A", "B": "A"})).cannot == 0


def test_an_instance_inside_a_called_process_counts_where_the_caller_calls(app: App) -> None:
    go_live(app, ONE_TASK, CALLER)
    begin(app, "caller")
    changed = CALLER.replace(
        flow("Call", "end").encode(), f'<userTask id="More"/>{flow("Call", "More")}{flow("More", "end")}'.encode()
    )
    with app.unit_of_work.reading() as work:
        caller = work.session.scalars(select(ProcessVersion.id).order_by(ProcessVersion.id.desc())).first()
        assert caller is not None
        found = engine.impact_of_upload(work, caller, prepare(changed, "caller.bpmn"), {})
    assert found is not None
    assert [(e.element, e.instances, e.verdict) for e in found.elements] == [("Call", 1, "can")]


def test_the_preview_takes_a_handful_of_statements_however_many_instances_run(app: App) -> None:
    go_live(app, TWO_TASKS)
    stand(app)
    against(app, THREE_TASKS)
    statements: list[str] = []
    event.listen(app.database, "before_cursor_execute", lambda *args: statements.append(args[2]))
    against(app, THREE_TASKS)
    told = [each for each in statements if each.startswith("SELECT")]
    assert len(told) <= 6
    assert not any("process_instance.state" in each for each in told)
