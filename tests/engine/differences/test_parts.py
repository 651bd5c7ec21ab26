"""Forms field by field, decisions rule by rule, tests step by step, triggers: whatever differs is named."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bpm.engine.checking import Bundle, Difference, difference
from bpm.engine.differences.decisions import compare_decisions
from bpm.engine.xml import MODEL, read_xml

MODELS = Path(__file__).parents[3] / "process_models"
RULES = (MODELS / "returns/refund.dmn").read_bytes()
FORM = json.loads((MODELS / "returns/forms/approve_refund.json").read_bytes())
CASES = json.loads((MODELS / "returns/tests.json").read_bytes())
TRIGGERS = json.loads((MODELS / "returns/triggers.json").read_bytes())
EMPTY = f'<definitions xmlns="{MODEL}"><process id="p"/></definitions>'.encode()


def bundle(
    *,
    source: bytes = EMPTY,
    forms: dict[str, Any] | None = None,
    decisions: dict[str, bytes] | None = None,
    tests: tuple[Any, ...] = (),
    triggers: tuple[Any, ...] = (),
) -> Bundle:
    return Bundle("p.bpmn", source, forms or {}, decisions or {}, tests, triggers)


def told(found: Difference) -> list[tuple[str, str, str]]:
    return [(each.name, each.property, each.words) for each in found.changed]


def test_a_form_is_compared_field_by_field() -> None:
    form = copy.deepcopy(FORM)
    form["properties"]["refund_approved"]["title"] = "Pay it?"
    form["properties"]["refund_approved_note"]["maxLength"] = 700
    form["properties"]["way"] = {"type": "string", "enum": ["card", "voucher"]}
    form["required"] = ["refund_approved", "way"]
    found = difference(bundle(forms={"approve": FORM}), bundle(forms={"approve": form}))
    assert told(found) == [
        ("approve", "field “refund_approved”, label", "The refund is right → Pay it?"),
        ("approve", "field “refund_approved_note”, letters at most", "600 → 700"),
        ("approve", "field “refund_approved_note”, required", "yes → –"),
        ("approve", "field “way”", "– → type string; option card; option voucher; required yes"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "property_"),
    [
        ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, "option “c”"),
        ({"oneOf": [{"const": "a", "title": "A"}]}, {"oneOf": [{"const": "a", "title": "B"}]}, "option “a”"),
        ({"enum": ["a"], "x-labels": {"a": "A"}}, {"enum": ["a"], "x-labels": {"a": "B"}}, "option “a”"),
        ({"enum": ["a"]}, {"oneOf": [{"const": "a", "title": "A"}]}, "option “a”"),
        ({"x-hidden-if": ["feel:=a > 3"]}, {"x-hidden-if": ["feel:=a > 5"]}, "hidden when"),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}, "order of option"),
        ({"minimum": 1}, {"minimum": 2}, "at least"),
        ({"const": 1}, {"const": True}, "has to be"),
        ({"const": 1}, {"const": "1"}, "has to be"),
        ({"items": {"type": "string"}}, {"items": {"type": "number"}}, "each, type"),
        ({"properties": {"z": {"type": "string"}}}, {"properties": {"z": {"type": "number"}}}, "field “z”, type"),
        ({"x-hint": "a"}, {"x-hint": "b"}, "x-hint"),
    ],
)  # fmt: skip
def test_whatever_a_field_says_is_compared(before: dict[str, Any], after: dict[str, Any], property_: str) -> None:
    olds, news = ({"f": {"properties": {"x": each}}} for each in (before, after))
    assert f"field “x”, {property_}" in [row[1] for row in told(difference(bundle(forms=olds), bundle(forms=news)))]


def test_the_order_of_fields_is_compared() -> None:
    turned = {**FORM, "properties": dict(reversed(FORM["properties"].items()))}
    assert told(difference(bundle(forms={"f": FORM}), bundle(forms={"f": turned}))) == [
        ("f", "order of field", "refund_approved, refund_approved_note → refund_approved_note, refund_approved")
    ]


def test_a_form_of_camunda_is_compared_by_the_keys_of_its_fields() -> None:
    field = {"key": "sum", "id": "Field_1", "type": "number", "label": "Sum", "validate": {"required": True}}
    options = {"key": "way", "type": "select", "values": [{"label": "Card", "value": "c"}]}
    before = {"type": "default", "components": [field, options], "exporter": {"name": "A", "version": "1"}}
    after = copy.deepcopy({**before, "exporter": {"name": "A", "version": "2"}})
    after["components"][0] |= {"id": "Field_9", "label": "Amount"}
    after["components"][1]["values"].append({"label": "Voucher", "value": "v"})
    assert told(difference(bundle(forms={"f": before}), bundle(forms={"f": after}))) == [
        ("f", "field “sum”, label", "Sum → Amount"),
        ("f", "field “way”, option “v”", "– → label Voucher; value v"),
    ]


def test_a_decision_is_compared_rule_by_rule() -> None:
    changed = RULES.replace(b"null, &lt;= 500", b"null, &lt;= 400").replace(b'"UNIQUE"', b'"FIRST"')
    found = difference(bundle(decisions={"r.dmn": RULES}), bundle(decisions={"r.dmn": changed}))
    assert told(found) == [
        ("Refund check", "hit policy", "UNIQUE → FIRST"),
        ("Refund check", "rule 1, “Value of the item”", "null, <= 500 → null, <= 400"),
    ]
    assert [each.name for each in found.kept if each.kind == "decision"] == ["item_value", "condition"]


def test_a_rule_put_in_front_is_one_change() -> None:
    start = RULES.index(b'<rule id="rule_small"')
    rule = (
        b'<rule id="n"><inputEntry id="a"><text>0</text></inputEntry><inputEntry id="b"><text>-</text></inputEntry>'
        b'<outputEntry id="c"><text>"pay"</text></outputEntry><outputEntry id="d"><text>"N"</text></outputEntry></rule>'
    )
    found = difference(
        bundle(decisions={"r.dmn": RULES}), bundle(decisions={"r.dmn": RULES[:start] + rule + RULES[start:]})
    )
    assert [(row[1], "Value of the item: 0" in row[2]) for row in told(found)] == [("rule 1", True)]


def test_rules_in_another_order_are_named() -> None:
    marks = (b'<rule id="rule_small"', b'<rule id="rule_seen"', b"</decisionTable")
    start, middle, end = map(RULES.index, marks)
    turned = RULES[:start] + RULES[middle:end] + RULES[start:middle] + RULES[end:]
    found = difference(bundle(decisions={"r.dmn": RULES}), bundle(decisions={"r.dmn": turned}))
    assert [row[1] for row in told(found)] == ["order of rule"]


def test_a_new_column_is_named_and_its_cells() -> None:
    added = RULES.replace(
        b'<output id="column_check"',
        b'<input id="new" label="Country"><inputExpression><text>country</text></inputExpression></input>'
        b'<output id="column_check"',
    ).replace(
        b'<outputEntry id="small_check"', b'<inputEntry><text>"DE"</text></inputEntry><outputEntry id="small_check"'
    )
    rows = told(difference(bundle(decisions={"r.dmn": RULES}), bundle(decisions={"r.dmn": added})))
    assert ("Refund check", "rule 1, “Country”", '– → "DE"') in rows
    assert any("column “Country”" in row[1] for row in rows)


def test_a_case_is_compared_step_by_step() -> None:
    cases = copy.deepcopy(CASES)
    cases[0]["steps"][1]["expect"]["open"] = ["pay_refund"]
    del cases[1]["steps"][2]
    found = difference(bundle(tests=CASES), bundle(tests=[*cases, {"id": "new", "steps": [{"do": "start"}]}]))
    assert told(found)[0] == (CASES[0]["id"], "step 2, expected, open", "register_return → pay_refund")
    assert [(row[0], row[1]) for row in told(found)[1:]] == [(CASES[1]["id"], "step 3")]
    assert [(each.kind, each.name, each.after) for each in found.added] == [("tests", "new", "1 steps")]


def test_a_table_of_a_test_is_compared_row_by_row() -> None:
    one = {"id": "rates", "decision": "rate", "rows": [{"inputs": {"sum": 1}, "expect": "A"}]}
    other = copy.deepcopy(one)
    other["rows"][0]["inputs"]["sum"] = 2
    other["rows"].append({"inputs": {"sum": 9}, "expect": "C"})
    assert told(difference(bundle(tests=(one,)), bundle(tests=(other,)))) == [
        ("rates", "row 1, given, sum", "1 → 2"),
        ("rates", "row 2", "– → inputs sum 9; expect C"),
    ]


def test_a_form_that_was_read_is_told_without_what_reading_it_wrote() -> None:
    """An option has one line with its label; nothing required leaves no empty list; the order is told once."""
    layout = {"x-layout": [{"title": "", "items": ["a", "b", {"text": "Read this"}]}]}
    before = {"title": "", "properties": {"a": {"enum": [1], "x-labels": {"1": "One"}}, "b": {}}, "required": ["a"]}
    after = {"properties": {"b": {}, "a": {"enum": [1, 2], "x-labels": {"1": "One", "2": "Two"}}}, "required": []}
    turned = {"x-layout": [{"title": "", "items": ["b", "a", {"text": "Read that"}]}]}
    assert set(told(difference(bundle(forms={"f": before | layout}), bundle(forms={"f": after | turned})))) == {
        ("f", "field “a”, option “2”", "– → Two"),
        ("f", "field “a”, required", "yes → –"),
        ("f", "order of field", "a, b → b, a"),
        ("f", "section, text", "Read this → Read that"),
    }


def test_a_trigger_is_compared_condition_by_condition() -> None:
    other = copy.deepcopy(TRIGGERS)
    other[0]["conditions"]["max_age_days"] = 3
    found = difference(bundle(triggers=TRIGGERS), bundle(triggers=other))
    assert told(found) == [(TRIGGERS[0]["name"], "conditions, max_age_days", "14 → 3")]


def test_a_first_version_is_added_part_by_part() -> None:
    found = difference(None, bundle(forms={"f": FORM}, decisions={"r.dmn": RULES}, tests=CASES[:1], triggers=TRIGGERS))
    assert {(each.kind, each.name) for each in found.added} >= {
        ("process", "p.bpmn"), ("form", "f"), ("decision", "Refund check"), ("tests", CASES[0]["id"]),
        ("trigger", TRIGGERS[0]["name"]),
    }  # fmt: skip
    assert not [*found.kept, *found.changed, *found.removed, *found.not_compared]


def test_what_stays_is_listed_and_what_goes_is_named() -> None:
    before = bundle(forms={"f": FORM, "g": FORM}, tests=CASES[:2])
    found = difference(before, bundle(forms={"f": FORM}, tests=CASES[:1]))
    assert [(each.kind, each.name) for each in found.kept] == [
        ("process", "p.bpmn"),
        ("form", "f"),
        ("tests", CASES[0]["id"]),
    ]
    assert [(each.kind, each.name) for each in found.removed] == [("form", "g"), ("tests", CASES[1]["id"])]
    assert not found.changed


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_compared() -> None:
    found = difference(bundle(), bundle(source=b"<a", forms={"f": FORM}, decisions={"x.dmn": b"no xml"}))
    assert any(each.startswith("The models: ") for each in found.not_compared)
    assert any(each.startswith("x.dmn: ") for each in found.not_compared)
    assert [each.name for each in found.added] == ["f"]


def large(name: str) -> bytes:
    """A model of nearly two million bytes in which every task differs in its text."""
    tasks = "".join(
        f'<task id="t{n}" name="Task {n}"><documentation>{name * 120} {n}</documentation></task>' for n in range(2500)
    )
    return f'<definitions xmlns="{MODEL}"><process id="p">{tasks}</process></definitions>'.encode()


def test_two_large_files_come_back_or_are_named() -> None:
    before, after = large("before"), large("after ")
    assert 1_500_000 < len(after) < 2_000_000
    found = difference(bundle(source=before), bundle(source=after))
    assert len(found.changed) == 2500 or found.not_compared


def spots(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Every attribute and every text of a DMN file, but for the ids that nothing names and who wrote it."""
    for element in root.iter("{*}*"):
        is_part = element is root or element.getparent() is not root
        yield from ((element, str(name)) for name in element.attrib if not (is_part and name in ("id", "exporter")))
        if (element.text or "").strip():
            yield element, ""


def test_whatever_is_changed_in_a_decision_is_named() -> None:
    root = read_xml(RULES)
    silent = []
    for element, name in spots(root):
        kept = element.get(name) if name else element.text
        change(element, name, f"{kept}x")
        found = compare_decisions({"r.dmn": RULES}, {"r.dmn": etree.tostring(root)})
        silent += [(element.tag, name)] if found.same else []
        change(element, name, str(kept))
    assert not silent


def change(element: etree._Element, name: str, value: str) -> None:
    if name:
        element.set(name, value)
    else:
        element.text = value
