"""The review and the page of a version say which people, groups and workers a model names and that are not here."""

from collections.abc import Callable

import pytest

from bpm import identity
from bpm.app import App
from tests.engine.models import flow, model
from tests.web.conftest import PASSWORD, Browser, put_live
from tests.web.designer.test_processes_of_a_file import review_of, text

SignIn = Callable[..., Browser]
PAYS = model(
    "pays",
    '<startEvent id="s"/><userTask id="Pay" name="Pay it" camunda:candidateGroups="finance" camunda:assignee="bob"/>'
    '<serviceTask id="Ship" camunda:type="external" camunda:topic="ship.parcel"/><endEvent id="e"/>'
    + flow("s", "Pay")
    + flow("Pay", "Ship")
    + flow("Ship", "e"),
)


@pytest.mark.parametrize("page", ["review", "version"])
def test_what_is_not_here_is_said_and_gone_once_it_is_there(app: App, signed_in: SignIn, page: str) -> None:
    browser = signed_in("dora", "designer")
    if page == "review":
        path = review_of(browser, PAYS, "pays.bpmn")
    else:
        put_live(app, PAYS, "pays.bpmn")
        path = "/processes/pays"
    before = text(browser, path)
    assert "with which nobody signs in here" in before
    assert "the group &#39;finance&#39;" in before
    assert "ship.parcel" in before
    assert "which no worker here does" in before
    with app.unit_of_work() as work:
        identity.create_user(work, "bob", display_name="Bob", password=PASSWORD, roles=["staff"], groups=["finance"])
    after = text(browser, path)
    assert "with which nobody signs in here" not in after
    assert "would see its work items" not in after
    assert "which no worker here does" in after


def test_nothing_to_say_is_only_said_where_nothing_was_left_over(app: App, signed_in: SignIn) -> None:
    browser = signed_in("dora", "designer")
    plain = model("plain", '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>' + flow("s", "t") + flow("t", "e"))
    assert "Nothing to fix and nothing to say" in text(browser, review_of(browser, plain))
    left = plain.replace(b'<userTask id="t"/>', b'<userTask id="t" xmlns:x="urn:other" x:speed="fast"/>')
    assert "Nothing to fix and nothing to say" not in text(browser, review_of(browser, left))
    assert "Nothing to fix and nothing to say" not in text(browser, review_of(browser, PAYS))
