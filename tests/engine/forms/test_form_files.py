"""Forms of Camunda 8 and bpmn.io: each component becomes a field, or is named; nothing is dropped in silence."""

from typing import Any

import pytest

from bpm.engine.definitions.form_checks import check_forms
from bpm.engine.forms import Field, form_of, schema_of
from bpm.engine.forms.form_js import read_form_js
from bpm.engine.forms.given import as_schema
from tests.engine.bpmn.asking.drawn import checked, model


def file(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": "default", "id": "Form_claim", "schemaVersion": 16, "components": list(components)}


def one(**component: Any) -> Field:
    """The only field of a form with this component, of which nothing was lost."""
    form, problems = read_form_js(file({"key": "x", "label": "X", **component}))
    assert not problems, problems
    return next(form.fields())


@pytest.mark.parametrize(
    ("component", "kind"),
    [
        ({"type": "textfield"}, "text"), ({"type": "textarea"}, "long text"), ({"type": "number"}, "number"),
        ({"type": "number", "decimalDigits": 0}, "integer"), ({"type": "checkbox"}, "check"),
        ({"type": "datetime", "subtype": "date", "dateLabel": "X"}, "date"),
        ({"type": "datetime", "subtype": "time", "timeLabel": "X"}, "time"),
        ({"type": "datetime", "subtype": "datetime"}, "date-time"),
        ({"type": "textfield", "validate": {"validationType": "email"}}, "email"),
        *(({"type": each, "values": [{"label": "A", "value": "a"}]}, kind) for each, kind in (
            ("radio", "choice"), ("select", "choice"), ("checklist", "many"), ("taglist", "many"))),
        ({"type": "expression", "expression": "=2"}, "computed"),
    ],
)  # fmt: skip
def test_each_component_is_a_field_of_its_kind(component: dict[str, Any], kind: str) -> None:
    assert one(**component).kind == kind


def test_rules_defaults_and_affixes_are_kept() -> None:
    field = one(type="number", description="In total", defaultValue=3,
                validate={"required": True, "min": 1, "max": 9.5},
                appearance={"prefixAdorner": "EUR", "suffixAdorner": "net"}, increment="0.5")  # fmt: skip
    assert (field.required, field.help, field.default) == (True, "In total", 3)
    assert (field.limits.minimum, field.limits.maximum, field.limits.step) == (1, 9.5, 0.5)
    assert (field.prefix, field.suffix) == ("EUR", "net")
    text = one(type="textfield", validate={"minLength": 2, "maxLength": "5", "pattern": "^A"})
    assert (text.limits.shortest, text.limits.longest, text.limits.pattern) == (2, 5, "^A")


def test_options_come_from_the_file_a_variable_or_an_expression() -> None:
    assert one(type="radio", values=[{"label": "A", "value": "a"}]).options[0].label == "A"
    assert one(type="select", valuesKey="shops").options_from == "feel:=shops"
    assert one(type="taglist", valuesExpression='=["a"]').options_from == 'feel:=["a"]'


def test_conditions_hide_and_lock_by_feel() -> None:
    field = one(type="textfield", conditional={"hide": "=amount < 100"}, readonly="=locked", key="why")
    assert (field.hidden_if, field.read_only_if) == (("feel:=amount < 100",), "feel:=locked")
    assert one(type="textfield", disabled=True).read_only


def test_groups_paths_and_lists_of_rows_keep_their_shape() -> None:
    form, problems = read_form_js(
        file(
            {"type": "textfield", "key": "order.number", "label": "Number"},
            {
                "type": "group",
                "label": "Address",
                "path": "address",
                "components": [{"type": "textfield", "key": "zip"}],
            },
            {"type": "group", "label": "More", "components": [{"type": "checkbox", "key": "sure"}]},
            {
                "type": "dynamiclist",
                "label": "Items",
                "path": "items",
                "components": [{"type": "number", "key": "price"}],
            },
        )
    )
    assert [each.part for each in problems] == []
    shape = {field.name: (field.kind, [each.name for each in field.fields]) for field in form.fields()}
    assert shape == {
        "order": ("group", ["number"]), "address": ("group", ["zip"]), "sure": ("check", []),
        "items": ("list", ["price"]),
    }  # fmt: skip
    assert [section.title for section in form.sections if section.fields] == ["", "More", ""]
    assert form_of(schema_of(form)) == form


def test_texts_html_and_tables_are_read_as_words() -> None:
    form, _problems = read_form_js(
        file(
            {"type": "text", "text": "# Hello {{name}}"},
            {"type": "html", "content": "<p>Plain <b>words</b></p><script>alert(1)</script>"},
            {"type": "table", "dataSource": "=lines", "columns": [{"key": "sku", "label": "Article"}]},
        )
    )
    hello, words, table = form.fields()
    assert hello.value_from.startswith("feel:=")
    assert words.label == "Plain words"
    assert (table.kind, table.value_from, table.fields[0].label) == ("table", "feel:=lines", "Article")


@pytest.mark.parametrize(
    ("component", "part"),
    [
        ({"type": "image", "alt": "A map", "source": "https://x"}, "A map"),
        ({"type": "iframe", "label": "Page"}, "Page"),
        ({"type": "button", "action": "reset", "label": "Again"}, "Again"), ({"type": "hologram", "key": "h"}, "h"),
        ({"type": "filepicker", "key": "proof"}, "proof"), ({"type": "spacer"}, ""), ({"type": "separator"}, ""),
        ({"type": "textfield", "key": "t", "glow": 1}, "t"),
        ({"type": "textfield", "key": "t", "conditional": {"hide": "=("}}, "t"),
        ({"type": "textfield", "key": "t", "validate": {"minLength": "=n"}}, "t"),
        ({"type": "select", "key": "s"}, "s"), ({"type": "textfield", "label": "Nameless"}, "Nameless"),
        ({"type": "text", "text": "{{#if a}}b{{/if}}"}, "{{#if a}}b{{/if}}"),
        ({"type": "dynamiclist", "label": "Rows", "components": []}, "Rows"),
        ({"type": "textfield", "key": "t", "label": "=name"}, "t"),
        ({"type": "textfield", "key": "t", "properties": {"widget": "signature"}}, "widget (signature)"),
        ({"type": "group", "label": "G", "properties": {"fold": "yes"}, "components": []}, "fold (yes)"),
        ({"type": "dynamiclist", "path": "l", "defaultRepetitions": 3,
          "components": [{"type": "number", "key": "n", "properties": {"unit": "kg"}}]}, "unit (kg)"),
        ({"type": "dynamiclist", "path": "l", "defaultRepetitions": 3, "components": []}, "defaultRepetitions (3)"),
        ({"type": "radio", "key": "r", "values": [{"label": "A", "value": "a", "icon": "x"}]}, "values.icon (x)"),
        ({"type": "radio", "key": "r", "values": [{"label": "A", "value": "a"}, None]}, "One of its options"),
        ({"type": "text", "text": "Read", "validate": {"required": True}}, "validate.required (True)"),
        ({"type": "textfield", "key": "t", "appearance": {"glow": 2}}, "appearance.glow (2)"),
        ({"type": "textfield", "key": "t", "conditional": {"show": "=x"}}, "conditional.show (=x)"),
        ({"type": "textfield", "key": "t", "validate": {"min": 3}}, "min: 3"),
        ({"type": "number", "key": "n", "decimalDigits": 2}, "not limited to 2"),
        ({"type": "number", "key": "n", "defaultValue": "many"}, "'many'"),
        ({"type": "button", "label": "Send it", "action": "submit"}, "Send it"),
        ({"type": "table", "dataSource": "=l", "columns": [{"key": "k", "width": 9}]}, "columns.width (9)"),
    ],
)  # fmt: skip
def test_what_is_not_drawn_is_named_with_what_to_do(component: dict[str, Any], part: str) -> None:
    _form, problems = read_form_js(file(component))
    assert any(part == each.part or part in each.message for each in problems)
    assert all(each.message and each.remedy for each in problems)
    findings = check_forms({"claim": as_schema(file(component))})
    assert any(part in each.message for each in findings)
    assert {each.element for each in findings} == {"claim"}


def test_a_task_finds_its_form_by_the_id_in_the_file_by_its_name_and_inside_the_process() -> None:
    form = as_schema(file({"type": "textfield", "key": "why", "label": "Why"}))
    given = {"claim-form": form}
    for settings in (
        '<extensionElements><zeebe:formDefinition formId="Form_claim"/></extensionElements>',
        '<extensionElements><zeebe:formDefinition externalReference="claim-form"/></extensionElements>',
    ):
        prepared = checked(model(f'<userTask id="work">{settings}</userTask>', "start>work work>end"), forms=given)
        assert b'form="claim-form"' in prepared.executable
        assert "work" not in prepared.extra["forms"]
    for key in ("embedded:deployment:forms/claim-form.html", "camunda-forms:deployment:claim-form.form"):
        prepared = checked(model(f'<userTask id="work" camunda:formKey="{key}"/>', "start>work work>end"), forms=given)
        assert b'form="claim-form"' in prepared.executable
    inside = (
        '<extensionElements><zeebe:userTaskForm id="f1">{"components": [{"type": "number", "key": "total"}]}'
        "</zeebe:userTaskForm></extensionElements>\n"
        '<userTask id="work"><extensionElements><zeebe:formDefinition formKey="camunda-forms:bpmn:f1"/>'
        "</extensionElements></userTask>"
    )
    prepared = checked(model(inside, "start>work work>end"))
    assert list(prepared.extra["forms"]["work"]["properties"]) == ["total"]


def test_a_form_that_is_a_page_of_another_engine_is_named_and_made_instead() -> None:
    node = (
        '<userTask id="work" camunda:formKey="embedded:app:forms/check.html"/>\n<exclusiveGateway id="g" default="f3"/>'
    )
    prepared = checked(model(node, "start>work work>g g>end_a:c g>end_b", c="${ok}"))
    assert "form-of-other-engine" in {each.code for each in prepared.findings}
    assert list(prepared.extra["forms"]["work"]["properties"]) == ["ok"]


def test_parts_of_one_object_meet_and_a_key_that_is_there_twice_is_named() -> None:
    form, problems = read_form_js(
        file(
            {"type": "group", "label": "One", "components": [{"type": "textfield", "key": "order.a"}]},
            {"type": "textfield", "key": "order.b"},
            {"type": "number", "key": "order.a"},
            {"type": "textfield", "key": "why"},
            {"type": "checkbox", "key": "why"},
        )
    )
    assert [each.part for each in problems] == ["a", "why"] or [each.part for each in problems] == ["why", "a"]
    shape = {field.name: [each.name for each in field.fields] for field in form.fields()}
    assert shape == {"order": ["a", "b"], "why": []}
    many = {"type": "textfield", "key": "t", "properties": {f"p{at}": at for at in range(60)}}
    told = check_forms({"f": as_schema(file(many, {"type": "select", "key": "s"}))})
    assert told[0].severity == "error"
    assert "11 more" in told[-1].message


def test_what_a_json_schema_says_and_no_form_does_is_named_at_its_place_and_hides_nothing() -> None:
    unused = {f"w{at}": at for at in range(70)}
    looped = {"properties": {"a": {**unused, "writeOnly": True}, "b": {"format": "iban"}, "c": {"$ref": "#"}}}
    found = check_forms({"f": looped})
    assert [each.code for each in found if each.severity == "error"] == ["form-recursive"]
    assert "more than 50" in found[-1].message
    plain = {
        "type": "object",
        "properties": {"a": {"widget": "x", "examples": ["y"]}, "b": {"format": "iban", "widget": "z"}},
    }
    told = [each.message for each in check_forms({"f": plain})]
    for part in ("#/properties/a/widget", "#/properties/b/widget", "#/properties/a/examples", "'iban'"):
        assert any(part in each for each in told), part


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (('type="string"><camunda:validation><camunda:constraint name="validator" config="com.acme.Iban"/>'
         "</camunda:validation>"), "com.acme.Iban"),
        ('type="long"><camunda:validation><camunda:constraint name="minlength" config="2"/></camunda:validation>',
         "minlength 2"),
        ('type="string"><camunda:properties><camunda:property id="widget" value="big"/></camunda:properties>',
         "widget (big)"),
        ('type="money">', "'money'"), ('type="long" defaultValue="many">', "'many'"),
        ('type="string" defaultValue="${who}">', "'${who}'"), ('type="date" datePattern="dd/MM/yyyy">', "datePattern"),
        ('type="date" defaultValue="31/12/2030">', "31/12/2030"), ('type="enum">', "no value"),
        ('type="enum" defaultValue="c"><camunda:value id="a" name="A"/>', "'c'"),
        ('type="enum"><camunda:value name="A"/><camunda:value id="b" name="B" color="red"/>', "without an id (A)"),
        ('type="enum"><camunda:value id="b" name="B" color="red"/>', "value color (red)"),
        ('type="string" readable="false">', "readable"), ('type="string" variable="v">', "variable (v)"),
        ('type="string" expression="#{v.w}">', "expression (#{v.w})"), ('type="string" glow="1">', "glow (1)"),
    ],
)  # fmt: skip
def test_what_a_field_inside_a_model_says_and_no_form_does_is_named(field: str, told: str) -> None:
    for kind in ("userTask", "startEvent"):
        tag = "flowable:formProperty" if 'able="' in field else "camunda:formField"
        prefix = "<camunda:formData>" if tag.startswith("camunda") else ""
        node = (
            f'<{kind} id="work"><extensionElements>{prefix}<{tag} id="iban" {field}</{tag}>'
            f"{prefix.replace('<', '</')}</extensionElements></{kind}>"
        )
        flows = "work>end" if kind == "startEvent" else "start>work work>end"
        findings = checked(model(node, flows)).findings
        named = [each for each in findings if told in each.message]
        assert len(named) == 1, findings
        assert "'iban'" in named[0].message
        assert named[0].remedy
        assert named[0].code == "form-part"


def test_limits_of_fields_inside_a_model_are_kept_and_fields_beside_a_form_are_named() -> None:
    field = (
        '<extensionElements><camunda:formData><camunda:formField id="total" type="double"><camunda:validation>'
        '<camunda:constraint name="max" config="9.5"/><camunda:constraint name="required"/></camunda:validation>'
        "</camunda:formField></camunda:formData></extensionElements></userTask>"
    )
    prepared = checked(model(f'<userTask id="work">{field}', "start>work work>end"))
    assert prepared.extra["forms"]["work"]["properties"]["total"]["maximum"] == 9.5
    assert prepared.extra["forms"]["work"]["required"] == ["total"]
    given = {"claim": as_schema(file({"type": "textfield", "key": "why"}))}
    both = checked(model(f'<userTask id="work" camunda:formKey="claim">{field}', "start>work work>end"), forms=given)
    assert any("total" in each.message and "'claim'" in each.message for each in both.findings)
