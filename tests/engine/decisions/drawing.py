"""Draws decision tables as DMN, cell by cell."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from bpm.engine.decisions import Outcome, decide, read_decisions

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Rows = Sequence[tuple[Sequence[str], Sequence[str]]]


def definitions(inside: str, *, more: str = "") -> bytes:
    return f'<definitions xmlns="{DMN}" id="d" name="d" namespace="urn:x" {more}>{inside}</definitions>'.encode()


def table(
    inputs: Sequence[str | tuple[str, str]],
    outputs: Sequence[str],
    rows: Rows,
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    order: Mapping[str, str] | None = None,
    identity: str = "rate",
    requires: Sequence[str] = (),
) -> str:
    """One decision with a table; an input is an expression or (expression, type); a row is (tests, answers)."""
    asked = "".join(_input(each) for each in inputs)
    given = "".join(f"<output name={quoteattr(name)}>{_values((order or {}).get(name))}</output>" for name in outputs)
    rules = "".join(
        f"<rule>{_cells('inputEntry', tests)}{_cells('outputEntry', answers)}</rule>" for tests, answers in rows
    )
    added = f' aggregation="{aggregation}"' if aggregation else ""
    return (
        f'<decision id="{identity}" name="{identity.title()}">{needed(requires)}'
        f'<decisionTable hitPolicy="{policy}"{added}>{asked}{given}{rules}</decisionTable></decision>'
    )


def needed(decisions: Sequence[str]) -> str:
    return "".join(
        f'<informationRequirement><requiredDecision href="#{each}"/></informationRequirement>' for each in decisions
    )


def _input(each: str | tuple[str, str]) -> str:
    text, kind = (each, "") if isinstance(each, str) else each
    said = f' typeRef="{kind}"' if kind else ""
    return f"<input><inputExpression{said}><text>{escape(text)}</text></inputExpression></input>"


def _values(text: str | None) -> str:
    return f"<outputValues><text>{escape(text)}</text></outputValues>" if text else ""


def _cells(kind: str, cells: Sequence[str]) -> str:
    return "".join(f"<{kind}><text>{escape(cell)}</text></{kind}>" for cell in cells)


def decided(inside: str, variables: Mapping[str, Any], decision: str = "rate") -> Outcome:
    """What the decision comes to; the file must be without fault."""
    read = read_decisions(definitions(inside), "rate.dmn")
    assert [finding.message for finding in read.findings if finding.severity == "error"] == []
    return decide(read.decisions, decision, variables, now=NOW)


def holds(cell: str, value: Any, *, kind: str = "", **others: Any) -> bool:
    """Whether a cell under an input `x` holds for a value."""
    return decided(table([("x", kind)], ["y"], [([cell], ["1"])]), {"x": value, **others}).matched == (1,)


def computed(expression: str, **variables: Any) -> Any:
    """The value of a literal expression in FEEL."""
    text = escape(expression)
    inside = f'<decision id="rate" name="Rate"><literalExpression><text>{text}</text></literalExpression></decision>'
    return decided(inside, variables).value
