"""Scripts before and after an activity run around it in the sandbox, whatever the activity is."""

import pytest

from bpm.engine.definitions.prepare import prepare
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import JobDone, Skip
from tests.engine.bpmn.drawing import codes
from tests.engine.spiff.bench import Bench
from tests.engine.spiff.changing import change_over
from tests.engine.spiff.playing import chain, complete, drawn, expect, message, play, start, user

BEFORE = "<spiffworkflow:preScript>pre = n + 1</spiffworkflow:preScript>"
AFTER = "<spiffworkflow:postScript>post = pre + 1</spiffworkflow:postScript>"
SPIFF = f"<extensionElements>{BEFORE}{AFTER}</extensionElements>"
INNER = (
    '<startEvent id="s2"/><userTask id="t"/><endEvent id="e2"/>'
    '<sequenceFlow id="f1" sourceRef="s2" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e2"/>'
)
CALLED = chain(user("t")).replace('"e"', '"qe"').replace('"s"', '"qs"')


@pytest.mark.parametrize(
    ("kind", "inside", "between"),
    [
        ("userTask", "", [complete("a")]),
        ("serviceTask", "", []),
        ("scriptTask", "<script>pre = pre + 0</script>", []),
        ("task", "", []),
        ("sendTask", "", []),
        ("businessRuleTask", "", []),
        ("receiveTask", "", [message("m")]),
        ("subProcess", INNER, [complete("t")]),
        ("transaction", INNER, [complete("t")]),
        ("callActivity", "", [complete("t")]),
    ],
)
def test_both_scripts_run_around_every_kind_of_activity(kind: str, inside: str, between: list[dict[str, str]]) -> None:
    more = {"receiveTask": 'messageRef="m"', "callActivity": 'calledElement="q"'}.get(kind, "")
    node = f'<{kind} id="a" {more}>{SPIFF}{inside}</{kind}>'
    source = drawn(
        chain(("a", node), user("b")),
        dialect="spiffworkflow",
        roots=f'<process id="q" isExecutable="true">{CALLED}</process>' if kind == "callActivity" else "",
    )
    waiting = [expect("post", pre=2)] if between else []
    play(source, start(n=1), *waiting, *between, expect(pre=2, post=3, open=["b"]))


def test_the_script_after_a_task_sees_what_the_task_brought() -> None:
    after = "<extensionElements><spiffworkflow:postScript>y = x * 2</spiffworkflow:postScript></extensionElements>"
    play(
        drawn(chain(user("a", after)), dialect="spiffworkflow"),
        start(),
        complete("a", x=4),
        expect(x=4, y=8, ended=True),
    )


def test_each_round_of_a_multi_instance_has_its_own_scripts() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics isSequential='true'><loopDataInputRef>items</loopDataInputRef>"
        '<inputDataItem id="item"/></multiInstanceLoopCharacteristics>'
    )
    scripts = (
        "<extensionElements><spiffworkflow:preScript>begun = begun + [item]</spiffworkflow:preScript>"
        "<spiffworkflow:postScript>over = over + [item]</spiffworkflow:postScript></extensionElements>"
    )
    play(
        drawn(chain(user("a", scripts + loop)), dialect="spiffworkflow"),
        start(items=[1, 2], begun=[], over=[]),
        expect(begun=[1], over=[]),
        complete("a"),
        expect(begun=[1, 2], over=[1]),
        complete("a"),
        expect(begun=[1, 2], over=[1, 2]),
    )


def test_a_script_of_several_lines_keeps_its_blocks() -> None:
    script = "\n      if n &gt; 0:\n          sign = 'plus'\n      else:\n          sign = 'minus'\n    "
    inside = f"<extensionElements><spiffworkflow:preScript>{script}</spiffworkflow:preScript></extensionElements>"
    play(drawn(chain(user("a", inside)), dialect="spiffworkflow"), start(n=1), expect(sign="plus", open=["a"]))


@pytest.mark.parametrize(("script", "opened"), [("pre", []), ("post", ["a"])])
def test_a_script_that_fails_is_a_failure_and_the_token_stays(script: str, opened: list[str]) -> None:
    wrong = f"<spiffworkflow:{script}Script>x = 1 / 0</spiffworkflow:{script}Script>"
    steps = [complete("a")] if opened else []
    play(
        drawn(chain(user("a", f"<extensionElements>{wrong}</extensionElements>"), user("b")), dialect="spiffworkflow"),
        start(),
        *steps,
        expect(failed=True, ended=False),
    )


def test_a_script_that_is_no_python_is_refused_at_its_task() -> None:
    wrong = "<extensionElements><spiffworkflow:preScript>if x</spiffworkflow:preScript></extensionElements>"
    prepared = prepare(drawn(chain(user("a", wrong)), dialect="spiffworkflow"), "m.bpmn")
    assert [(f.code, f.element) for f in prepared.findings if f.severity == "error"] == [("script-not-understood", "a")]


def test_a_boundary_event_watches_while_the_script_before_the_task_runs() -> None:
    boundary = (
        '<boundaryEvent id="b" attachedToRef="a"><messageEventDefinition messageRef="m"/></boundaryEvent>'
        '<userTask id="after"/><sequenceFlow id="f" sourceRef="b" targetRef="after"/>'
    )
    executable = prepare(drawn(chain(user("a", SPIFF)) + boundary, dialect="spiffworkflow"), "m.bpmn").executable
    bench = Bench(executable, {"n": 1})
    assert (list(bench.jobs.values()), list(bench.open.values())) == (["a"], [])
    bench.deliver("b")
    assert (list(bench.jobs.values()), list(bench.open.values())) == ([], ["after"])


