"""Multi-instance as its vendor means it: items, counters, what each round gathers, and which of it is its own."""

import pytest

from bpm.engine.definitions.prepare import prepare
from tests.engine.spiff.playing import chain, complete, drawn, expect, io, message, play, start, user


def marker(settings: str, *, more: str = "", sequential: bool = False) -> str:
    said = f"<extensionElements><zeebe:loopCharacteristics {settings}/></extensionElements>"
    order = ' isSequential="true"' if sequential else ""
    return f"<multiInstanceLoopCharacteristics{order}>{said}{more}</multiInstanceLoopCharacteristics>"


GATHER = 'inputCollection="=items" inputElement="x" outputCollection="out" outputElement="=y"'


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("items", [[], [1], [3, 1, 2]])
def test_what_each_round_gives_is_gathered_in_the_order_of_the_items(items: list[int], *, sequential: bool) -> None:
    inside = io(("output", "=x * 10", "y")) + marker(GATHER, sequential=sequential)
    task = ("a", f'<serviceTask id="a">{inside}</serviceTask>')
    play(drawn(chain(task)), start(items=items), expect("x", "y", out=[item * 10 for item in items], ended=True))


@pytest.mark.parametrize("kind", ["userTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask"])
def test_every_kind_of_task_gathers(kind: str) -> None:
    script = "<script>y = x + 1</script>" if kind == "scriptTask" else ""
    mapped = "" if kind == "scriptTask" else io(("output", "=x + 1", "y"))
    reference = ' messageRef="m"' if kind == "receiveTask" else ""
    task = f'<{kind} id="a" scriptFormat="python"{reference}>{mapped}{marker(GATHER, sequential=True)}{script}</{kind}>'
    more = {"userTask": [complete("a"), complete("a")], "receiveTask": [message("m"), message("m")]}.get(kind, [])
    play(drawn(chain(("a", task))), start(items=[1, 2]), *more, expect("x", "y", out=[2, 3], ended=True))


def test_rounds_side_by_side_do_not_write_over_each_others_result() -> None:
    task = user("a", marker(GATHER))
    play(
        drawn(chain(task)),
        start(items=["p", "q", "r"]),
        complete("a", y=1),
        complete("a", y=2),
        complete("a"),
        expect("y", out=[1, 2, None], ended=True),
    )


def test_a_subprocess_gathers_what_was_set_inside_each_round() -> None:
    inner = (
        '<startEvent id="s2"/><userTask id="t"/><endEvent id="e2"/>'
        '<sequenceFlow id="f1" sourceRef="s2" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e2"/>'
    )
    sub = ("a", f'<subProcess id="a">{marker(GATHER)}{inner}</subProcess>')
    play(
        drawn(chain(sub)),
        start(items=["p", "q"]),
        complete("t", y=1),
        complete("t", y=2),
        expect("x", "y", out=[1, 2], ended=True),
    )


def test_a_call_gathers_what_the_called_process_gives() -> None:
    called = '<extensionElements><zeebe:calledElement processId="q"/></extensionElements>'
    call = ("a", f'<callActivity id="a">{called}{marker(GATHER)}</callActivity>')
    other = chain(user("t")).replace('"e"', '"qe"').replace('"s"', '"qs"')
    play(
        drawn(chain(call), roots=f'<process id="q" isExecutable="true">{other}</process>'),
        start(items=["p", "q"]),
        complete("t", y=1),
        complete("t", y=2),
        expect("x", "y", out=[1, 2], ended=True),
    )


def test_the_loop_counter_begins_with_one_in_camunda_8_and_with_nought_in_camunda_7() -> None:
    settings = 'inputCollection="=items" outputCollection="out" outputElement="=loopCounter"'
    play(
        drawn(chain(("a", f'<serviceTask id="a">{marker(settings, sequential=True)}</serviceTask>'))),
        start(items=[0, 0, 0]),
        expect(out=[1, 2, 3]),
    )
    loop = '<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="items"/>'
    script = f'<scriptTask id="a" scriptFormat="python">{loop}<script>seen = seen + [loopCounter]</script></scriptTask>'
    play(
        drawn(chain(("a", script)), dialect="camunda"),
        start(items=[0, 0, 0], seen=[]),
        expect(seen=[0, 1, 2]),
    )


@pytest.mark.parametrize(
    ("condition", "rounds"),
    [
        ("=numberOfCompletedInstances &gt;= 2", 2),
        ("=numberOfActiveInstances = 1", 3),
        ("=numberOfInstances = 4 and numberOfTerminatedInstances = 0", 1),
        ("=loopCounter = 2", 2),
        ('=verdict = "no"', 2),
        ("=count(gathered) = 4 and gathered[1] = 1", 1),
    ],
)
def test_the_completion_condition_knows_the_counters_and_the_round_that_ended(condition: str, rounds: int) -> None:
    until = f"<completionCondition>{condition}</completionCondition>"
    inside = io(("input", "=loopCounter", "n"), ("output", "=n", "last"))
    gathered = 'inputCollection="=items" inputElement="x" outputCollection="gathered" outputElement="=n"'
    inside += marker(gathered, more=until)
    steps = [complete("a", verdict="no" if number == 1 else "yes") for number in range(rounds)]
    play(
        drawn(chain(user("a", inside), user("b"))),
        start(items=[1, 2, 3, 4]),
        *steps[:-1],
        expect(open=["a"] * (5 - rounds)),
        steps[-1],
        expect("verdict", open=["b"]),
    )


@pytest.mark.parametrize("items", [None, 5, "text"])
def test_a_collection_that_is_no_list_fails(items: object) -> None:
    play(drawn(chain(user("a", marker(GATHER)))), start(items=items), expect(failed=True))


@pytest.mark.parametrize("kind", ["userTask", "serviceTask", "subProcess", "callActivity", "receiveTask"])
@pytest.mark.parametrize("said", ['outputCollection="out"', 'outputElement="=y"'])
def test_one_half_of_what_is_gathered_is_refused_at_its_element(kind: str, said: str) -> None:
    settings = f'inputCollection="=items" {said}'
    activity = f'<{kind} id="a">{marker(settings)}</{kind}>'
    prepared = prepare(drawn(chain(("a", activity))), "m.bpmn")
    errors = [finding for finding in prepared.findings if finding.code == "multi-instance-output"]
    assert [(finding.severity, finding.element) for finding in errors] == [("error", "a")]


def test_the_standards_output_item_is_each_rounds_own() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>items</loopDataInputRef>"
        '<loopDataOutputRef>out</loopDataOutputRef><inputDataItem id="x"/><outputDataItem id="y"/>'
        "</multiInstanceLoopCharacteristics>"
    )
    play(
        drawn(chain(user("a", loop)), dialect=""),
        start(items=["p", "q"]),
        complete("a", y=1),
        complete("a", y=2),
        expect("x", "y", out=[1, 2], ended=True),
    )
