"""A re-upload in a browser: the model alone keeps forms and tests and says so; what goes is ticked by keyboard."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from tests.e2e.looking import Looker
from tests.engine.received.files import archive_of
from tests.web.conftest import REFUND

Look = Callable[..., Looker]

FORM = {"type": "object", "properties": {"why": {"type": "string", "title": "Why"}}}
CASE = {"id": "begins with a check", "steps": [{"do": "start", "vars": {}}, {"expect": {"open": ["check"]}}]}
CHANGED = REFUND.replace(b'name="Check the claim"', b'name="Check it twice"')


@pytest.fixture
def house(app: App, person: Callable[..., None]) -> None:
    """A live version with two forms, a test and a README."""
    person("ada", "designer", name="Ada Vogel")
    files = [("refund.bpmn", REFUND), ("tests.json", json.dumps([CASE]).encode()), ("README.md", b"# Money back")]
    files += [(f"{name}.json", json.dumps(FORM).encode()) for name in ("explain", "check")]
    came = engine.read_bundle(files)
    examined = engine.examine(engine.carry_over(None, came))
    with app.unit_of_work() as work:
        version = engine.deploy(
            work,
            examined.prepared,
            key="refund",
            forms=came.forms,
            tests=came.tests,
            test_results=examined.results,
            documentation=came.documentation,
        )
        engine.go_live(work, version.id, unsigned="Set up for a test")


def test_what_is_kept_is_read_and_what_goes_is_ticked(look: Look, house: None, app: App) -> None:
    looker = look("ada")
    page = looker.visit("/processes")
    page.get_by_label("Upload a process").set_input_files(
        {"name": "refund.bpmn", "mimeType": "text/xml", "buffer": CHANGED}
    )
    page.get_by_role("button", name="Check it").press("Enter")
    page.wait_for_url("**/uploads/*")
    looker.settle()
    made_of = page.get_by_role("region", name="What this version is made of")
    for part in ("Form explain", "Form check", "Test begins with a check", "Description README.md"):
        assert made_of.get_by_role("row", name=part).get_by_text("kept").is_visible()
    looker.check_in_every_window("review-of-a-bundle")
    review = page.url
    looker.visit("/processes")
    page.get_by_role("region", name="Unfinished uploads").get_by_role("link", name="refund.bpmn").press("Enter")
    page.wait_for_url(review)
    looker.settle()
    page.get_by_label("Remove Form explain").press("Space")
    page.get_by_role("button", name="Deploy as draft").press("Enter")
    page.wait_for_url("**/processes/refund**")
    looker.settle()
    looker.check_in_every_window("version-of-a-bundle")
    with app.unit_of_work.reading() as work:
        version = queries.get_version(work, 2)
    assert version.uploaded_forms == ("check",)
    assert (version.source, [case["id"] for case in version.tests]) == (CHANGED, ["begins with a check"])


def test_an_archive_with_a_stray_file_is_refused_by_name(look: Look, house: None) -> None:
    looker = look("ada")
    page = looker.visit("/processes/refund")
    packed = archive_of([("refund/refund.bpmn", CHANGED), ("refund/notes.txt", b"x")])
    page.get_by_label("Upload what changes").set_input_files(
        {"name": "refund.zip", "mimeType": "application/zip", "buffer": packed}
    )
    page.get_by_role("button", name="Check it").press("Enter")
    page.get_by_role("heading", name="Refused").wait_for()
    assert "refund/notes.txt" in page.inner_text("main")
    looker.check("refused-archive")


def test_a_folder_is_one_bundle_and_what_it_lacks_is_kept(look: Look, house: None, tmp_path: Path) -> None:
    folder = tmp_path / "refund"
    (folder / "forms").mkdir(parents=True)
    (folder / "refund.bpmn").write_bytes(CHANGED)
    (folder / "forms" / "explain.json").write_text(json.dumps(FORM))
    looker = look("ada")
    page = looker.visit("/processes")
    page.get_by_label("or a folder").set_input_files(folder)
    page.get_by_role("button", name="Check it").press("Enter")
    page.wait_for_url("**/uploads/*")
    looker.settle()
    assert "2 parts of version 1 are not in what you sent. They are kept unless you tick them." in page.inner_text(
        "main"
    )
    looker.check("review-of-a-folder")


DROP = """([files]) => {
  const file = (name, text) => ({ isFile: true, name, file: (done) => done(new File([text], name)) });
  const folder = (name, inner) => ({ isDirectory: true, name, createReader: () => {
    const left = [inner, []]; return { readEntries: (done) => done(left.shift()) }; } });
  const forms = () => folder("forms", [file("explain.json", files[1])]);
  const all = () => [file("refund.bpmn", files[0]), forms(), folder(".git", [])];
  const entry = files ? folder("refund", all()) : folder("empty", []);
  const event = new Event("drop", { cancelable: true });
  Object.defineProperty(event, "dataTransfer", { value: { files: [], items: [{ webkitGetAsEntry: () => entry }] } });
  dispatchEvent(event);
}"""


def test_a_dropped_folder_is_walked_and_an_empty_one_is_told(look: Look, house: None) -> None:
    looker = look("ada")
    page = looker.visit("/processes")
    page.evaluate(DROP, [None])
    page.get_by_role("alert").get_by_text("There is no file in what you dropped.").wait_for()
    page.evaluate(DROP, [[CHANGED.decode(), json.dumps(FORM)]])
    page.wait_for_url("**/uploads/*")
    looker.settle()
    said = page.inner_text("main")
    assert "2 parts of version 1 are not in what you sent." in said
    assert "refund/.git" in said
    assert not looker.complaints


def test_a_version_that_went_live_unsigned_says_why(look: Look, house: None) -> None:
    looker = look("ada")
    page = looker.visit("/processes/refund")
    assert "Set up for a test" in page.inner_text("main")
    looker.check("live-unsigned")
