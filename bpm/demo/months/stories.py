"""The two changes of the demo's months, in the words of who proposed, measured and decided them; data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bpm.demo.months import versions
from bpm.engine.api import Received


@dataclass(frozen=True)
class Change:
    """A change of a process from the first complaint to what the customers were told."""

    key: str
    element: str
    bundle: Callable[[], Received]
    title: str
    why: str
    pattern: str
    evidence: Mapping[str, str]
    """Check of a gate -> what is written for it."""
    need: str
    kept: str
    dropped: str
    """Why it was decided so, where the rule says to keep it, and where it does not."""
    told: str
    """The letter to who spoke for it, once it is kept."""


REAL = Change(
    key=versions.RETURNS,
    element="call_customer",
    bundle=versions.returns_guarded,
    title="Look at the tracking before we call a customer",
    why="Customers are called, and threatened with a charge, for parcels that lie in our depot.",
    pattern="ask the system before the customer",
    evidence={
        "background": "Seven of ten returns come back without a scan at the door; the carrier knows of them all.",
        "problem": "Customers who sent something back are called after fourteen days and asked where it is, though the "
        "carrier shows it as received. They are angry, and some were told of a charge of $500.",
        "goal": "At most one case in ten with negative words by the end of the quarter.",
        "cause": "The call follows the clock alone: nobody is told to look at the tracking, and it takes two systems.",
        "cause_shown": "Of the parcels that we called for, tracking had shown nearly all as received before the call.",
        "countermeasure": "Tracking is looked up first. What it shows as received goes to inspection without a call, "
        "and the call that was not made is noted with its reason.",
        "schedule": "Dana draws it this week, the departments sign, and half of the customers get it for a month.",
        "chart": "Negative share at the call, by week, with the limits of the month before; Omar asks at a signal.",
        "follow_up": "The letter on late returns asks the same question: look there next.",
    },
    need="You know that my parcel is back",
    kept="As the rule says: it helped by more than what matters.",
    dropped="As the rule says: it was not shown to help.",
    told="Hello {{name}},\n\nyou told us what it is like to be called for a parcel that is back already. We look at "
    "the tracking first now, and we call only where it says that the parcel is not here. Thank you for telling us.\n\n"
    "{{author}}, Brightwave",
)
FAKE = Change(
    key=versions.COMPLAINTS,
    element="acknowledge_complaint",
    bundle=versions.complaints_in_warm_words,
    title="Answer complaints in warmer words",
    why="Our first answers read like forms. Warmer words might calm people.",
    pattern="warmer words",
    evidence={
        "background": "The style guide is from before the merger.",
        "problem": "People who complain write again in anger while their order is put right, whatever we said first.",
        "goal": "A third fewer cases with negative words within two months.",
        "cause": "The first answer is cold, so that people feel turned away before anything happens.",
        "cause_shown": "Nothing yet but our own reading of twenty answers: it is a guess that the trial has to test.",
        "countermeasure": "The form asks for a word of regret and the customer’s name before anything else.",
        "schedule": "Ada writes the hint, Dana deploys it, half of the customers get it for a month.",
        "chart": "Negative share of the process, by week; Sam looks at it.",
        "follow_up": "It is the waiting that hurts, not the words: look at “Put order right” next.",
    },
    need="I am heard",
    kept="As the rule says: it helped by more than what matters.",
    dropped="As the rule says: it was not shown to help, so we go back to the shorter form.",
    told="Hello {{name}},\n\nyou told us how long you waited. We tried other words first, and they did not help: we "
    "are working on the waiting itself now, and I will write to you when that changed.\n\n{{author}}, Brightwave",
)
