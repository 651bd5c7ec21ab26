"""Which changes of which variables a conditional event looks at: Camunda's `variableName` and `variableEvents`.

When it is reached the condition is judged in any case; from then on only after such a change. Sources: Camunda 7,
conditional events; Camunda 8, "Conditionals", conditional filter. There an event that does not interrupt happens at
every such change while its condition holds; the standard's only when the condition becomes true.
"""

from collections.abc import Mapping
from typing import Any

Changes = dict[str, set[str]]
"""Variable -> what happened to it since the conditional events were last looked at: create, update, delete."""


def told(text: str | None) -> tuple[str, ...] | None:
    """The variables or changes that an event definition lists; None when it says nothing."""
    return tuple(text.replace(",", " ").split()) if text and text.strip() else None


def concerns(wait: Mapping[str, Any], happened: Changes) -> bool:
    """Whether what happened is a reason to judge the condition."""
    if "held" not in wait or not (wait.get("watched") or wait.get("changes") or wait.get("repeats")):
        return True
    names = wait.get("watched") or list(happened)
    kinds = set(wait.get("changes") or ("create", "update"))
    return any(happened.get(name, set()) & kinds for name in names)
