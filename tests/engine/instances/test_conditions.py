"""A condition that came to nothing is on record, and one that failed waits once when it is tried again."""

from sqlalchemy import func, select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import EventSubscription
from bpm.engine.queries import instance_commands, list_failures
from bpm.foundation.work import Actor
from tests.engine import acting
from tests.engine.models import begin, flow, go_live, model

GATEWAY = model(
    "choice",
    '<startEvent id="start"/><exclusiveGateway id="g" default="g_B"/><userTask id="A"/><userTask id="B"/>'
    + flow("start", "g")
    + flow("g", "A", "=not(paid)")
    + flow("g", "B"),
)
WAITING = model(
    "waiting",
    '<startEvent id="start"/><intermediateCatchEvent id="w"><conditionalEventDefinition>'
    '<condition xsi:type="tFormalExpression">=ready</condition></conditionalEventDefinition></intermediateCatchEvent>'
    '<endEvent id="end"/>' + flow("start", "w") + flow("w", "end"),
)


def test_the_record_says_which_condition_came_to_null(app: App) -> None:
    go_live(app, GATEWAY)
    instance_id = begin(app, "choice", {"paid": None})
    with app.unit_of_work.reading() as work:
        (command,) = instance_commands(work, instance_id)
    assert command.detail == {"notes": ["g_A: the condition =not(paid) came to nothing (null), which is not true"]}


def test_a_condition_that_failed_waits_once_when_it_is_tried_again(app: App, olga: Actor) -> None:
    go_live(app, WAITING)
    instance_id = begin(app, "waiting", {"ready": "no"})
    with app.unit_of_work.reading() as work:
        (failure,) = list_failures(work, instance_id=instance_id)
    assert "came to the text 'no', not to true or false. (in: =ready)" in failure.message
    with app.unit_of_work(olga) as work:
        engine.set_variables(work, instance_id, {"ready": False}, reason="It was a text.")
    with app.unit_of_work(olga) as work:
        engine.retry(work, failure.id, reason="It is mended.")
    with app.unit_of_work.reading() as work:
        waiting = select(func.count()).where(EventSubscription.status == "open")
        assert work.session.execute(waiting).scalar_one() == 1
    with app.unit_of_work(olga) as work:
        engine.set_variables(work, instance_id, {"ready": True}, reason="It is ready.")
    assert acting.instance(app, instance_id).row.status == "completed"
    assert acting.broken(app) == []
