"""What a person has to know before work on a task begins: what the model reads there, and what its form only shows."""

from collections.abc import Mapping
from typing import Any

from bpm.engine.bpmn.model import Fact
from bpm.engine.definitions.version_cache import Runnable
from bpm.foundation.texts import _


def needs_of(version: Runnable, *, element: str, form: str | None) -> tuple[Fact, ...]:
    """The facts that the element's task needs, of `version`: its own facts first, then fields that nobody fills in."""
    facts = version.facts.get(element, ())
    read = version.form_at(form, element)
    told = {fact.name for fact in facts}
    shown = (each for each in read.fields() if each.read_only and each.name and not each.value_from)
    return (*facts, *(Fact(each.name, each.label, _("this form")) for each in shown if each.name not in told))


def is_missing(known: Mapping[str, Any], name: str) -> bool:
    """Whether a variable has no value that would tell anybody anything."""
    return known.get(name) in (None, "")
