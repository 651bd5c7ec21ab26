"""What of a `.form` file is not drawn, or not done as it says."""

from dataclasses import dataclass, field
from typing import Literal

from bpm.foundation.texts import _

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class FormProblem:
    """One finding about a part of a form; `part` is a field's key or label."""

    part: str
    message: str
    remedy: str
    severity: Severity = "warning"


@dataclass
class Problems:
    """The problems found so far."""

    found: list[FormProblem] = field(default_factory=list)
    has_layout: bool = False

    def say(self, part: str, message: str, remedy: str, severity: Severity = "warning") -> None:
        self.found.append(FormProblem(part, message, remedy, severity))

    def layout(self) -> None:
        """Said once for the whole form."""
        if not self.has_layout:
            self.has_layout = True
            message = _("The fields stand below each other here: columns, spacers and lines are not drawn.")
            self.say("", message, _("Nothing needs to be done."), "info")
