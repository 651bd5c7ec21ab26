"""Whatever is sent, every file of it is placed or refused by its name; an archive never takes more than its limits."""

import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.engine.definitions.received import MOST_FILES, Received, files_in, read_bundle
from bpm.engine.findings import Finding
from bpm.foundation.errors import RefusedError
from tests.engine.models import ONE_TASK
from tests.engine.received.files import CASE, FORM, MODEL, TABLE, Files, archive_of, written

WHOLE: Files = [
    ("one/one.bpmn", ONE_TASK),
    ("one/forms/Read.json", written(FORM)),
    ("one/rules.dmn", TABLE),
    ("one/tests.json", written([CASE])),
    ("one/triggers.json", written([{"name": "Complaints"}])),
    ("one/README.md", b"# What it is for"),
]


def refused(files: Files, *, whole: bool = False) -> list[Finding]:
    with pytest.raises(RefusedError) as caught:
        read_bundle(files, whole=whole)
    return [finding for finding in caught.value.findings if isinstance(finding, Finding)]


def test_a_folder_and_the_same_folder_as_an_archive_are_the_same_bundle() -> None:
    folder = read_bundle(WHOLE, whole=True)
    assert folder == read_bundle([("one.zip", archive_of(WHOLE))])
    assert (folder.file_name, folder.source, folder.folder) == ("one.bpmn", ONE_TASK, "one")
    assert (dict(folder.forms), dict(folder.decisions)) == ({"Read": FORM}, {"rules.dmn": TABLE})
    assert (folder.tests, folder.triggers) == ((CASE,), ({"name": "Complaints"},))
    assert folder.documentation == "# What it is for"


def test_a_form_lies_anywhere_and_has_either_ending() -> None:
    read = read_bundle([MODEL, ("a.json", written(FORM)), ("deep/er/b.form", written({"components": []}))])
    assert set(read.forms) == {"a", "b"}
    assert not read.whole


def test_a_model_is_known_by_what_it_says_where_its_name_does_not_tell() -> None:
    assert read_bundle([("sent", ONE_TASK)]).source == ONE_TASK
    assert read_bundle([("one.xml", ONE_TASK), ("rules.xml", TABLE)]).decisions == {"rules.xml": TABLE}


def test_what_an_operating_system_leaves_behind_is_named_and_left_out() -> None:
    names = ("__MACOSX/._one.bpmn", "a/.DS_Store", "._one.bpmn", "a/~$rules.dmn", "a/.git/config", "a/.gitignore")
    read = read_bundle([MODEL, *((name, b"\0") for name in names)])
    assert read.left_out == names


def test_an_archive_of_windows_has_the_same_folders() -> None:
    packed = archive_of([("one/one.bpmn", ONE_TASK), ("one/forms/a.json", written(FORM)), ("one/.git/x", b"")])
    read = read_bundle([("one.zip", packed.replace(b"one/", b"one\\").replace(b"forms/", b"forms\\"))])
    assert (read.folder, set(read.forms), read.left_out) == ("one", {"a"}, ("one/.git/x",))


def test_a_folder_that_a_tool_keeps_is_one_path_and_a_link_to_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / ".git/objects").mkdir(parents=True)
    (tmp_path / ".git/objects/0a").write_bytes(b"x")
    (tmp_path / "one.bpmn").write_bytes(ONE_TASK)
    assert [path.partition("/")[2] for path, _content in files_in(tmp_path)] == [".git", "one.bpmn"]
    assert read_bundle(files_in(tmp_path), whole=True).source == ONE_TASK
    (tmp_path / "rules.dmn").symlink_to(tmp_path / "gone.dmn")
    with pytest.raises(RefusedError, match=r"rules\.dmn"):
        files_in(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("notes.txt", b"hello", "file-kind-unknown"),
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "file-kind-unknown"),
        ("pom.xml", b"<project/>", "file-kind-unknown"),
        ("test.json", written([CASE]), "form-no-schema"),
        ("package.json", written({"name": "x", "description": "y"}), "form-no-schema"),
        ("package.json", written({"name": "x", "type": "module"}), "form-no-schema"),
        ("list.json", b"[1]", "form-no-schema"),
        ("forms/a.json", b'{"type":\n "object",\n}', "json-unreadable"),
        ("forms/a.json", b'{"type": "object", "type": "array"}', "json-name-twice"),
        ("tests.json", b'{"case": []}', "no-list"),
        ("tests.json", written([CASE, CASE]), "test-twice"),
        ("tests.json", written([{"id": "x"}]), "test-empty"),
        ("tests.json", b"[1]", "test-no-object"),
        ("triggers.json", written([{"name": "a"}, {"name": "a"}]), "trigger-twice"),
        ("second.bpmn", ONE_TASK, "two-models"),
        ("inner.zip", archive_of([("inner2.zip", archive_of([MODEL]))]), "archive-in-archive"),
        ("README.md", b"x" * 300_000, "readme-too-large"),
    ],
)
def test_a_file_that_cannot_be_placed_is_named(name: str, content: bytes, code: str) -> None:
    found = refused([MODEL, (name, content)])
    assert code in {finding.code for finding in found if name.rpartition("/")[2].partition(".")[0] in finding.name}
    assert all(finding.remedy and finding.severity == "error" for finding in found)


def test_bad_json_is_told_with_its_line() -> None:
    (finding,) = refused([MODEL, ("forms/a.json", b'{"type":\n "object",\n}')])
    assert finding.line == 2
    assert "line 2" in finding.message


