"""`earshot diff` names what differs between files, folders, archives and stored versions, in four forms."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from bpm.app import App
from tests.cli.test_models import home, run

__all__ = ["home"]
RETURNS = Path(__file__).parents[2] / "process_models/returns"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The folder of a process with another timer, rule and form, and one form less."""
    folder = tmp_path / "returns"
    shutil.copytree(RETURNS, folder)
    for name, old, new in (
        ("returns.bpmn", "P14D", "P7D"),
        ("refund.dmn", "&lt;= 500", "&lt;= 400"),
        ("forms/approve_refund.json", "The refund is right", "<b>Pay | it?</b>"),
    ):
        path = folder / name
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    (folder / "forms/tell_delay.json").unlink()
    return folder


def test_two_folders_are_told_apart_line_by_line(changed: Path) -> None:
    answer = run("diff", RETURNS, changed)
    assert answer.exit_code == 0
    for line in (
        "    timer: after 14 days → after 7 days",
        "    rule 1, “Value of the item”: null, <= 500 → null, <= 400",
        "- Form tell_delay",
        "3 changed, 1 removed.",
    ):
        assert line in answer.output.splitlines()


def test_the_exit_code_says_on_demand_whether_anything_differs(changed: Path) -> None:
    assert run("diff", "--exit-code", RETURNS, changed).exit_code == 1
    same = run("diff", "--exit-code", RETURNS, RETURNS)
    assert (same.exit_code, same.output) == (0, "Nothing differs.\n")


def test_an_archive_is_compared_as_the_folder_in_it(changed: Path, tmp_path: Path) -> None:
    archive = tmp_path / "returns.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(changed.rglob("*.*")):
            file.write(path, path.relative_to(tmp_path))
    assert run("diff", "--exit-code", changed, archive).exit_code == 0


def test_json_names_each_change_with_its_kind(changed: Path) -> None:
    found = json.loads(run("diff", "--json", RETURNS, changed).output)
    timer = next(each for each in found["changed"] if each["property"] == "timer")
    assert timer == {
        "kind": "element", "name": "14 days without a scan", "property": "timer", "before": "P14D", "after": "P7D",
        "element": "no_scan", "words": "after 14 days → after 7 days",
    }  # fmt: skip
    assert [(each["kind"], each["name"]) for each in found["removed"]] == [("form", "tell_delay")]


def test_markdown_and_html_hold_no_markup_of_the_files(changed: Path) -> None:
    markdown, page = (run("diff", how, RETURNS, changed).output for how in ("--md", "--html"))
    assert "| \\<b\\>Pay \\| it?\\</b\\> |" in markdown
    assert "&lt;b&gt;Pay | it?&lt;/b&gt;" in page
    assert "<b>Pay" not in page
    assert "<script" not in page
    assert page.startswith("<!doctype html>")


def test_a_stored_version_is_compared_by_its_key_and_number(home: App, changed: Path) -> None:
    assert run("deploy", RETURNS).exit_code == 0
    assert run("diff", "--exit-code", "returns@1", RETURNS / "returns.bpmn").exit_code == 1
    answer = run("diff", "returns@1", changed)
    assert "    timer: after 14 days → after 7 days" in answer.output


def test_what_is_not_there_and_what_does_not_belong_is_named(home: App, changed: Path) -> None:
    assert "KEY@NUMBER" in str(run("diff", "nothing.bpmn", RETURNS).exception)
    assert "has no version 7" in str(run("diff", "returns@7", RETURNS).exception)
    (changed / "notes.txt").write_text("x")
    assert "notes.txt" in str(run("diff", RETURNS, changed).exception)
