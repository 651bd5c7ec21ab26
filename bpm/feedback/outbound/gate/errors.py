"""What the gate raises when a message does not go out."""

from bpm.feedback.outbound.gate.verdict import Verdict
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _


class GateError(InvalidInputError):
    """The gate keeps a message back; `verdict` says why. Nothing was sent and nothing is kept."""

    def __init__(self, verdict: Verdict, confirmed: frozenset[str] = frozenset()) -> None:
        remarks = verdict.refusals or verdict.unconfirmed(confirmed)
        super().__init__(
            " ".join(each.text for each in remarks),
            remedy=" ".join(each.remedy for each in remarks if each.remedy) or _("Confirm that you have seen it."),
            fields={"text": " ".join(f"{each.text} {each.remedy}".strip() for each in remarks)},
        )
        self.verdict = verdict
        self.codes = tuple(each.code for each in remarks)
