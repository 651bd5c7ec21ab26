"""The closed lists of the columns of verdicts."""

from enum import StrEnum


class PlanDesign(StrEnum):
    """How old and new are compared."""

    RANDOMISED = "randomised"
    """A rollout's draw decides which version a case gets."""
    STAGED = "staged"
    """Groups change at different times."""
    SERIES = "series"
    """Everybody changes at one time, after many periods."""
    BEFORE_AFTER = "before_after"
    """Everybody changes at one time, with little before: weak."""


class Better(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"


class PlanState(StrEnum):
    """Of a registered question."""

    REGISTERED = "registered"
    RUNNING = "running"
    """Cases are on the new version; looks happen by plan."""
    READ = "read"
    """Its last look is done: people decide."""
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class LookKind(StrEnum):
    """Why outcomes were looked at."""

    PLANNED = "planned"
    FOLLOW_UP = "follow_up"
    """Whether the effect lasts, some days after the change."""


class Said(StrEnum):
    """The word of a verdict."""

    IMPROVED = "improved"
    WORSE = "worse"
    NO_DIFFERENCE = "no difference"
    NOT_SHOWN = "not shown"


class Choice(StrEnum):
    """What people decide after a verdict."""

    KEEP_NEW = "keep_new"
    BACK_TO_OLD = "back_to_old"
    GO_ON = "go_on"
    """Neither: it is tried for longer, or in another way, under a new plan."""
