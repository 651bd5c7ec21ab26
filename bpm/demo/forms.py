"""Fills in a form the way somebody might: a value for each field that the schema asks for, drawn at random."""

from random import Random
from typing import Any

_WHO = (
    "the warehouse",
    "billing",
    "the technician",
    "the shop in Quay Street",
    "the customer",
    "the carrier",
    "the depot",
)
_WHAT = ("Spoke with", "Asked", "Checked with", "Heard back from", "Wrote to")
_CAME_OF_IT = (
    "it arrived and is complete.",
    "the amount was wrong and is put right.",
    "the line was measured, the fault is in the street.",
    "explained step by step, nothing is open.",
    "a new one leaves today.",
    "the password link was stuck in the filter and is sent again.",
    "the plan was entered twice; one is taken out.",
    "the socket was loose and is fixed.",
)

_CHANGES = (
    "Send the delivery date by text message, and again when it moves",
    "Show what a change of plan costs before it is made",
    "Let people pause a plan for up to three months",
    "Name one person who stays with a fault until it is mended",
    "Print the return label in the shop, too",
    "Say in the first answer how long the rest takes",
    "Check the line before a technician is sent",
    "Put the end of the contract on every bill",
)
"""What people write where a form asks what should change."""


def fill(schema: dict[str, Any] | None, draw: Random, *, only: set[str] | None = None) -> dict[str, Any]:
    """Values for the required fields and half of the others, or for the fields of `only`; {} without a schema."""
    properties: dict[str, Any] = (schema or {}).get("properties", {})
    required = set((schema or {}).get("required", ()))
    wanted = only or {name for name in properties if name in required or draw.random() < 0.5}
    return {
        name: draw.choice(_CHANGES) if name == "improvement_title" else _value(field, draw)
        for name, field in properties.items()
        if name in wanted
    }


def _value(field: dict[str, Any], draw: Random) -> Any:
    if "const" in field:
        return field["const"]
    if "enum" in field:
        return draw.choice(field["enum"])
    if "oneOf" in field:
        return draw.choice(field["oneOf"])["const"]
    match field.get("type"):
        case "boolean":
            return draw.random() < 0.7
        case "integer" | "number":
            return draw.randint(int(field.get("minimum", 1)), int(field.get("maximum", 50)))
        case "array":
            return [_value(field.get("items", {}), draw)]
        case _:
            return _text(field, draw)


def _text(field: dict[str, Any], draw: Random) -> str:
    match field.get("format"):
        case "date":
            return f"2026-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}"
        case "date-time":
            return f"2026-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}T10:00:00Z"
        case "email":
            return "somebody@example.org"
        case "uri":
            return "https://example.org/"
    text = f"{draw.choice(_WHAT)} {draw.choice(_WHO)}: {draw.choice(_CAME_OF_IT)}"
    return text[: int(field.get("maxLength", len(text)))]
