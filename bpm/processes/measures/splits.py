"""What a measure can be split by, and which groups a thing that was seen belongs to."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select

from bpm.feedback.models import Theme
from bpm.feedback.status import Voice
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.measures.catalogue import MeasureKind
from bpm.processes.measures.observed import ORDER, Facts, Seen
from bpm.processes.measures.tallies import Tally

SPLITS = ("version", "activity", "lane", "channel", "theme", "group", "voice", "rule")
"""What a measure can be split by; beside them `variable:NAME`, a variable of the case."""
VARIABLE = "variable:"
CUSTOMERS = ("", Voice.CUSTOMER, Voice.PROSPECT)
"""Whose words count unless somebody splits by voice: those of employees and partners are told apart."""
REST = ""
"""The group of what belongs to none."""

Keys = Callable[[Seen], Iterable[str]]
Groups = dict[str, dict[str, Tally]]
"""{group: {kind of link: sums}}"""


def check_split(by: str) -> None:
    """InvalidInputError unless it is one of `SPLITS`, a variable, or nothing."""
    if by and by not in SPLITS and not (by.startswith(VARIABLE) and by.removeprefix(VARIABLE)):
        problem = _("A measure cannot be split by “%(by)s”.") % {"by": by}
        remedy = _("Choose one of: %(splits)s.") % {"splits": ", ".join((*SPLITS, "variable:NAME"))}
        raise InvalidInputError(problem, remedy=remedy, fields={"by": problem})


def keys_of(by: str, facts: Facts) -> Keys:
    """The groups of a thing; what a split does not apply to is in none, or in all of them (`in_all`)."""
    if by == "activity":
        return lambda seen: (seen.element,) if seen.part and seen.element in facts.lanes else ()
    if by == "lane":
        return lambda seen: (facts.lanes[seen.element],) if seen.part and seen.element in facts.lanes else ()
    if by == "group":
        groups = facts.groups
        return lambda seen: (groups.get(seen.element, REST),) if seen.part and seen.element in facts.lanes else ()
    if by == "rule":
        return lambda seen: facts.rules.get(seen.case_id or 0, (REST,)) if seen.whole else ()
    if by.startswith(VARIABLE):
        name = by.removeprefix(VARIABLE)
        return lambda seen: (facts.variable(seen.case_id, name),) if seen.whole else ()
    if by in ("channel", "theme", "voice"):
        return lambda seen: (str(getattr(seen, by)),) if seen.whole else ()
    return lambda seen: (REST,) if seen.whole else ()


def titles_of(work: Work, by: str, facts: Facts, groups: Iterable[str]) -> Mapping[str, str]:
    """{group: its name}, in the order in which groups are told."""
    if by == "activity":
        return {str(each["id"]): str(each["name"] or each["id"]) for each in facts.part.elements}
    if by == "lane":
        return {lane: lane or _("in no lane") for lane in facts.lanes.values()}
    if by == "theme":
        ids = [int(group) for group in groups if group]
        names = work.session.execute(select(Theme.id, Theme.name).where(Theme.id.in_(ids)))
        return {str(row.id): row.name for row in names} | {REST: _("no theme yet")}
    return {REST: _NOT_KNOWN.get(by.partition(":")[0], "")}


_NOT_KNOWN = {
    "channel": _("no channel"),
    "voice": _("nobody's words"),
    "group": _("no group"),
    "rule": _("no decision"),
    "variable": _("not set"),
}


def is_counted(voice: str, *, wanted: str, voices: bool) -> bool:
    """Whether words of a voice count: those of the one that is wanted, else of all (`voices`), else of customers."""
    return voice in ("", wanted) if wanted else voices or voice in CUSTOMERS


def grouped(
    seen: Iterable[Seen], kind: MeasureKind, keys: Keys, *, channel: str = "", voice: str = "", voices: bool = False
) -> Groups:
    """Sums by group and kind of link; an item counts in a group once, under the first of its kinds (`ORDER`).

    `channel`: only what came by it. `voice`, `voices`: see `is_counted`.
    """
    items: dict[tuple[str, int], Seen] = {}
    found: Groups = defaultdict(lambda: defaultdict(Tally))
    for each in seen:
        if channel and each.channel and each.channel != channel:
            continue
        if not is_counted(each.voice, wanted=voice, voices=voices):
            continue
        for key in keys(each):
            if each.item_id is None:
                found[key][each.kind].see(each, kind)
                continue
            known = items.get((key, each.item_id))
            if known is None or ORDER.index(each.kind) < ORDER.index(known.kind):
                items[key, each.item_id] = each
    for (key, _item), each in items.items():
        found[key][each.kind].see(each, kind)
    return found


def share_exposure(found: Groups) -> None:
    """Cases have no channel, theme or voice: each such group of a rate is compared with all of them."""
    exposure = found.pop(REST, {}).pop("", None)
    if exposure is not None:
        for tallies in found.values():
            tallies.setdefault("", Tally()).add(exposure)
