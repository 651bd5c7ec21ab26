"""A file that cannot be placed, named with the remedy."""

from bpm.engine.findings import Finding
from bpm.foundation.errors import RefusedError
from bpm.foundation.texts import _, ngettext

MOST_SHOWN = 50


class ProblemError(Exception):
    """One file is not taken; `finding` names it."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def problem(name: str, code: str, message: str, remedy: str, *, line: int = 0) -> Finding:
    """The finding of one file; `name` is its path as it was sent."""
    return Finding(code, "error", message, remedy, element=name[:300], name=name[:300], line=line)


def refuse(problems: list[Finding]) -> RefusedError:
    """The refusal of everything that was sent, because of these files; the first is told in the message, too."""
    first = problems[0]
    count = ngettext(
        "One file cannot be taken", "%(num)s things cannot be taken", len(problems)
    ) % {"num": len(problems)}  # fmt: skip
    shown = problems[:MOST_SHOWN]
    if len(problems) > len(shown):
        left = len(problems) - len(shown)
        more = ngettext("%(num)s more problem is not shown.", "%(num)s more problems are not shown.", left)
        shown.append(Finding("more-problems", "error", more % {"num": left}, _("Mend these first.")))
    return RefusedError(
        _("%(count)s: %(name)s: %(message)s") % {"count": count, "name": first.name, "message": first.message},
        findings=shown,
        remedy=first.remedy if len(problems) == 1 else _("Mend what is named, then send everything again."),
    )
