"""The name a file is kept under: any script, no path, and its ending however long it is."""

import pytest

from bpm.engine.rules.file_names import LONGEST, kept_name


@pytest.mark.parametrize(
    "name",
    ["Reklamation – neu.bpmn", "投诉 处理.bpmn", "شكوى.bpmn", "🙂 order.BPMN", "order.xml", ".bpmn", "no ending"],
)
def test_names_in_any_script_stay_as_they_are(name: str) -> None:
    assert kept_name(name) == name


@pytest.mark.parametrize(
    "path", ["../../etc/order.bpmn", "C:\\models\\order.bpmn", "/models/order.bpmn/", "a\\b/order.bpmn"]
)
def test_the_path_goes(path: str) -> None:
    assert kept_name(path) == "order.bpmn"


def test_what_no_name_can_hold_goes() -> None:
    assert kept_name("or\x00d\ner\u202e.bpmn\udcff") == "order.bpmn"


@pytest.mark.parametrize("nothing", ["", "..", "/", "  ", "\x00"])
def test_a_file_without_a_name_gets_one(nothing: str) -> None:
    assert kept_name(nothing) == "model.bpmn"


def test_a_very_long_name_keeps_its_ending() -> None:
    name = kept_name("投" * 400 + ".bpmn")
    assert (len(name), name[-6:]) == (LONGEST, "投.bpmn")