@pytest.mark.parametrize(
    ("case", "wrong", "meant"),
    [
        ({"id": "a", "stepps": []}, "stepps", "steps"),
        ({"id": "a", "steps": [{"do": "complet", "task": "Read"}]}, "complet", "complete"),
        ({"id": "a", "steps": [{"do": "complete", "tsak": "Read"}]}, "tsak", "task"),
        ({"id": "a", "steps": [{"expcet": {"ended": True}}]}, "expcet", "expect"),
        ({"id": "a", "steps": [{"expect": {"opne": []}}]}, "opne", "open"),
        ({"id": "a", "steps": [{"expect": {"items": [{"grup": "it"}]}}]}, "grup", "group"),
        ({"id": "a", "steps": [{"expect": {"ran": [{"elements": [], "time": 1}]}}]}, "time", "times"),
        ({"id": "a", "decision": "d", "rows": [{"input": {}}]}, "input", "inputs"),
    ],
)
def test_a_misspelt_name_in_a_test_is_told_with_the_nearest_right_one(
    case: dict[str, object], wrong: str, meant: str
) -> None:
    found = [each for each in refused([MODEL, ("tests.json", written([case]))]) if each.code == "test-key-misspelt"]
    assert [(repr(wrong) in each.message, f"Write {meant} " in each.remedy) for each in found] == [(True, True)]


def test_of_too_many_files_those_beyond_the_limit_are_named() -> None:
    files = [MODEL, *((f"forms/f{number:02}.json", written(FORM)) for number in range(MOST_FILES + 4))]
    found = refused(files)
    assert [each.name for each in found] == [path for path, _content in files[MOST_FILES:]]
    assert str(MOST_FILES) in found[0].message


def test_two_files_of_one_name_are_named_both() -> None:
    (finding,) = refused([MODEL, ("a/x.json", written(FORM)), ("b/X.form", written({"components": []}))])
    assert (finding.name, finding.code) == ("b/X.form", "two-of-one-name")
    assert "a/x.json" in finding.message


def test_every_problem_of_a_drop_is_told_at_once() -> None:
    found = refused([MODEL, ("a.txt", b""), ("b.json", b"{"), ("c/one.bpmn", ONE_TASK)])
    assert {each.name for each in found} == {"a.txt", "b.json", "c/one.bpmn"}


@pytest.mark.parametrize("cut", [0, 10, 100])
def test_a_broken_archive_is_named(cut: int) -> None:
    (finding,) = refused([("one.zip", archive_of(WHOLE)[: -cut or 3])])
    assert finding.code == "archive-unreadable"


def test_an_archive_that_would_grow_too_far_is_not_unpacked() -> None:
    (finding,) = refused([("one.zip", archive_of([MODEL, ("forms/a.json", b" " * 4_000_000)]))])
    assert (finding.name, finding.code) == ("one.zip/forms/a.json", "archive-too-large")
    (finding,) = refused([("one.zip", archive_of([(f"{n}.json", b"x") for n in range(300)]))])
    assert "300" in finding.message


def test_an_archive_that_lies_about_a_size_is_refused() -> None:
    packed = archive_of([("one.bpmn", ONE_TASK)], method=zipfile.ZIP_STORED)
    size, wrong = struct.pack("<I", len(ONE_TASK)), struct.pack("<I", len(ONE_TASK) - 10)
    (finding,) = refused([("one.zip", packed.replace(size, wrong))])
    assert finding.code == "archive-unreadable"


def test_entries_that_lead_out_or_are_links_or_locked_are_refused() -> None:
    (finding,) = refused([("one.zip", archive_of([("../one.bpmn", ONE_TASK)]))])
    assert finding.code == "archive-entry"
    link = zipfile.ZipInfo("one.bpmn")
    link.external_attr = 0o120777 << 16
    packed = archive_of([(link, b"/etc/passwd")])  # type: ignore[list-item]  # writestr takes both
    assert refused([("one.zip", packed)])[0].code == "archive-entry"


NAMES = st.sampled_from(
    ["one.bpmn", "two.xml", "rules.dmn", "a.json", "b/a.json", "a.form", "tests.json", "Tests.JSON", "triggers.json",
     "README.md", "x.txt", "", ".DS_Store", "deep/er/c.json", "p.zip", "logo.svg"]
)  # fmt: skip
CONTENTS = st.sampled_from(
    [ONE_TASK, TABLE, written(FORM), written([CASE]), b"", b"{", b"[]", b"<svg/>", archive_of([MODEL]), b"\xff\0"]
)


@given(st.lists(st.tuples(NAMES, CONTENTS), max_size=8), st.booleans())
def test_every_file_is_placed_or_named(files: Files, whole: bool) -> None:
    read, findings = read_or_refused(files, whole=whole)
    assert all(isinstance(each, Finding) and each.remedy for each in findings)
    if read is not None:
        assert count(read) == sum(not says_nothing(*file) for file in files)
    else:
        assert findings


def read_or_refused(files: Files, *, whole: bool) -> tuple[Received | None, tuple[object, ...]]:
    try:
        return read_bundle(files, whole=whole), ()
    except RefusedError as error:
        return None, error.findings


def says_nothing(name: str, content: bytes) -> bool:
    """Lists of nothing and an empty README leave nothing behind."""
    return content == b"[]" or (name == "README.md" and not content)


def count(read: Received) -> int:
    """How many files came, from what is there of them; a list of nothing leaves nothing."""
    lists = (read.source is not None, read.tests, read.triggers, read.documentation)
    return sum(map(bool, lists)) + len(read.forms) + len(read.decisions) + len(read.left_out)
