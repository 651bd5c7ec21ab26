"""What a rollout would mean before it begins: cases a week on each version, and the weeks until they show something."""

from dataclasses import dataclass

from bpm.foundation.texts import _
from bpm.processes.rollouts import RolloutWish, Stage, Unit, Way

PLACES = ((_("30 to 20 %"), 293), (_("30 to 25 %"), 1249), (_("20 to 10 %"), 199), (_("10 to 5 %"), 434))
"""(a change of a share, cases on each version that show it with 80 % power at 5 % two-sided; docs/statistics.md)."""
WIDTH, BAR, GAP, LEFT = 640, 26, 14, 90


@dataclass(frozen=True)
class StepMeaning:
    """One share with cases a week of each version, and where its bar lies on the picture."""

    name: str
    share: float
    old: float
    new: float
    y: int
    split: float
    """Where the old version's part ends."""


@dataclass(frozen=True)
class Meaning:
    sentences: tuple[str, ...]
    steps: tuple[StepMeaning, ...]
    waits: tuple[tuple[str, int, float | None], ...]
    """(change, cases on each version, weeks until the last step has brought them; None: never)"""
    per_week: float
    left: int = LEFT
    width: int = WIDTH
    bar: int = BAR

    @property
    def height(self) -> int:
        return len(self.steps) * (BAR + GAP) + GAP


def meaning_of(wish: RolloutWish, per_week: float) -> Meaning:
    """In words and places of a picture; `per_week` are cases that begin."""
    way = Way(wish.way)
    steps = tuple(_step(number, share, per_week) for number, share in enumerate(wish.steps)) if way is Way.SHARE else ()
    smaller = _smaller_arm(wish, way) * per_week
    waits = tuple((change, n, n / smaller if smaller else None) for change, n in PLACES)
    sentences = (*_in_words(wish, way, per_week), *_ends(wish, per_week))
    return Meaning(sentences, steps, waits if way in (Way.SHARE, Way.SWITCHBACK) else (), per_week)


def _step(number: int, share: float, per_week: float) -> StepMeaning:
    return StepMeaning(
        name=_("Step %(number)s") % {"number": number + 1},
        share=share,
        old=per_week * (1 - share),
        new=per_week * share,
        y=GAP + number * (BAR + GAP),
        split=round(LEFT + (WIDTH - LEFT) * (1 - share), 1),
    )


def _smaller_arm(wish: RolloutWish, way: Way) -> float:
    """Share of the smaller arm when all steps are taken."""
    if way is Way.SWITCHBACK:
        return 0.5
    last = wish.steps[-1] if wish.steps else 0.0
    return min(last, 1 - last)


def _in_words(wish: RolloutWish, way: Way, per_week: float) -> list[str]:
    said = [
        _("About %(n).0f cases of this process begin in a week.") % {"n": per_week}
        if per_week
        else _("No case of this process began in the last eight weeks: nothing can be said of how long it takes.")
    ]
    if way is Way.SHARE:
        said.append(_of_a_lot(wish))
    elif way is Way.STAGED:
        said += [_of_a_stage(stage) for stage in wish.stages]
        said.append(_("All other groups keep the live version; cases without the value take no part."))
    elif way is Way.SWITCHBACK:
        said.append(
            _("Of each two days (UTC) one is the new version's, in an order drawn for every pair")
            + (_(", and for each team apart.") if wish.unit == Unit.TEAM else ".")
        )
    elif wish.from_at is not None:
        said.append(
            _("Until %(at)s all cases have the live version, from then on the new one: a series, not a comparison.")
            % {"at": f"{wish.from_at:%Y-%m-%d %H:%M} UTC"}
        )
    return said


def _of_a_lot(wish: RolloutWish) -> str:
    what = {
        Unit.CUSTOMER: _("Each customer keeps the version that they drew, in every case."),
        Unit.TEAM: _("Each team keeps the version that it drew; few teams are few draws, and the arms will be uneven."),
    }
    return what.get(Unit(wish.unit), _("Each case is drawn for itself; the same customer may meet both versions."))


def _of_a_stage(stage: Stage) -> str:
    return _("%(group)s has the new version from %(at)s on.") % {
        "group": stage.value,
        "at": f"{stage.since:%Y-%m-%d %H:%M} UTC",
    }


def _ends(wish: RolloutWish, per_week: float) -> list[str]:
    said = []
    if wish.stop_after is not None:
        weeks = wish.stop_after / per_week if per_week else None
        said.append(
            _("It ends after %(n)s cases, in about %(weeks).1f weeks.") % {"n": wish.stop_after, "weeks": weeks}
            if weeks is not None
            else _("It ends after %(n)s cases.") % {"n": wish.stop_after}
        )
    if wish.stop_at is not None:
        said.append(_("It ends on %(at)s at the latest.") % {"at": f"{wish.stop_at:%Y-%m-%d %H:%M} UTC"})
    return said
