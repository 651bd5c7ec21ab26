"""A task without a form asks for what the model reads next, in fields that fit how it is read."""

import pytest

from bpm.engine.bpmn.asking.suggestions import NOTE
from tests.engine.bpmn.asking.drawn import asked, checked, choices, model

TWO_WAYS = "start>work work>g g>end_a:c g>end_b"


def two_ways(condition: str, *, before: str = "") -> bytes:
    """A task, then a gateway with one condition and a default."""
    nodes = f'{before}\nwork:userTask\n<exclusiveGateway id="g" name="Which way?" default="f3"/>'
    return model(nodes, TWO_WAYS, c=condition)


@pytest.mark.parametrize(
    "condition",
    [
        "${found == true}", "${found}", "${!found}", "${not found}", "=found", "=found = true", "=not(found)",
        "found", "found == True", "not found", "${found eq false}", "=found and true", "#{found == false}",
        "${execution.getVariable('found')}",
    ],
)  # fmt: skip
def test_a_yes_or_no_is_asked_as_one(condition: str) -> None:
    field = asked(two_ways(condition))["found"]
    assert (field.kind, field.label, field.required) == ("yes-no", "Found", True)


@pytest.mark.parametrize(
    ("condition", "limit"),
    [
        ("${total > 100}", "more than 100"), ("=total >= 99.5", "at least 99.5"), ("total < 3", "less than 3"),
        ("${100 <= total}", "at least 100"), ("=total between 5 and 7", "at most 7"),
        ("=total in [5..7]", "at least 5"),
        ("=total * 2 > 7", ""), ("${total == 3}", "3"), ("${vars:gt(total, 100)}", "more than 100"),
        ("${variables:lowerThanOrEquals(total, 7)}", "at most 7"),
    ],
)  # fmt: skip
def test_a_number_is_asked_as_one_and_its_limits_are_said_but_do_not_bind(condition: str, limit: str) -> None:
    field = asked(two_ways(condition))["total"]
    assert field.kind == "number"
    assert limit in field.help
    assert (field.limits.minimum, field.limits.maximum) == (None, None)


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ('=due < date("2026-05-01")', "date"), ("=due <= today()", "date"), ("=due > now()", "date-time"),
        ('=due > @"12:00:00"', "time"), ('=due > duration("P3D")', "duration"), ('due < "2026-05-01"', "date"),
        ("${due < now()}", "date-time"), ("${due != null && due.length() > 3}", "text"), ("${due.size() > 3}", "lines"),
        ('=due + duration("P2Y") < today()', "date"),
        ('=today() - due > duration("P14D")', "date"), ('=due < sent + duration("P2D")', "date-time"),
        ('=now() - due >= duration("PT4H")', "date-time"), ("=sent + due < today()", "duration"),
        ('=contains(due, "x")', "text"), ("=count(due) > 2", "lines"),
        ("len(due) > 2", "lines"), ('=date(due) < date("2026-05-01")', "date"), ("=sum(due) > 5", "lines"),
    ],
)  # fmt: skip
def test_dates_times_texts_and_lists_are_told_from_what_is_done_with_them(condition: str, kind: str) -> None:
    assert asked(two_ways(condition))["due"].kind == kind


THREE = model(
    'work:userTask\n<exclusiveGateway id="g" name="Colour"/>',
    "start>work work>g g>end_a:a g>end_b:b g>end_c:c",
    a="${colour == 'red'}", b="${colour == 'dark_green'}", c="${colour == 'IT'}",
)  # fmt: skip


def test_a_text_that_is_compared_with_three_values_offers_the_three() -> None:
    field = asked(THREE)["colour"]
    assert field.kind == "choice"
    assert choices(field) == ["red", "dark_green", "IT"]
    assert [option.label for option in field.options] == ["Red", "Dark green", "IT"]


