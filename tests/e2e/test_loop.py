"""The main job end to end in a browser: a file is dropped, a customer speaks, people act, the manager sees."""

import json
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bpm import worker
from bpm.app import App
from bpm.feedback.channels.webhook import sign
from tests.e2e.looking import Looker
from tests.e2e.pages.drawing import Drawing

Look = Callable[..., Looker]
MODEL = Path(__file__).parent / "models" / "damaged_delivery.bpmn"
COMPLAINT = (
    "The delivery was terrible: the parcel arrived completely broken and nobody at your company answers. "
    "I am very disappointed with this service."
)


@pytest.fixture
def running_worker(app: App) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(app, stop), daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(timeout=20)


@pytest.fixture
def people(person: Callable[..., None]) -> None:
    person("dora", "designer", name="Dora")
    person("mia", "manager", groups=("marketing",), name="Mia")
    person("ines", "manager", groups=("it",), name="Ines")
    person("omar", "manager", "staff", groups=("operations",), name="Omar")
    person("ada", "advocate", groups=("marketing",), name="Ada")


@pytest.mark.usefixtures("running_worker", "people")
def test_from_a_dropped_file_to_the_item_on_the_managers_diagram(look: Look, app: App) -> None:
    designer = look("dora")
    _upload(designer)
    for who, department in (("mia", "Marketing"), ("ines", "IT"), ("omar", "Operations")):
        _sign(look(who), department)
    _go_live_with_a_trigger(designer)

    operations = look("omar")
    tasks = operations.visit("/tasks")
    tasks.evaluate("window.sameDocument = true")
    _deliver(_webhook(look("ada")), app)
    appeared = tasks.get_by_role("link", name="Inspect the damage")
    expect(appeared).to_be_visible(timeout=60_000)
    assert tasks.evaluate("window.sameDocument") is True
    operations.keep("loop-task-appears")
    _complete(operations, tasks)

    manager = look("mia")
    page = manager.visit("/insights/processes/damaged_delivery?layer=opened")
    label = Drawing(page).number()
    expect(label).to_be_visible()
    manager.keep("loop-item-on-the-diagram")
    label.click()
    expect(page.get_by_text("the parcel arrived completely broken")).to_be_visible()


def _upload(designer: Looker) -> None:
    page = designer.visit("/processes")
    page.get_by_label("Upload a process").set_input_files(MODEL)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_text("can be deployed")).to_be_visible()
    designer.settle()
    designer.keep("loop-review")
    page.get_by_role("button", name="Deploy as draft").click()
    page.wait_for_url(re.compile("/processes/damaged_delivery"))


def _sign(manager: Looker, department: str) -> None:
    page = manager.visit("/processes/damaged_delivery")
    page.get_by_role("button", name=f"Sign for {department}").click()
    expect(page.get_by_text("signed").first).to_be_visible()


def _go_live_with_a_trigger(designer: Looker) -> None:
    page = designer.visit("/processes/damaged_delivery")
    page.get_by_role("button", name="Go live").click()
    expect(page.get_by_text("live").first).to_be_visible()
    page = designer.visit("/processes/damaged_delivery/triggers/new")
    page.get_by_label("complaint").check()
    page.get_by_label("Name of the trigger").fill("Complaints about damage")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("on", exact=True).first).to_be_visible()


def _webhook(advocate: Looker) -> tuple[str, str]:
    """Address and secret of a new webhook, as the screen shows them once."""
    page = advocate.visit("/inbox/imports")
    page.get_by_label("Name").fill("Shop")
    page.get_by_role("button", name="Make a webhook").click()
    shown = page.locator("section[aria-labelledby=secret-title] dd code")
    return shown.nth(0).inner_text(), shown.nth(1).inner_text()


def _deliver(webhook: tuple[str, str], app: App) -> None:
    address, secret = webhook
    said = {"channel": "email", "text": COMPLAINT, "author_email": "kim@example.org"}
    body = json.dumps({"id": "order-4711", "said_at": app.clock.now().isoformat(), **said})
    stamp = str(int(app.clock.now().timestamp()))
    request = urllib.request.Request(
        address,
        data=body.encode(),
        headers={
            "Content-Type": "application/json",
            "X-Earshot-Timestamp": stamp,
            "X-Earshot-Signature": sign(secret, stamp, body.encode()),
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 202


def _complete(operations: Looker, tasks: Page) -> None:
    tasks.get_by_role("link", name="Inspect the damage").click()
    operations.settle()
    expect(tasks.get_by_text("the parcel arrived completely broken").first).to_be_visible()
    tasks.get_by_role("button", name="Claim", exact=True).click()
    operations.settle()
    operations.keep("loop-work-item")
    tasks.get_by_label("The goods are beyond repair").check()
    tasks.get_by_role("button", name="Complete").click()
    expect(tasks.get_by_text("Completed: Inspect the damage.")).to_be_visible()
