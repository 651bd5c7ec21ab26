"""Tables where engine and feedback meet."""

from bpm.processes.models.economics import CapacityPlanRow, CostPlanRow, StopProposal
from bpm.processes.models.goodwill import Gesture, GoodwillRules
from bpm.processes.models.guards import CallGuard, GuardedTask
from bpm.processes.models.improvements import (
    BoardEntry,
    Improvement,
    ImprovementSupport,
    ImprovementVoice,
    PublishedName,
)
from bpm.processes.models.linking import Artefact, Cause, LinkLook, SaidAfterWindow
from bpm.processes.models.links import Attribution, Recognition, ReplyDraft
from bpm.processes.models.register import (
    CtqNode,
    ImprovementEvent,
    ImprovementEvidence,
    ImprovementOwner,
    ImprovementSheet,
    ImprovementValue,
    ImprovementView,
)
from bpm.processes.models.routing import ItemAssignment, Presence, RoutingVersion, ShadowDecision
from bpm.processes.models.talks import CustomerTalk, ImprovementTelling, ImprovementTold, ThemeTold
from bpm.processes.models.triggers import Trigger, TriggerFiring

__all__ = [
    "Artefact",
    "Attribution",
    "BoardEntry",
    "CallGuard",
    "CapacityPlanRow",
    "Cause",
    "CostPlanRow",
    "CtqNode",
    "CustomerTalk",
    "Gesture",
    "GoodwillRules",
    "GuardedTask",
    "Improvement",
    "ImprovementEvent",
    "ImprovementEvidence",
    "ImprovementOwner",
    "ImprovementSheet",
    "ImprovementSupport",
    "ImprovementTelling",
    "ImprovementTold",
    "ImprovementValue",
    "ImprovementView",
    "ImprovementVoice",
    "ItemAssignment",
    "LinkLook",
    "Presence",
    "PublishedName",
    "Recognition",
    "ReplyDraft",
    "RoutingVersion",
    "SaidAfterWindow",
    "ShadowDecision",
    "StopProposal",
    "ThemeTold",
    "Trigger",
    "TriggerFiring",
]
