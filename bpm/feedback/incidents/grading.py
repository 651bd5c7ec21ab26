"""How an incident was responded to, apart from how bad it was: six sides, each 0 to 4 with its words. Pure.

The letter is that of the mean on the scale that American schools use (A 4.0, A- 3.7, B+ 3.3 ... D- 0.7, F 0). What the
record knows suggests points for five sides; what a person says counts before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bpm.feedback.tones import is_negative, is_positive
from bpm.foundation.texts import _, ngettext


@dataclass(frozen=True)
class Side:
    """One side of a response; `levels` are the words of 0, 1, 2, 3 and 4 points."""

    key: str
    label: str
    levels: tuple[str, str, str, str, str]


RUBRIC: tuple[Side, ...] = (
    Side(
        "speed",
        _("Speed"),
        (
            _("nobody said anything for four hours or more"),
            _("first word after two hours"),
            _("first word after one hour"),
            _("first word within the hour"),
            _("first word within 15 minutes"),
        ),
    ),
    Side(
        "acknowledgement",
        _("Acknowledgement"),
        (
            _("never admitted"),
            _("only after it was fixed"),
            _("admitted when pressed, without a name or a time"),
            _("admitted while it went on, by a named person"),
            _("admitted at once, by a named person, with the time of the next word"),
        ),
    ),
    Side(
        "accuracy",
        _("Accuracy"),
        (
            _("what was said was wrong"),
            _("people were asked for what we knew, or sent the wrong way"),
            _("partly wrong, and put right later"),
            _("right, but vague"),
            _("right, and useful"),
        ),
    ),
    Side(
        "broadcast",
        _("Broadcast"),
        (
            _("nobody but who asked again and again"),
            _("some of those who asked, one by one"),
            _("everybody who asked"),
            _("everybody who asked, and in public once"),
            _("everybody who asked and in public, and every promised update came"),
        ),
    ),
    Side(
        "credit",
        _("Credit"),
        (
            _("what customers found was passed over"),
            _("it was read, and not passed on"),
            _("it was passed on without a word of thanks, or nobody found anything"),
            _("it was passed on with thanks"),
            _("it was tried, passed on, and credited by name"),
        ),
    ),
    Side(
        "last_impression",
        _("Last impression"),
        (
            _("they left, and said so"),
            _("the last word was a complaint"),
            _("the last word was silence"),
            _("they were told when it was over"),
            _("they thanked us"),
        ),
    ),
)
BY_KEY: Mapping[str, Side] = {side.key: side for side in RUBRIC}
MOST = 4

_SCALE = (
    ("A", 4.0), ("A-", 3.7), ("B+", 3.3), ("B", 3.0), ("B-", 2.7), ("C+", 2.3), ("C", 2.0), ("C-", 1.7), ("D+", 1.3),
    ("D", 1.0), ("D-", 0.7), ("F", 0.0),
)  # fmt: skip


@dataclass(frozen=True)
class Points:
    """Of one side: 0 to 4, what speaks for it, and whether a person said it."""

    side: Side
    points: int
    why: str
    by_person: bool

    @property
    def words(self) -> str:
        return self.side.levels[self.points]


@dataclass(frozen=True)
class Grade:
    """The response as a whole; `letter` is empty while a side has no points."""

    letter: str
    mean: float
    sides: tuple[Points, ...]
    open: tuple[Side, ...]
    """Sides of which nothing is known: a person has to say."""


@dataclass(frozen=True)
class Facts:
    """What the record knows of a response; durations from the first report on. None: it did not happen (yet)."""

    acknowledged_after: timedelta | None
    fixed_after: timedelta | None = None
    named: bool = True
    """Whether a named person said it, with the time of the next word."""
    linked: int = 0
    """People who reported."""
    told: int = 0
    """Of those, how many got an update."""
    public_posts: int = 0
    promises: int = 0
    promises_kept: int = 0
    workarounds: int = 0
    """Found by customers."""
    shared: int = 0
    credited: int = 0
    over: bool = False
    told_when_over: bool = False
    last_mood: float | None = None
    """Mean sentiment, -1 to 1, of what those linked said after it was over; None: they said nothing."""


def letter_of(mean: float) -> str:
    """The letter whose value is the nearest; between two the lower one."""
    return min(_SCALE, key=lambda step: (abs(step[1] - mean), step[1]))[0]


def grade(points: Mapping[str, int]) -> str:
    """The letter of points by side; ValueError unless each side of the rubric has 0 to 4."""
    if set(points) != set(BY_KEY) or not all(0 <= each <= MOST for each in points.values()):
        raise ValueError(_("Each side of the rubric needs 0 to 4 points."))
    return letter_of(sum(points.values()) / len(RUBRIC))


def grade_response(facts: Facts, said: Mapping[str, tuple[int, str]]) -> Grade:
    """The grade by what people said (side -> points, why) and, where they said nothing, by what the record knows."""
    sides, missing = [], []
    for side in RUBRIC:
        if side.key in said:
            sides.append(Points(side, *said[side.key], by_person=True))
            continue
        suggested = _SUGGEST[side.key](facts) if side.key in _SUGGEST else None
        if suggested is None:
            missing.append(side)
        else:
            sides.append(Points(side, *suggested, by_person=False))
    mean = sum(each.points for each in sides) / len(sides) if sides else 0.0
    return Grade("" if missing else letter_of(mean), mean, tuple(sides), tuple(missing))


Suggestion = tuple[int, str] | None


def _speed(facts: Facts) -> Suggestion:
    after = facts.acknowledged_after
    if after is None:
        return (0, _("nobody has said anything")) if facts.over else None
    limits = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4))
    points = next((MOST - place for place, limit in enumerate(limits) if after <= limit), 0)
    return points, _after(int(after.total_seconds() // 60))


def _after(minutes: int) -> str:
    if minutes < 120:
        said = ngettext("%(n)s minute after the first report", "%(n)s minutes after the first report", minutes)
        return said % {"n": minutes}
    return _("%(n)s hours after the first report") % {"n": minutes // 60}


def _acknowledgement(facts: Facts) -> Suggestion:
    after = facts.acknowledged_after
    if after is None:
        return (0, _("never admitted")) if facts.over else None
    if facts.fixed_after is not None and after >= facts.fixed_after:
        return 1, _("after it was fixed")
    if not facts.named:
        return 2, _("without a name or a time")
    return (4, _("within 15 minutes")) if after <= timedelta(minutes=15) else (3, _("while it went on"))


def _broadcast(facts: Facts) -> Suggestion:
    if not facts.linked:
        return None
    share = facts.told / facts.linked
    why = _("told: %(told)s of %(linked)s; public posts: %(posts)s; promises kept: %(kept)s of %(promises)s") % {
        "told": facts.told, "linked": facts.linked, "posts": facts.public_posts, "kept": facts.promises_kept,
        "promises": facts.promises,
    }  # fmt: skip
    if share >= 0.95 and facts.public_posts:
        return (4 if facts.promises and facts.promises_kept == facts.promises else 3), why
    return (2 if share >= 0.95 else 1 if facts.told else 0), why


def _credit(facts: Facts) -> Suggestion:
    if not facts.workarounds:
        return (2, _("nobody found anything")) if facts.over else None
    why = _("%(found)s found, %(shared)s passed on, %(credited)s credited by name") % {
        "found": facts.workarounds, "shared": facts.shared, "credited": facts.credited,
    }  # fmt: skip
    return (4 if facts.credited else 3 if facts.shared else 0), why


def _last_impression(facts: Facts) -> Suggestion:
    if is_negative(facts.last_mood):
        return 1, _("what they said last was negative")
    if is_positive(facts.last_mood):
        return 4, _("what they said last was positive")
    if not facts.over:
        return None
    return (3, _("they were told that it is over")) if facts.told_when_over else (2, _("nothing was said at the end"))


_SUGGEST = {
    "speed": _speed,
    "acknowledgement": _acknowledgement,
    "broadcast": _broadcast,
    "credit": _credit,
    "last_impression": _last_impression,
}
