"""All parts of two bundles compared, as the bounded child is asked for them: one kind of part after the other."""

import base64
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from bpm.engine.differences.decisions import compare_decisions
from bpm.engine.differences.forms import compare_forms
from bpm.engine.differences.listed import compare_tests, compare_triggers
from bpm.engine.differences.model import Difference
from bpm.engine.differences.models import compare_models
from bpm.foundation.errors import RefusedError
from bpm.foundation.texts import _

PartKind = Literal["model", "decisions", "forms", "tests", "triggers"]
KINDS: tuple[PartKind, ...] = ("model", "decisions", "forms", "tests", "triggers")


def compare_parts(kind: PartKind, before: Any, after: Any) -> Difference:
    """What differs between two parts of one kind, bytes as base64; a file that cannot be read is named."""
    if kind == "model":
        try:
            return compare_models(base64.b64decode(before), base64.b64decode(after))
        except RefusedError as error:
            return Difference(not_compared=(_("The models: %(why)s") % {"why": error.message},))
    if kind == "decisions":
        return compare_decisions(_decoded(before), _decoded(after))
    if kind == "forms":
        return compare_forms(before, after)
    return compare_tests(before, after) if kind == "tests" else compare_triggers(before, after)


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """The child's answer to {"part": one of KINDS, "before", "after"}; read it with `model.from_plain`."""
    return asdict(compare_parts(request["part"], request["before"], request["after"]))


def _decoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(content) for name, content in files.items()}
