"""What a replayed case came to, beside what it came to in truth; plain values, no value of any customer."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bpm.engine.replay.player import MOST_STEPS, Player
from bpm.engine.replay.recorded import Recorded, Visit
from bpm.foundation.texts import _

KINDS = (
    "same", "elsewhere", "longer", "shorter", "another_path", "new", "removed", "lacks", "stops", "unfinished", "cannot"
)  # fmt: skip
"""What a case can come to; "same" and "cannot" stand alone, the others may come together."""


def replay_words(kind: str) -> str:
    """What a kind is to people."""
    return {
        "same": _("end the same"),
        "elsewhere": _("end elsewhere"),
        "longer": _("take longer"),
        "shorter": _("take less long"),
        "another_path": _("end the same by another path"),
        "new": _("reach new elements"),
        "removed": _("passed elements that are gone"),
        "lacks": _("lack a value"),
        "stops": _("stop with a failure"),
        "unfinished": _("do not end"),
        "cannot": _("cannot be replayed"),
    }.get(kind, kind)


NO_VARIABLE = ("There is no variable ", "NameError: ")
"""What messages of expressions and of scripts say where a value was never given."""
TOLERANCE = timedelta(seconds=60)
"""How much later or earlier a case may end and still take as long: workers are a moment late."""


@dataclass(frozen=True)
class Replayed:
    """One case, replayed."""

    instance_id: int
    kinds: tuple[str, ...]
    why: tuple[str, ...]
    """One sentence for each thing that is to be said, with its element."""
    before: tuple[Mapping[str, Any], ...] = ()
    after: tuple[Mapping[str, Any], ...] = ()
    first: int | None = None
    """Index of the first step that differs."""
    seconds: tuple[float, float | None] = (0.0, None)
    """From start to end: in truth and replayed; None where it did not end."""

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "case": self.instance_id, "kinds": list(self.kinds), "why": list(self.why), "before": list(self.before),
            "after": list(self.after), "first": self.first, "seconds": list(self.seconds),
        }  # fmt: skip


def cannot(case: Recorded, why: str) -> Replayed:
    """A case of which too little is on record."""
    return Replayed(case.instance_id, ("cannot",), (why,))


def judge(
    case: Recorded, played: Player, *, known: frozenset[str], here: frozenset[str], names: Mapping[str, str]
) -> Replayed:
    """Compare the two paths; `known` are the elements of the version that the case ran, `here` those of the draft.

    `names` are what elements of either are called.
    """
    before = _steps(case.path, case.started_at, played.mapping)
    after = _steps(tuple(played.visits.values()), case.started_at, {})
    kinds, why = _differences(case, played, known=known, here=here, names=names)
    first = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a["element"] != b["element"]),
        None if len(before) == len(after) else min(len(before), len(after)),
    )
    took = (case.ended_at - case.started_at).total_seconds()
    now = (played.now - case.started_at).total_seconds() if played.ended else None
    return Replayed(case.instance_id, tuple(kinds) or ("same",), tuple(why), before, after, first, (took, now))


def _steps(path: Sequence[Visit], began: datetime, mapping: Mapping[str, str]) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "element": mapping.get(each.element, each.element), "name": each.name, "type": each.type,
            "status": str(each.status), "after": (each.at - began).total_seconds(),
        }
        for each in path
    )  # fmt: skip


def _differences(
    case: Recorded, played: Player, *, known: frozenset[str], here: frozenset[str], names: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    old = [(played.mapping.get(v.element, v.element), v.type) for v in case.path]
    new = [(v.element, v.type) for v in played.visits.values()]
    kinds: list[str] = []
    why: list[str] = []

    def say(kind: str, sentence: str) -> None:
        if kind not in kinds:
            kinds.append(kind)
        why.append(sentence)

    ends = [Counter(element for element, type_ in path if type_ == "endEvent") for path in (old, new)]
    if played.ended and ends[0] != ends[1]:
        say("elsewhere", _("Ends at %(after)s, not at %(before)s.") % {
            "after": _listed(ends[1], names), "before": _listed(ends[0], names)})  # fmt: skip
    _say_stops(played, say, names)
    fresh = sorted({element for element, _type in new} - known - {played.mapping.get(e, e) for e in known})
    if fresh:
        say("new", _("Reaches %(names)s, which is new.") % {"names": _listed(fresh, names)})
    missed = sorted({element for element, _type in old} - here)
    if missed:
        say("removed", _("Passed %(names)s, which is no longer there.") % {"names": _listed(missed, names)})
    _say_time(case, played, say)
    if not kinds and Counter(old) != Counter(new):
        say("another_path", _("Ends the same, by another path."))
    return kinds, why


def _called(element: str, names: Mapping[str, str]) -> str:
    """The name of an element as a reader knows it; its id where it has none."""
    return f"“{names[element]}”" if names.get(element) else element


def _listed(elements: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(_called(each, names) for each in sorted(elements)) or "–"


def _say_time(case: Recorded, played: Player, say: Any) -> None:
    if not played.ended:
        return
    more = played.now - case.ended_at
    if abs(more) <= TOLERANCE:
        return
    words = {"hours": f"{abs(more).total_seconds() / 3600:.1f}"}
    if more > TOLERANCE:
        say("longer", _("Ends %(hours)s h later.") % words)
    else:
        say("shorter", _("Ends %(hours)s h earlier.") % words)


def _say_stops(played: Player, say: Any, names: Mapping[str, str]) -> None:
    for element, message in played.failures:
        kind = "lacks" if any(words in message for words in NO_VARIABLE) else "stops"
        say(kind, _("Stops at %(element)s: %(message)s") % {"element": _called(element, names), "message": message})
    if played.failures or played.ended:
        return
    if played.steps >= MOST_STEPS:
        say("stops", _("It went on for %(steps)s steps and was stopped.") % {"steps": MOST_STEPS})
        return
    words = {
        "person": _("No answer is on record for %(element)s."),
        "job": _("No result is on record for %(element)s."),
        "event": _("No message is on record for %(element)s."),
    }
    for place in sorted(played.waiting.values(), key=lambda each: (each.element, each.rank)):
        say("lacks", words[place.kind] % {"element": _called(place.element, names)})
    if not played.waiting:
        say("unfinished", _("It waits for nothing and does not end."))
