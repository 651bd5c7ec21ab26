"""Reading XML within limits, and saying in plain words why a file cannot be read."""

import pytest

from bpm.engine.definitions.prepare import prepare
from bpm.engine.xml import MAX_BYTES, read
from bpm.foundation.errors import RefusedError
from tests.engine.bpmn.drawing import line, model

GOOD = model(line('<userTask id="a" name="Grün prüfen"/>')).decode()


def _refusal(source: bytes) -> tuple[str, int]:
    with pytest.raises(RefusedError) as caught:
        read(source)
    finding = caught.value.findings[0]
    assert finding.remedy
    return finding.code, finding.line


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        (b"", "empty-file", 0),
        (b"  \n", "empty-file", 0),
        (b"PK\x03\x04 zip", "not-xml", 1),
        (b"<!doctype html><html></html>", "html-page", 1),
        (b"\n <HTML><body></body></HTML>", "html-page", 1),
        (b'<?xml version="1.0"?>\n<!DOCTYPE d [<!ENTITY x "y">]>\n<d/>', "doctype", 2),
        (b'<?xml version="1.0"?><!-- a -->\n\n<!doctype d><d/>', "doctype", 3),
        (b"<a>\n<b>\n</a>", "not-well-formed", 3),
        (b"<xmi:XMI xmlns:xmi='urn:x'/>", "not-bpmn", 1),
        (b"<definitions/>", "not-bpmn", 1),
        (b"x" * (MAX_BYTES + 1), "too-large", 0),
        (b"<a>" * 65 + b"</a>" * 65, "too-deep", 1),
        (b"<a>" + b"<b/>" * 20_001 + b"</a>", "too-many-nodes", 1),
        (b"<!--x-->" * 70_000 + b"<a/>", "too-many-nodes", 0),
        (b"<a " + b" ".join(b'a%d="1"' % i for i in range(300)) + b"/>", "too-many-attributes", 1),
        (b"<a " + b" ".join(b'xmlns:n%d="urn:%d"' % (i, i) for i in range(2000)) + b"/>", "too-many-namespaces", 1),
        (b"<a>" + b"<b:sequenceFlow xmlns:b='urn:b'/>" * 900 + b"<userTask/>" * 3000 + b"</a>", "too-many-elements", 0),
        ('<!DOCTYPE d [<!ENTITY x "y">]><d/>'.encode("utf-16"), "doctype", 1),
    ],
)
def test_a_file_that_is_no_model_is_refused_in_plain_words(source: bytes, code: str, line: int) -> None:
    assert _refusal(source) == (code, line)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_encoding_is_taken_from_the_bytes(codec: str) -> None:
    declared = "utf-8" if codec == "utf-8-sig" else codec
    root = read(f'<?xml version="1.0" encoding="{declared}"?>\n{GOOD}'.encode(codec))
    assert "Grün prüfen" in [element.get("name") for element in root.iter()]


def test_a_doctype_inside_a_text_is_only_a_text() -> None:
    page = "<documentation><![CDATA[<!DOCTYPE html><p>Hello</p>]]></documentation>"
    assert read(model(line(f'<userTask id="a">{page}</userTask>'))) is not None


def test_letters_of_windows_under_the_name_of_utf_8_are_read_and_named() -> None:
    source = f'<?xml version="1.0" encoding="UTF-8"?>\n{GOOD}'.encode("windows-1252")
    prepared = prepare(source, "old.bpmn")
    assert prepared.deployable
    assert [element.name for element in prepared.elements if element.id == "a"] == ["Grün prüfen"]
    assert "encoding-corrected" in [finding.code for finding in prepared.findings]
    assert prepared.source == source


def test_a_namespace_that_is_no_address_hurts_nobody_while_other_errors_still_do() -> None:
    spaced = GOOD.replace("<process", '<process xmlns:x="http://a b/c"', 1)
    assert read(spaced.encode()) is not None
    assert _refusal(spaced.replace("</process>", "</proces>").encode())[0] == "not-well-formed"


def test_many_elements_may_declare_namespaces_but_not_all_around_one() -> None:
    assert read(GOOD.replace("<userTask", '<userTask xmlns:n="urn:n"').encode()) is not None
    beside = "".join(f'<x:e xmlns:x="urn:{number}"/>' for number in range(2000))
    assert (
        read(GOOD.replace("</process>", f"<extensionElements>{beside}</extensionElements></process>").encode())
        is not None
    )
    nested = "".join(
        f'<extensionElements {" ".join(f"""xmlns:n{level}_{i}="urn:{i}" """ for i in range(50))}>' for level in range(6)
    )
    source = GOOD.replace("</process>", nested + "</extensionElements>" * 6 + "</process>").encode()
    assert _refusal(source)[0] == "too-many-namespaces"
