"""What rooms beside this one tell the gate; each is set by the composition root, and says nothing till then."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bpm.feedback.models import FeedbackItem, OutboundMessage
from bpm.feedback.outbound.gate import Incident
from bpm.foundation.work import Work

IncidentOf = Callable[[Work, FeedbackItem], Incident | None]
GuardOf = Callable[[Work, FeedbackItem], str]
LinkOf = Callable[[Work, FeedbackItem], str]
WordsOf = Callable[[Work, OutboundMessage], str]


@dataclass
class Hooks:
    """The open incident that an item may belong to, why a customer should not be called, their private link."""

    incident: IncidentOf = field(default=lambda _work, _item: None)
    call_guard: GuardOf = field(default=lambda _work, _item: "")
    private_link: LinkOf = field(default=lambda _work, _item: "")
    words: WordsOf = field(default=lambda _work, row: row.text)
    """The words of a message as they leave: addresses where our own marks for them stand."""


HOOKS = Hooks()


def set_hooks(
    *,
    incident: IncidentOf | None = None,
    call_guard: GuardOf | None = None,
    private_link: LinkOf | None = None,
    words: WordsOf | None = None,
) -> None:
    """Let the gate know of incidents, call guards and private links; what is not named stays as it is."""
    HOOKS.incident = incident or HOOKS.incident
    HOOKS.call_guard = call_guard or HOOKS.call_guard
    HOOKS.private_link = private_link or HOOKS.private_link
    HOOKS.words = words or HOOKS.words
