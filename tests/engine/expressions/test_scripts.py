"""Scripts of models run in a box: plain values in and out, everything else is a failure with its line."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bpm.engine.expressions.scripts import ScriptLimits, check_script, run_script, translate_script
from bpm.foundation.errors import ExpressionError
from tests.engine.bpmn.drawing import check, line, only
from tests.engine.spiff.bench import Bench


@pytest.mark.parametrize(
    ("source", "variables", "expected"),
    [
        ("x = 1\ny = a + 1", {"a": 2}, {"x": 1, "y": 3}),
        ("marker = True", {}, {"marker": True}),
        ("a.append(4)", {"a": [1]}, {"a": [1, 4]}),
        ("a = a", {"a": [1]}, {}),
        ("a = 1", {"a": True}, {"a": 1}),
        ("for i in range(3):\n    total = i", {}, {"i": 2, "total": 2}),
        ("if a > 5:\n    big = True", {"a": 1}, {}),
        ("def twice(n):\n    return 2 * n\nx = twice(a)", {"a": 4}, {"x": 8}),
        ("try:\n    x = 1 / a\nexcept ZeroDivisionError:\n    x = 0", {"a": 0}, {"x": 0}),
        ("print('nobody reads this')", {}, {}),
        ("_hidden = 1", {}, {}),
        ("import json\nx = json.loads('[1]')", {}, {"x": [1]}),
        ("x = {'a': [i * i for i in range(3)]}", {}, {"x": {"a": [0, 1, 4]}}),
        ("", {}, {}),
    ],
)
def test_a_script_gives_back_what_it_set_or_changed(
    source: str, variables: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert run_script(source, variables).changed == expected


@pytest.mark.parametrize(
    ("source", "changed", "deleted"),
    [
        ("del a", {}, {"a"}),
        ("b = 'é'; del a, b", {}, {"a"}),
        ("if a > 5:\n    del a", {}, set()),
        ("del a\na = 3", {"a": 3}, set()),
        ("del d['k'], xs[0]; del none", {"d": {}, "xs": [2]}, {"none"}),
    ],
)
def test_a_script_deletes_variables_and_entries(source: str, changed: dict[str, Any], deleted: set[str]) -> None:
    left = run_script(source, {"a": 2, "d": {"k": 1}, "xs": [1, 2], "none": None})
    assert left.changed == changed
    assert set(left.deleted) == deleted


def test_a_variable_that_was_deleted_cannot_be_reckoned_with() -> None:
    with pytest.raises(ExpressionError):
        run_script("del a\nb = a + 1", {"a": 2})


def test_the_given_variables_stay_as_they_are() -> None:
    given: dict[str, Any] = {"a": [1], "not an identifier": 1}
    run_script("a.append(2)", given)
    assert given == {"a": [1], "not an identifier": 1}


ATTACKS = [
    "__import__('os').system('true')",
    "import os\nos.system('true')",
    "import subprocess\nsubprocess.run(['id'])",
    "import socket\nsocket.socket()",
    "import sys\nsys.exit(3)",
    "import ctypes",
    "from os import environ\nx = environ['PATH']",
    "open('/etc/passwd').read()",
    "open('/tmp/x', 'w').write('x')",
    "x = ().__class__.__bases__[0].__subclasses__()",
    "x = [].__class__.__base__.__subclasses__()[100]",
    "x = (lambda: 0).__globals__",
    "def f(): pass\nx = f.__code__.co_consts",
    "def g(): yield 1\nx = g().gi_frame.f_back.f_globals",
    "try:\n    1 / 0\nexcept Exception as e:\n    x = e.__traceback__.tb_frame.f_globals",
    "x = '{0.__class__.__init__.__globals__}'.format(Exception())",
    "x = f'{(1).__class__.__base__.__subclasses__()}'",
    "x = getattr(getattr(1, '__class__'), '__base__').__subclasses__()",
    "x = type('X', (), {'__del__': 1}).__mro__",
    "x = __builtins__['eval']",
    "x = __loader__",
    "globals()['__builtins__'].open('/etc/passwd')",
    "eval(compile('import os', '', 'exec'))",
    "exec('import os; os.abort()')",
    "import importlib\nimportlib.import_module('os').abort()",
    "import gc\nx = gc.get_objects()",
    "import inspect\nx = inspect.currentframe()",
    "import pickle\npickle.loads(b'')",
    "import threading\nthreading.Thread(target=print).start()",
    "import pathlib\nx = pathlib.Path('/etc/passwd').read_text()",
    "import time\ntime.sleep(60)",
    "input('?')",
    "breakpoint()",
    "while True:\n    pass",
    "x = 9 ** 9 ** 9",
    "x = 'a' * 10 ** 10",
    "x = [0] * 10 ** 9",
    "x = []\nwhile True:\n    x.append('a' * 1000)",
    "def f(n):\n    return f(n + 1)\nf(0)",
    "x = '%1000000000d' % 1",
    "x = [[]]\nfor i in range(100000):\n    x = [x]",
    "x = set([1])",
    "x = {(1, 2): 2}",
    "x = 2 ** 200",
    "x = lambda: 1\nx = [x]",
    "x = 'a' * 5_000_000",
    "x =",
    "raise ValueError('stop')",
]


@pytest.mark.parametrize("source", ATTACKS, ids=range(len(ATTACKS)))
def test_an_attack_or_a_mistake_is_an_expression_error(source: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        run_script(source, {}, limits=ScriptLimits(seconds=0.3))
    assert "Traceback" not in caught.value.message


def test_a_script_sees_the_time_it_is_given() -> None:
    source = "from datetime import datetime\nyear = datetime.now().year"
    assert run_script(source, {}, now=datetime(2031, 5, 1, tzinfo=UTC)).changed == {"year": 2031}


def test_an_error_names_its_line() -> None:
    with pytest.raises(ExpressionError, match="Line 3: ZeroDivisionError"):
        run_script("x = 1\ny = 2\nz = 1 / 0", {})


def test_the_box_works_on_after_an_attack() -> None:
    with pytest.raises(ExpressionError):
        run_script("while True:\n    pass", {}, limits=ScriptLimits(seconds=0.1))
    assert run_script("x = 1", {}).changed == {"x": 1}


@pytest.mark.parametrize(
    ("source", "language", "says"),
    [
        ("x = 1", "python", None),
        ("x = 1", "", None),
        ("x = 1", "text/x-python", None),
        ("def x = 1", "groovy", "Python"),
        ("x = ;", "python", "Line 1"),
        ("String s = new String();", "", "does not say its language"),
    ],
)
def test_a_script_is_checked_at_upload(source: str, language: str, says: str | None) -> None:
    problem = check_script(source, language)
    assert problem is None if says is None else problem is not None and says in problem


@pytest.mark.parametrize(
    ("source", "language", "expected"),
    [
        ("var x = 5;\nok = true;", "javascript", "x = 5\nok = True"),
        ("execution.setVariable('done', true);", "groovy", "done = True"),
        ("def name = 'Ada'", "groovy", "pass"),
        ("name = 'Ada'", "groovy", "name = 'Ada'"),
        ("// nothing\n;", "javascript", ""),
        ('System.out.println("x=" + x);', "", "pass"),
        ("function unused(a) {\n  if (a) { return 1; }\n}", "javascript", ""),
        ("x = compute(5)", "javascript", None),
        ("function f() {}\nf();", "javascript", None),
        ("x = 1", "python", None),
    ],
)
def test_only_trivial_scripts_of_other_languages_are_translated(
    source: str, language: str, expected: str | None
) -> None:
    assert translate_script(source, language) == expected


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        ("feel", 'date(due) + duration("P1M")', "2026-02-28"),
        ("http://www.omg.org/spec/FEEL/20140401", "=sum([1, 2, amount])", 10),
        ("juel", "${amount + '1'}", 8),
    ],
)
def test_a_script_that_is_one_expression_runs_inside_the_step(language: str, source: str, expected: Any) -> None:
    said = f'scriptFormat="{language}" camunda:resultVariable="r"'
    script = f'<scriptTask id="a" {said}><script>{source}</script></scriptTask>'
    prepared = check(line(script))
    assert (prepared.deployable, prepared.topics) == (True, ())
    step = Bench(prepared.executable, {"amount": 7, "due": "2026-01-31"}).step
    assert (step.status, step.variables["r"], step.jobs) == ("completed", expected, ())


def test_a_script_that_is_one_expression_and_has_no_result_is_named() -> None:
    prepared = check(line('<scriptTask id="a" scriptFormat="feel"><script>1 + 1</script></scriptTask>'))
    assert only(prepared, "script-empty").element == "a"
    assert Bench(prepared.executable).step.variables == {}


def test_a_script_in_feel_that_is_no_feel_is_refused() -> None:
    prepared = check(line('<scriptTask id="a" scriptFormat="feel"><script>1 +</script></scriptTask>'))
    assert only(prepared, "script-not-understood").severity == "error"