@pytest.mark.parametrize(
    "condition",
    ['=colour in ("red", "blue")', '=colour = "red" or colour = "blue"', "colour in ['red', 'blue']",
     "${colour == 'red' || colour == 'blue'}", "${colour.equalsIgnoreCase('red') || colour.equals('blue')}",
     '=list contains(["red", "blue"], colour)'],
)  # fmt: skip
def test_behind_a_default_there_is_a_choice_for_everything_else(condition: str) -> None:
    assert [*choices(asked(two_ways(condition))["colour"])] == ["red", "blue", "other"]


@pytest.mark.parametrize(
    ("written", "values"),
    [("yes", ["yes", "no"]), ("No", ["Yes", "No"]), ("JA", ["JA", "NEIN"]), ("true", ["true", "false"])],
)
def test_a_text_that_says_yes_has_its_counterpart(written: str, values: list[str]) -> None:
    assert choices(asked(two_ways(f"${{ok == '{written}'}}"))["ok"]) == values


def test_what_may_be_null_is_optional() -> None:
    fields = asked(two_ways("=reason = null and amount > 5"))
    assert not fields["reason"].required
    assert fields["amount"].required


def test_an_entry_of_an_object_is_asked_inside_it() -> None:
    field = asked(two_ways("${order.total > 5 && order.customer.vip}"))["order"]
    assert field.kind == "group"
    inner = {each.name: each for each in field.fields}
    assert inner["total"].kind == "number"
    assert inner["customer"].fields[0].kind == "yes-no"


def test_a_list_whose_items_are_looked_into_is_asked_row_by_row() -> None:
    field = asked(two_ways("=some i in positions satisfies i.price > 5 and i.open"))["positions"]
    assert (field.kind, [(each.name, each.kind) for each in field.fields]) == (
        "list", [("open", "yes-no"), ("price", "number")],
    )  # fmt: skip


def test_one_of_two_that_are_compared_tells_the_kind_of_the_other() -> None:
    fields = asked(two_ways("=spent > budget and budget > 10"))
    assert {field.kind for field in fields.values()} == {"number"}


@pytest.mark.parametrize(
    ("name", "label"),
    [("refundAmount", "Refund amount"), ("refund_amount", "Refund amount"), ("größeÜber", "Größe über"),
     ("customerID", "Customer ID"), ("ORDER_TOTAL", "Order total"), ("orderIDs", "Order IDs")],
)  # fmt: skip
def test_labels_are_names_in_words(name: str, label: str) -> None:
    assert asked(two_ways(f"{name} > 3"))[name].label == label


def test_what_a_form_script_or_mapping_wrote_before_is_not_asked_but_shown() -> None:
    before = '<scriptTask id="calc" scriptFormat="python"><script>amount = 7</script></scriptTask>\nwork:userTask'
    flows = "start>calc calc>work work>g g>end_a:c g>end_b"
    source = model(f'{before}\n<exclusiveGateway id="g" default="f4"/>', flows, c="${amount > 5 and ok}")
    assert list(asked(source)) == ["ok"]
    element = next(each for each in checked(source).elements if each.id == "work")
    assert [(fact.name, fact.label) for fact in element.facts] == [("amount", "Amount")]


def test_what_only_one_way_in_has_written_is_asked() -> None:
    nodes = (
        '<exclusiveGateway id="x" default="f2"/>\n<scriptTask id="calc" scriptFormat="python"><script>ok = True'
        "</script>"
        '</scriptTask>\nwork:userTask\n<exclusiveGateway id="g" default="f6"/>'
    )
    flows = "start>x x>calc:kind x>work calc>work work>g g>end_a:c g>end_b"
    assert "ok" in asked(model(nodes, flows, c="${ok}", kind="${kind == 1}"))


def test_the_task_nearest_to_the_reader_asks_and_earlier_ones_do_not() -> None:
    source = model(
        'first:userTask\nwork:userTask\n<exclusiveGateway id="g" default="f4"/>',
        "start>first first>work work>g g>end_a:c g>end_b", c="${found}",
    )  # fmt: skip
    assert list(asked(source, "first")) == [NOTE]
    assert list(asked(source)) == ["found"]