def test_a_task_that_is_passed_over_runs_no_script_after_it() -> None:
    executable = prepare(drawn(chain(user("a", SPIFF), user("b")), dialect="spiffworkflow"), "m.bpmn").executable
    bench = Bench(executable, {"n": 1})
    (uid,) = bench.jobs
    bench.do(Skip(uid))
    assert (list(bench.jobs.values()), list(bench.open.values())) == ([], ["b"])


def test_the_task_opens_under_the_visit_in_which_its_script_ran() -> None:
    bench = Bench(prepare(drawn(chain(user("a", SPIFF)), dialect="spiffworkflow"), "m.bpmn").executable, {"n": 1})
    (uid,) = bench.jobs
    assert execution.visible_to(bench.compiled, bench.step.state, uid) == {"n": 1}
    step = bench.do(JobDone(uid, {"pre": 2}))
    assert ([item.uid for item in step.work_items], step.jobs, step.variables["pre"]) == ([uid], (), 2)


@pytest.mark.parametrize(
    ("dialect", "inside"),
    [
        (
            "camunda",
            '<camunda:executionListener event="{0}" expression="${{execution.setVariable(&quot;x&quot;, 5)}}"/>',
        ),
        (
            "camunda",
            (
                '<camunda:executionListener event="{0}"><camunda:script scriptFormat="groovy">'
                'execution.setVariable("x", 5);</camunda:script></camunda:executionListener>'
            ),
        ),
        ("flowable", '<flowable:taskListener event="{1}" expression="${{execution.setVariable(\'x\', 5)}}"/>'),
        (
            "drools",
            (
                '<drools:{2}-script scriptFormat="http://www.java.com/java"><drools:script>'
                'kcontext.setVariable("x", 5);</drools:script></drools:{2}-script>'
            ),
        ),
    ],
)
@pytest.mark.parametrize(
    ("first", "names"), [(True, ("start", "create", "onEntry")), (False, ("end", "complete", "onExit"))]
)
def test_a_listener_that_only_sets_a_value_runs(
    dialect: str, inside: str, names: tuple[str, str, str], *, first: bool
) -> None:
    task = user("a", f"<extensionElements>{inside.format(*names)}</extensionElements>")
    seen = expect(x=5) if first else expect("x", open=["a"])
    play(drawn(chain(task), dialect=dialect), start(), seen, complete("a"), expect(x=5, ended=True))


@pytest.mark.parametrize(
    "inside",
    [
        '<camunda:executionListener event="start" class="org.acme.Log"/>',
        '<camunda:executionListener event="start" expression="${bean.log(x)}"/>',
        '<camunda:taskListener event="assignment" expression="${execution.setVariable(&quot;x&quot;, 5)}"/>',
        '<camunda:executionListener event="end"><camunda:script>x = a.b()</camunda:script></camunda:executionListener>',
    ],
)
def test_a_listener_of_other_code_is_named_at_its_element(inside: str) -> None:
    task = user("a", f"<extensionElements>{inside}</extensionElements>")
    prepared = prepare(drawn(chain(task), dialect="camunda"), "m.bpmn")
    assert codes(prepared.findings, "warning") == ["listener-not-run"]


def test_what_spiffs_operator_is_told_and_what_it_brings() -> None:
    operator = (
        '<spiffworkflow:serviceTaskOperator id="http/Get" resultVariable="answer"><spiffworkflow:parameters>'
        '<spiffworkflow:parameter id="url" type="str" value="\'https://example.org/\' + path"/>'
        "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
    )
    task = f'<serviceTask id="a"><extensionElements>{operator}</extensionElements></serviceTask>'
    executable = prepare(drawn(chain(("a", task), user("b")), dialect="spiffworkflow"), "m.bpmn").executable
    bench = Bench(executable, {"path": "x"})
    (job,) = bench.step.jobs
    assert (job.topic, job.payload["url"]) == ("http/Get", "https://example.org/x")
    assert bench.job_done("a", result={"status": 200}).variables == {"path": "x", "answer": {"status": 200}}


def test_instructions_that_nobody_sees_are_named() -> None:
    told = "<spiffworkflow:instructionsForEndUser>Read **this**</spiffworkflow:instructionsForEndUser>"
    inside = f"<extensionElements>{told}</extensionElements>"
    prepared = prepare(drawn(chain(user("a", inside)), dialect="spiffworkflow"), "m.bpmn")
    (finding,) = [finding for finding in prepared.findings if finding.code == "setting-not-used"]
    assert (finding.element, finding.before) == ("a", "Read **this**")


@pytest.mark.parametrize("kind", ["userTask", "serviceTask"])
def test_a_waiting_script_around_a_task_takes_the_text_of_the_new_version(kind: str) -> None:
    def version(script: str) -> bytes:
        inside = f"<extensionElements><spiffworkflow:preScript>{script}</spiffworkflow:preScript></extensionElements>"
        source = drawn(chain(("a", f'<{kind} id="a">{inside}</{kind}>')), dialect="spiffworkflow")
        return prepare(source, "m.bpmn").executable

    bench = Bench(version("x = 1 / 0"))
    (job,) = change_over(bench, version("x = 2")).jobs
    assert (job.kind, job.payload["__script__"]) == ("script", "x = 2")
    step = bench.job_done("a", x=2)
    assert [row.uid for row in (*step.work_items, *step.jobs)] == [job.uid]
