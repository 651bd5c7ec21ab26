"""A repair in a row of tasks, a customer, and people of both sides."""

import itertools

import pytest

from bpm.app import App
from bpm.feedback.items import get_current
from bpm.foundation.work import Actor
from tests.processes.conftest import GoLive, Say, make_person
from tests.processes.models import HEAD

STEPS = {
    "hear": "Hear what broke", "look": "Inspect the device", "offer": "Send an offer", "mend": "Mend it",
    "back": "Send it back",
}  # fmt: skip


def in_a_row(steps: dict[str, str]) -> bytes:
    ids = ["begin", *steps, "done"]
    pairs = enumerate(itertools.pairwise(ids))
    flows = "".join(f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in pairs)
    tasks = "".join(
        f'<userTask id="{key}" name="{name}" camunda:candidateGroups="service"/>' for key, name in steps.items()
    )
    inside = f'<startEvent id="begin"/>{tasks}<endEvent id="done"/>{flows}'
    return f'{HEAD}<process id="repair" name="Repair" isExecutable="true">{inside}</process></definitions>'.encode()


@pytest.fixture
def repair(go_live: GoLive) -> int:
    """The id of the live version."""
    return go_live(in_a_row(STEPS), "repair")


@pytest.fixture
def customer(app: App, say: Say) -> int:
    """The id of a customer who said something."""
    item = say()
    with app.unit_of_work.reading() as work:
        found = get_current(work, item).customer_id
    assert found
    return found


@pytest.fixture
def mona(app: App) -> Actor:
    """Signs, and does everything else that people do here."""
    return make_person(app, "mona", "admin", "operations", "service")
