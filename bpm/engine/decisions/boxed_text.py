"""What a decision or knowledge model says, written as one text: for pages, and to see what differs between versions."""

from bpm.engine.decisions.model import Box, Decision, Knowledge, Table


def as_written(decision: Decision) -> str:
    """The expression of a decision that is no table; "" for a table."""
    if decision.literal is not None:
        return decision.literal.text
    return _text(decision.box) if decision.box is not None else ""


def functions_of(decision: Decision) -> tuple[str, ...]:
    """The knowledge models and services that a decision calls, one text each."""
    return tuple(_function(each) for each in decision.knowledge)


def _function(knowledge: Knowledge) -> str:
    name = ".".join((*knowledge.path, knowledge.name))
    if knowledge.body is None:
        return f"{name}({', '.join(knowledge.parameters)}): decides {', '.join(knowledge.outputs)}"
    return f"{name}({', '.join(knowledge.parameters)}): {_text(knowledge.body.parts[0])}"


def _text(box: Box) -> str:
    texts = [_text(part) for part in box.parts]
    match box.kind:
        case "literal":
            return box.cell.text if box.cell else "null"
        case "table":
            return _table(box.table) if box.table else "null"
        case "context":
            entries = (f"{part.name or 'result'}: {text}" for part, text in zip(box.parts, texts, strict=True))
            return "{" + ", ".join(entries) + "}"
        case "invocation":
            bound = (f"{part.name}: {text}" for part, text in zip(box.parts[1:], texts[1:], strict=True))
            return f"{texts[0]}({', '.join(bound)})"
        case "relation":
            return f"[({', '.join(box.names)}): {'; '.join(texts)}]"
        case "function":
            return f"function({', '.join(box.names)}) {texts[0]}"
        case "conditional":
            return f"if {texts[0]} then {texts[1]} else {texts[2]}"
        case "filter":
            return f"({texts[0]})[{texts[1]}]"
        case "for" | "some" | "every":
            return f"{box.kind} {box.name} in {texts[0]} {'return' if box.kind == 'for' else 'satisfies'} {texts[1]}"
    return f"[{', '.join(texts)}]"


def _table(table: Table) -> str:
    rules = "; ".join(
        f"{', '.join(cell.text or '-' for cell in rule.tests)} -> {', '.join(cell.text for cell in rule.answers)}"
        for rule in table.rules
    )
    return f"{table.hit_policy} by {', '.join(column.label for column in table.inputs)}: {rules}"
