"""A model becomes an immutable, numbered version, signed before it goes live."""

import pytest

from bpm import identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.definitions.prepare import prepare
from bpm.engine.definitions.process_tests import CaseResult
from bpm.engine.events import VersionWentLive
from bpm.engine.queries import find_live_version, get_version, list_definitions, list_versions
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, RefusedError
from bpm.foundation.work import Actor
from tests.engine import acting
from tests.engine.models import LANES, ONE_TASK, TWO_TASKS, begin, flow, go_live, model

pytestmark = pytest.mark.both_databases

CHANGED = ONE_TASK.replace(b"Read it", b"Read it twice")
RED = CaseResult("ends", "wrong", "step 2: it did not end")


def draft(app: App, source: bytes = ONE_TASK, *, results: tuple[CaseResult, ...] = ()) -> int:
    with app.unit_of_work() as work:
        tests = [{"id": result.id, "steps": []} for result in results]
        return engine.deploy(work, prepare(source, "one.bpmn"), key="one", tests=tests, test_results=results).id


def sign_all(app: App, version_id: int) -> None:
    with app.unit_of_work() as work:
        for department in work.settings.sign_offs:
            engine.sign(work, version_id, department, method="console")


def test_the_same_content_is_the_same_version_and_other_content_the_next_number(app: App) -> None:
    first, again, second = draft(app), draft(app), draft(app, CHANGED)
    assert first == again != second
    with app.unit_of_work.reading() as work:
        assert [version.number for version in list_versions(work, "one")] == [2, 1]


def test_the_source_comes_back_byte_for_byte(app: App) -> None:
    source = ONE_TASK.replace(b"\n", b"\r\n") + b"<!-- the end -->\n"
    version_id = draft(app, source)
    with app.unit_of_work.reading() as work:
        assert get_version(work, version_id).source == source


def test_nothing_goes_live_before_every_department_has_signed(app: App) -> None:
    version_id = draft(app)
    with app.unit_of_work() as work:
        engine.sign(work, version_id, "marketing", method="console")
        assert engine.obstacles(work, version_id) == ["it has not signed.", "operations has not signed."]
    with pytest.raises(RefusedError, match="it has not signed"), app.unit_of_work() as work:
        engine.go_live(work, version_id)
    sign_all(app, version_id)
    with app.unit_of_work() as work:
        engine.go_live(work, version_id)
    with app.unit_of_work.reading() as work:
        live = find_live_version(work, "one")
    assert live is not None
    assert {signature.department for signature in live.signatures} == set(app.settings.sign_offs)


def test_a_draft_runs_no_real_case_and_a_retired_version_still_can(app: App) -> None:
    version_id = draft(app)
    with pytest.raises(RefusedError, match="draft"), app.unit_of_work() as work:
        engine.start(work, "one", {}, version_id=version_id)
    sign_all(app, version_id)
    with app.unit_of_work() as work:
        engine.go_live(work, version_id)
        engine.retire(work, "one")
    with app.unit_of_work() as work:
        assert engine.start(work, "one", {}, version_id=version_id).version_id == version_id
    with pytest.raises(InvalidInputError, match="'one'"), app.unit_of_work() as work:
        engine.start(work, "two", {}, version_id=version_id)


def test_a_red_test_keeps_a_version_from_going_live(app: App) -> None:
    version_id = draft(app, results=(RED,))
    sign_all(app, version_id)
    with pytest.raises(RefusedError, match="The test ends is wrong"), app.unit_of_work() as work:
        engine.go_live(work, version_id)


def test_a_person_signs_for_their_own_department_only(app: App, olga: Actor) -> None:
    manager = Actor(user_id=olga.user_id, name="m", roles=frozenset({"manager"}), groups=frozenset({"it"}))
    version_id = draft(app)
    with app.unit_of_work(manager) as work:
        engine.sign(work, version_id, "it")
        engine.sign(work, version_id, "it")
    with pytest.raises(ForbiddenError, match="not in marketing"), app.unit_of_work(manager) as work:
        engine.sign(work, version_id, "marketing")
    with pytest.raises(ForbiddenError), app.unit_of_work(olga) as work:
        engine.sign(work, version_id, "operations")
    with pytest.raises(InvalidInputError, match="no department"), app.unit_of_work() as work:
        engine.sign(work, version_id, "legal", method="console")
    with app.unit_of_work.reading() as work:
        (signature,) = get_version(work, version_id).signatures
    assert (signature.department, signature.signed_by, signature.method) == ("it", "Olga", "web")


def test_a_new_version_retires_the_one_before_whose_instances_finish_on_it(app: App) -> None:
    go_live(app, ONE_TASK)
    old = begin(app, "one")
    heard: list[VersionWentLive] = []
    app.bus.subscribe(VersionWentLive, lambda _work, said: heard.append(said))
    go_live(app, CHANGED)
    new = begin(app, "one")
    assert [event.key for event in heard] == ["one"]
    assert [item.name for item in acting.items(app)] == ["Read it", "Read it twice"]
    acting.complete(app, "Read")
    assert acting.instance(app, old).row.status == "completed"
    assert (acting.instance(app, old).row.number, acting.instance(app, new).row.number) == (1, 2)
    with app.unit_of_work.reading() as work:
        assert [version.status for version in list_versions(work, "one")] == ["live", "retired"]
        assert engine.check_invariants(work) == []


def test_a_retired_process_starts_nothing_and_can_be_put_live_again(app: App) -> None:
    go_live(app, ONE_TASK)
    with app.unit_of_work() as work:
        engine.retire(work, "one")
    with pytest.raises(NotFoundError), app.unit_of_work() as work:
        engine.start(work, "one", {})
    with pytest.raises(ConflictError), app.unit_of_work() as work:
        engine.retire(work, "one")
    go_live(app, ONE_TASK)
    assert begin(app, "one") > 0


def test_a_model_that_cannot_run_is_refused_and_leaves_nothing(app: App) -> None:
    dangling = model("broken", '<startEvent id="start"/>' + flow("start", "nowhere"))
    prepared = prepare(dangling, "broken.bpmn")
    with pytest.raises(RefusedError) as refused, app.unit_of_work() as work:
        engine.deploy(work, prepared)
    assert refused.value.findings == prepared.findings
    with app.unit_of_work.reading() as work:
        assert list_definitions(work) == []


def test_the_models_own_cases_run_without_naming_a_file() -> None:
    cases = [{"id": "ends", "steps": [{"do": "start"}, {"do": "complete_all"}, {"expect": {"ended": True}}]}]
    (result,) = engine.run_tests(prepare(TWO_TASKS, "two.bpmn"), cases)
    assert (result.id, result.outcome) == ("ends", "pass")


def test_the_groups_that_a_live_version_offers_work_to_are_there_for_an_admin(app: App) -> None:
    named = model(
        "named",
        '<startEvent id="start"/><userTask id="A" camunda:candidateGroups="Back Office"/><endEvent id="end"/>'
        + flow("start", "A")
        + flow("A", "end"),
    )
    go_live(app, LANES, named)
    with app.unit_of_work.reading() as work:
        groups = {group.key: group.name for group in identity.list_groups(work)}
    assert groups == {"customer_service": "Customer Service", "it": "IT", "back_office": "Back Office"}
    begin(app, "named")
    assert acting.items(app)[0].group_key == "back_office"
