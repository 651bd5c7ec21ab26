"""Which values of an item a trigger hands to a process, and under which names. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from bpm.foundation.errors import InvalidInputError
from bpm.processes.triggers.conditions import ItemFacts

SOURCES: Mapping[str, Callable[[ItemFacts], Any]] = {
    "item_id": lambda f: f.item_id,
    "text": lambda f: f.text,
    "subject": lambda f: f.subject,
    "customer_name": lambda f: f.customer_name,
    "customer_id": lambda f: f.customer_id,
    "conversation_id": lambda f: f.conversation_id,
    "channel": lambda f: f.channel,
    "source": lambda f: f.source,
    "kind": lambda f: f.primary,
    "topic": lambda f: f.topic,
    "sentiment": lambda f: f.sentiment,
    "urgency": lambda f: f.urgency,
    "confidence": lambda f: f.confidence,
    "rating": lambda f: f.rating,
    "url": lambda f: f.url,
    "said_at": lambda f: f.said_at.isoformat() if f.said_at else "",
}
"""Name of a field -> how to read it; instants are ISO 8601 in UTC, "" when nobody knows.

Reach is none of them (law 4).
"""

USUAL: Mapping[str, str] = {
    name: name
    for name in (
        "item_id", "text", "customer_name", "conversation_id", "channel", "topic", "kind", "urgency", "said_at",
    )
}  # fmt: skip
"""What a trigger hands over unless its designer says otherwise."""


def read_field(facts: ItemFacts, source: str) -> Any:
    """The value of one field, or the text after `=` for a literal."""
    return source[1:] if source.startswith("=") else SOURCES[source](facts)


def map_fields(facts: ItemFacts, fields: Mapping[str, str]) -> dict[str, Any]:
    """The variables a process gets."""
    return {variable: read_field(facts, source) for variable, source in fields.items()}


def check_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """`fields` as they are; InvalidInputError when a variable's name or a source does not exist."""
    problems = {}
    for variable, source in fields.items():
        if not variable.isidentifier() or variable.startswith("_"):
            problems["fields"] = f"“{variable}” cannot name a variable: use letters, digits and _, a letter first."
        elif not source.startswith("=") and source not in SOURCES:
            problems["fields"] = f"There is no field “{source}”; choose from {', '.join(SOURCES)}, or write =literal."
    if problems:
        raise InvalidInputError("The trigger was not saved.", remedy=problems["fields"], fields=problems)
    return dict(fields)
