"""Random models with random answers: replayed through the same version, every finished case ends the same."""

from datetime import timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.queries import find_live_version
from bpm.foundation.clock import FixedClock
from tests.engine import acting
from tests.engine.models import flow, go_live, model

pytestmark = pytest.mark.both_databases

PARTS = ("task", "twice", "choice", "split", "script", "rest", "deadline")
NUMBERS = count(1)
ROUNDS = 60


def part(kind: str, n: int) -> tuple[str, str, str]:
    """(first element, last element, XML) of one part of a model."""
    a, b = f"a{n}", f"b{n}"
    loop = "multiInstanceLoopCharacteristics"
    if kind == "task":
        return a, a, f'<userTask id="{a}"/>'
    if kind == "twice":
        return a, a, f'<userTask id="{a}"><{loop}><loopCardinality>2</loopCardinality></{loop}></userTask>'
    if kind == "script":
        return a, a, f'<scriptTask id="{a}" scriptFormat="python"><script>total = x + {n}</script></scriptTask>'
    timer = "<timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition>"
    if kind == "rest":
        return a, a, f'<intermediateCatchEvent id="{a}">{timer}</intermediateCatchEvent>'
    first, last = f"<userTask id='t{n}'/>", f"<userTask id='u{n}'/>"
    if kind == "deadline":
        late = f'<boundaryEvent id="l{n}" attachedToRef="t{n}">{timer}</boundaryEvent><exclusiveGateway id="{b}"/>'
        flows = flow(f"t{n}", b) + flow(f"l{n}", f"u{n}") + flow(f"u{n}", b)
        return f"t{n}", b, first + last + late + flows
    gateway = "parallelGateway" if kind == "split" else "exclusiveGateway"
    over, under = ("x &gt; 5", "x &lt;= 5") if kind == "choice" else ("", "")
    ways = [flow(a, f"t{n}", over), flow(a, f"u{n}", under)]
    ends = flow(f"t{n}", b) + flow(f"u{n}", b)
    return a, b, f'<{gateway} id="{a}"/><{gateway} id="{b}"/>' + first + last + "".join(ways) + ends


def source(key: str, kinds: list[str]) -> bytes:
    parts = [("start", "start", '<startEvent id="start"/>')]
    parts += [part(kind, n) for n, kind in enumerate(kinds)]
    parts.append(("end", "end", '<endEvent id="end"/>'))
    joins = "".join(flow(one[1], other[0]) for one, other in pairwise(parts))
    return model(key, "".join(each[2] for each in parts) + joins)


def finish(app: App, clock: FixedClock, answers: list[int]) -> None:
    """Whoever is first answers, now and then nobody does and time passes, until the case has ended."""
    for turn in range(ROUNDS):
        answer = answers[turn % len(answers)]
        engine.sweep_jobs(app.unit_of_work, {})
        open_items = acting.items(app)
        if answer % 3 == 0 or not open_items:
            clock.advance(timedelta(minutes=50 + answer))
            engine.sweep_timers(app.unit_of_work)
        open_items = acting.items(app)
        if open_items:
            chosen = open_items[answer % len(open_items)]
            clock.advance(timedelta(minutes=3))
            with app.unit_of_work() as work:
                engine.complete(work, chosen.id, {"x": answer})


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=4), st.lists(st.integers(0, 9), min_size=3, max_size=6))
def test_through_the_same_version_a_case_of_any_model_ends_the_same(
    app: App, clock: FixedClock, kinds: list[str], answers: list[int]
) -> None:
    key = f"p{next(NUMBERS)}"
    go_live(app, source(key, kinds))
    with app.unit_of_work() as work:
        engine.start(work, key, {"x": answers[0]})
    finish(app, clock, answers)
    with app.unit_of_work.reading() as work:
        live = find_live_version(work, key)
    assert live is not None
    result = engine.replay(app.unit_of_work, live.id)
    assert result["of"] == 1, kinds
    assert result["counts"]["same"] == 1, [each["why"] for each in result["cases"]]