def test_what_was_decided_is_not_asked_again_unless_the_task_leads_back_to_the_decision() -> None:
    nodes = (
        'review:userTask\n<exclusiveGateway id="g" default="f3"/>\n'
        'work:userTask\n<exclusiveGateway id="h" default="f6"/>'
    )
    ahead = model(nodes, "start>review review>g g>work:c g>end_a work>h h>end_b:c h>end_c", c="${ok}")
    assert list(asked(ahead)) == [NOTE]
    back = model(nodes, "start>review review>g g>end_a:c g>work work>g", c="${ok}")
    assert list(asked(back)) == ["ok"]


def test_what_a_worker_may_bring_is_asked_but_not_required() -> None:
    source = model(
        'work:userTask\n<serviceTask id="s" camunda:type="external" camunda:topic="stock"/>\n'
        '<exclusiveGateway id="g" default="f4"/>',
        "start>work work>s s>g g>end_a:c g>end_b", c="${in_stock}",
    )  # fmt: skip
    assert not asked(source)["in_stock"].required


def test_what_one_way_alone_reads_is_asked_where_the_answers_lead_that_way() -> None:
    nodes = 'work:userTask\n<exclusiveGateway id="g" default="f3"/>\n<exclusiveGateway id="h" default="f5"/>'
    source = model(nodes, "start>work work>g g>h:c g>end_a h>end_b:d h>end_c", c="${found}", d="${amount > 100}")
    field = asked(source)["amount"]
    assert (field.required, field.visible_if) == (True, ("juel:${found}",))


def test_timers_loops_and_settings_of_later_steps_are_asked_for_in_their_kind() -> None:
    nodes = (
        "work:userTask\n"
        '<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>${wait}</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>\n"
        '<userTask id="later" camunda:assignee="${who}" camunda:dueDate="${until}"><multiInstanceLoopCharacteristics'
        ' camunda:collection="${shops}" camunda:elementVariable="shop"/></userTask>'
    )
    fields = asked(model(nodes, "start>work work>t t>later later>end"))
    assert {name: field.kind for name, field in fields.items()} == {
        "wait": "duration", "who": "text", "until": "date-time", "shops": "lines",
    }  # fmt: skip


def test_items_of_a_loop_are_told_by_what_is_done_with_them_inside() -> None:
    inside = (
        '<subProcess id="s"><multiInstanceLoopCharacteristics camunda:collection="${lines}"'
        ' camunda:elementVariable="line"/><startEvent id="a"/><scriptTask id="b" scriptFormat="python">'
        "<script>cost = line['price'] * 2</script></scriptTask>"
        '<endEvent id="c"/><sequenceFlow id="i" sourceRef="a" targetRef="b"/><sequenceFlow id="j" sourceRef="b"'
        ' targetRef="c"/></subProcess>'
    )
    field = asked(model(f"work:userTask\n{inside}", "start>work work>s s>end"))["lines"]
    assert (field.kind, [each.name for each in field.fields]) == ("list", ["price"])


DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="rate" name="Rate"><decisionTable hitPolicy="FIRST">
<input label="Grade"><inputExpression typeRef="string"><text>grade</text></inputExpression>
 <inputValues><text>"gold","silver","none"</text></inputValues></input>
<input label="Years"><inputExpression typeRef="integer"><text>years</text></inputExpression></input>
<input label="Region"><inputExpression typeRef="string"><text>region</text></inputExpression></input>
<input label="Size"><inputExpression typeRef="string"><text>parcel.size</text></inputExpression></input>
<output name="rebate" typeRef="number"/>
<rule><inputEntry><text>"gold"</text></inputEntry><inputEntry><text>&gt; 5</text></inputEntry>
 <inputEntry><text>"north","south"</text></inputEntry><inputEntry><text>"S","M"</text></inputEntry>
 <outputEntry><text>10</text></outputEntry></rule>
<rule><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
 <inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>0</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_columns_of_a_decision_are_asked_with_the_values_that_it_knows() -> None:
    source = model('work:userTask\n<businessRuleTask id="r" camunda:decisionRef="rate"/>', "start>work work>r r>end")
    fields = asked(source, decisions={"rate.dmn": DMN})
    assert choices(fields["grade"]) == ["gold", "silver", "none"]
    assert fields["years"].kind == "integer"
    assert "more than 5" in fields["years"].help
    assert choices(fields["region"]) == ["north", "south", "other"]
    assert [choices(each) for each in fields["parcel"].fields] == [["S", "M", "other"]]


