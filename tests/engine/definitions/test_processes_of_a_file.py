"""A file with several executable processes: each is started, called and found by its own id, and no key names two."""

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.definitions.prepare import prepare
from bpm.foundation.errors import NotFoundError, RefusedError
from bpm.foundation.work import SYSTEM
from tests.engine import acting
from tests.engine.models import HEAD, flow

pytestmark = pytest.mark.both_databases


def process(key: str, *, task: str = "", start: str = "", mark: str = "true") -> str:
    """A process whose elements carry its key: key_s, key_t (or `task`), key_e."""
    middle = task or f'<userTask id="{key}_t" name="Do {key}"/>'
    body = f'<startEvent id="{key}_s">{start}</startEvent>{middle}<endEvent id="{key}_e"/>'
    name = f'<process id="{key}" name="{key.title()}" isExecutable="{mark}">'
    return f"{name}{body}{flow(f'{key}_s', f'{key}_t')}{flow(f'{key}_t', f'{key}_e')}</process>"


def file(*processes: str) -> bytes:
    return f'{HEAD}<message id="m" name="paid"/>{"".join(processes)}</definitions>'.encode()


def deploy(app: App, source: bytes, *, key: str | None = None, live: bool = True) -> int:
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepare(source, "file.bpmn"), key=key)
        if live:
            for department in work.settings.sign_offs:
                engine.sign(work, version.id, department, method="console")
            engine.go_live(work, version.id)
        return version.id


def call(key: str, called: str) -> str:
    return process(key, task=f'<callActivity id="{key}_t" calledElement="{called}"/>')


def open_elements(app: App, instance_id: int) -> list[str]:
    return [row.element for row in acting.history(app, instance_id) if row.status == "open"]


BOTH = file(process("order"), process("refund"))


def test_each_process_is_started_by_its_id(app: App) -> None:
    version_id = deploy(app, BOTH)
    for key in ("order", "refund"):
        with app.unit_of_work() as work:
            instance = engine.start(work, key, {})
            assert instance.version_id == version_id
            started = instance.id
        assert open_elements(app, started) == [f"{key}_t"]


def test_a_start_by_a_version_takes_the_id_of_any_of_its_processes(app: App) -> None:
    version_id = deploy(app, BOTH)
    with app.unit_of_work() as work:
        engine.start(work, "refund", {}, version_id=version_id)
    with app.unit_of_work.reading() as work:
        assert [row.version_id for row in queries.list_instances(work, "refund").rows] == [version_id]


def test_instances_are_listed_by_the_process_that_they_run(app: App) -> None:
    deploy(app, BOTH)
    with app.unit_of_work() as work:
        order, refund = engine.start(work, "order", {}).id, engine.start(work, "refund", {}).id
    with app.unit_of_work.reading() as work:
        assert [row.id for row in queries.list_instances(work, "refund").rows] == [refund]
        assert {row.id for row in queries.list_instances(work, "order").rows} == {order, refund}
        assert [each.running for each in queries.list_versions(work, "refund")] == [1]


@pytest.mark.parametrize("called", ["order", "refund"])
def test_each_process_is_called_from_another_file_by_its_id(app: App, called: str) -> None:
    deploy(app, BOTH)
    deploy(app, file(call("caller", called)))
    with app.unit_of_work() as work:
        started = engine.start(work, "caller", {}).id
    assert open_elements(app, started) == ["caller_t", f"{called}_t"]


def test_a_process_is_called_by_the_key_that_it_was_deployed_under(app: App) -> None:
    deploy(app, file(process("order")), key="sales")
    deploy(app, file(call("caller", "sales")))
    with app.unit_of_work() as work:
        started = engine.start(work, "caller", {}).id
    assert open_elements(app, started) == ["caller_t", "order_t"]


def test_every_process_of_a_file_is_on_the_list_with_its_own_versions(app: App) -> None:
    deploy(app, file(process("order")))
    deploy(app, BOTH)
    with app.unit_of_work.reading() as work:
        rows = {row.key: row for row in queries.list_processes(work)}
        assert {key: (row.name, row.live_number, row.file_of) for key, row in rows.items()} == {
            "order": ("Order", 2, ""),
            "refund": ("Refund", 2, "order"),
        }
        assert [each.number for each in queries.list_versions(work, "order")] == [2, 1]
        assert [each.number for each in queries.list_versions(work, "refund")] == [2]


