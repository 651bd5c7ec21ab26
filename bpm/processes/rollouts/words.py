"""The closed lists of rollouts: how a case is given its version, what is drawn by lot, and how a rollout stands.

The lists are stored by value, and a constraint of the database holds each of them.
"""

from enum import StrEnum


class Arm(StrEnum):
    """Which of the two versions a case was given."""

    CONTROL = "control"
    """The live one."""
    CANDIDATE = "candidate"


class Way(StrEnum):
    """How a new case comes to its version."""

    SHARE = "share"
    """By lot: a share of what is drawn (cases, customers, teams) goes to the candidate."""
    STAGED = "staged"
    """Group by group, each from a date on."""
    SWITCHBACK = "switchback"
    """The versions take turns by day, as versions that share staff and queues have to."""
    EVERYBODY = "everybody"
    """All new cases, from a date on."""


class Unit(StrEnum):
    """What is given an arm; every case of the same unit has the same."""

    CASE = "case"
    CUSTOMER = "customer"
    TEAM = "team"
    """The value of a variable of the case."""
    GROUP = "group"
    """The value of a variable of the case, in an ordered list with dates."""
    DAY = "day"


class RolloutStatus(StrEnum):
    """Of a rollout."""

    RUNNING = "running"
    PAUSED = "paused"
    """New cases go to the live version and are not counted."""
    OVER = "over"
    """Its stop rule is met: new cases go to the live version, and somebody has to decide."""
    STOPPED = "stopped"
    """Ended by the emergency stop."""
    WITHDRAWN = "withdrawn"
    """Concluded: the live version stays."""
    WENT_LIVE = "went_live"
    """Concluded: the candidate is the live version."""


OPEN = frozenset({RolloutStatus.RUNNING, RolloutStatus.PAUSED, RolloutStatus.OVER})
"""A rollout that is not decided yet; a process has at most one of them."""


class RolloutVerb(StrEnum):
    """What somebody, or the stop rule, did with a rollout."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    STEP_ASKED = "step_asked"
    STEP_APPROVED = "step_approved"
    STEP_REFUSED = "step_refused"
    RULE_MET = "rule_met"
    STOPPED = "stopped"
    DECISION_ASKED = "decision_asked"
    DECISION_REFUSED = "decision_refused"
    WENT_LIVE = "went_live"
    WITHDRAWN = "withdrawn"


class Rest(StrEnum):
    """What becomes of the cases that still run on the version that is not kept."""

    FINISH = "finish"
    MOVE = "move"
    """They change over to the other version, by a migration."""