def test_where_nothing_is_read_next_there_is_a_short_note() -> None:
    fields = asked(model("work:userTask", "start>work work>end"))
    assert [(field.name, field.kind, field.required) for field in fields.values()] == [(NOTE, "long text", False)]


def test_the_upload_says_what_a_task_asks_and_for_whose_sake() -> None:
    findings = [each for each in checked(THREE).findings if each.code == "form-suggested"]
    assert [each.element for each in findings] == ["work"]
    assert "Colour (Red, Dark green, IT) because the gateway “Colour” reads it" in findings[0].message
    assert not [each for each in checked(THREE).findings if each.code == "condition-reads-unwritten"]


def test_a_task_with_a_form_keeps_it() -> None:
    form = {"type": "object", "properties": {"colour": {"type": "string"}}}
    assert "work" not in checked(THREE, forms={"work": form}).extra["forms"]


def test_a_form_that_is_named_but_did_not_come_is_made() -> None:
    nodes = '<userTask id="work" camunda:formKey="not-there"/>\n<exclusiveGateway id="g" default="f3"/>'
    source = model(nodes, TWO_WAYS, c="${found}")
    assert list(asked(source)) == ["found"]
    assert "work" not in checked(source, forms={"not-there": {"type": "object", "properties": {}}}).extra["forms"]


def test_called_processes_of_the_file_are_read_on_into() -> None:
    source = model(
        'work:userTask\n<callActivity id="call" calledElement="q"><extensionElements>'
        '<camunda:in variables="all"/></extensionElements></callActivity>',
        "start>work work>call call>end",
    ).replace(
        b"</definitions>",
        b'<process id="q" isExecutable="true"><startEvent id="qs"/>'
        b'<sequenceFlow id="q1" sourceRef="qs" targetRef="qg"/>'
        b'<exclusiveGateway id="qg" default="q3"/><sequenceFlow id="q2" sourceRef="qg" targetRef="qa">'
        b"<conditionExpression>${urgent}</conditionExpression></sequenceFlow>"
        b'<sequenceFlow id="q3" sourceRef="qg" targetRef="qb"/><endEvent id="qa"/><endEvent id="qb"/></process>'
        b"</definitions>",
    )
    assert asked(source)["urgent"].kind == "yes-no"


def test_names_that_engines_give_are_not_asked() -> None:
    nodes = (
        '<userTask id="work"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>'
        "<completionCondition>${nrOfCompletedInstances &gt; 1 &amp;&amp; ok}</completionCondition>"
        "</multiInstanceLoopCharacteristics></userTask>"
    )
    assert list(asked(model(nodes, "start>work work>end"))) == ["ok"]


def test_a_task_that_keeps_its_results_asks_for_what_its_mappings_hand_on() -> None:
    nodes = (
        '<userTask id="work"><extensionElements><zeebe:userTask/><zeebe:ioMapping><zeebe:output source="=answer"'
        ' target="verdict"/></zeebe:ioMapping></extensionElements></userTask>\n<exclusiveGateway id="g" default="f3"/>'
    )
    fields = asked(model(nodes, TWO_WAYS, c='=verdict = "guilty"'))
    assert choices(fields["answer"]) == ["guilty", "other"]


def test_a_start_by_hand_is_asked_for_what_is_read_before_anybody_else_is_asked() -> None:
    first = (
        '<exclusiveGateway id="g" name="Urgent?" default="f2"/>\nwork:userTask\n<exclusiveGateway id="h" default="f4"/>'
    )
    flows = "start>g g>end_a:c g>work work>h h>end_b h>end_c:d"
    source = model(first, flows, c="${urgent}", d="${found}")
    assert list(asked(source, "start")) == ["urgent"]
    assert list(asked(source)) == ["found"]
    assert "start" not in checked(model("work:userTask", "start>work work>end")).extra["forms"]