def test_a_drawing_beside_is_no_process_that_could_be_started(app: App) -> None:
    deploy(app, file(process("sketch", mark="false"), process("order")))
    with app.unit_of_work.reading() as work:
        assert [row.key for row in queries.list_processes(work)] == ["order"]
    with pytest.raises(NotFoundError, match="sketch"), app.unit_of_work() as work:
        engine.start(work, "sketch", {})


def test_a_message_starts_each_process_that_waits_for_it_but_no_drawing(app: App) -> None:
    by_message = '<messageEventDefinition messageRef="m"/>'
    drawn = process("part", start=by_message, mark="false")
    deploy(app, file(process("order", start=by_message), drawn, call("all", "part")))
    with app.unit_of_work() as work:
        (started,) = engine.correlate(work, "paid")
    assert open_elements(app, started) == ["order_t"]


def test_a_file_whose_process_belongs_to_another_file_is_refused_with_its_place(app: App) -> None:
    deploy(app, BOTH)
    with pytest.raises(RefusedError, match=r"'refund'.*'order'") as refused:
        deploy(app, file(process("refund")))
    (finding,) = refused.value.findings
    assert (finding.code, finding.element) == ("key-taken", "refund")
    assert "under the key 'order'" in finding.remedy


def test_a_file_that_brings_the_process_of_another_key_is_refused(app: App) -> None:
    deploy(app, file(process("refund")))
    with pytest.raises(RefusedError, match="'refund' is the key of another process"):
        deploy(app, file(process("other"), process("refund")), key="other")


@pytest.mark.parametrize("live", [True, False])
def test_a_file_is_not_renamed_onto_the_process_of_another_file(app: App, live: bool) -> None:
    deploy(app, BOTH, live=live)
    with pytest.raises(RefusedError, match="'refund'"):
        deploy(app, file(process("mine")), key="refund")


def test_a_key_does_not_come_to_name_another_process_of_its_own_file(app: App) -> None:
    deploy(app, BOTH)
    with pytest.raises(RefusedError, match="'order' names 'order'"):
        deploy(app, file(process("refund")), key="order")


def test_an_id_is_free_again_once_no_live_version_or_draft_has_it(app: App) -> None:
    deploy(app, BOTH)
    deploy(app, file(process("order")))
    version_id = deploy(app, file(process("refund")))
    with app.unit_of_work() as work:
        assert engine.start(work, "refund", {}).version_id == version_id


def test_a_retired_version_does_not_go_live_again_when_another_file_has_its_process_now(app: App) -> None:
    retired = deploy(app, BOTH)
    deploy(app, file(process("order")))
    deploy(app, file(process("refund")))
    with pytest.raises(RefusedError, match="'refund' is a process in the file of 'refund'"), app.unit_of_work() as work:
        engine.go_live(work, retired)


def test_the_order_of_processes_in_the_file_changes_no_key(app: App) -> None:
    first = deploy(app, BOTH)
    with app.unit_of_work() as work:
        order, refund = engine.start(work, "order", {}).id, engine.start(work, "refund", {}).id
    second = deploy(app, file(process("refund"), process("order")))
    with app.unit_of_work.reading() as work:
        assert [each.id for each in queries.list_versions(work, "order")] == [second, first]
    with app.unit_of_work(SYSTEM) as work:
        plan = engine.propose_plan(work, first, second)
        for started in (order, refund):
            engine.migrate(work, started, plan, reason="newer")
    assert open_elements(app, order) == ["order_t"]
    assert open_elements(app, refund) == ["refund_t"]


def test_an_instance_whose_process_is_no_longer_in_the_file_does_not_change_over(app: App) -> None:
    first = deploy(app, BOTH)
    with app.unit_of_work() as work:
        refund = engine.start(work, "refund", {}).id
    second = deploy(app, file(process("order")))
    with app.unit_of_work(SYSTEM) as work:
        plan = engine.propose_plan(work, first, second)
        (obstacle,) = engine.forecast(work, refund, plan)
        assert "no process 'refund' any more" in obstacle.reason
