"""The form of a question: its fields, and the plan that it makes of what was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.processes.verdicts import MEASURES, CaseMeasure, Guard, Plan, Wish
from web.core.numbers import key_of
from web.ui.fields import Field

MEASURE_OPTIONS = [(each.name, each.title) for each in MEASURES.values()]
DIRECTIONS = [("lower", _("less is better")), ("higher", _("more is better"))]
DESIGNS = [
    ("randomised", _("By lot: a rollout draws which version a case gets")),
    ("staged", _("Staged: groups change at different times")),
    ("series", _("Interrupted series: all change at one time, after a year or so of weeks")),
    ("before_after", _("Before and after: weak, it never shows an improvement")),
]
CHOICES = [
    ("keep_new", _("keep the new version")),
    ("back_to_old", _("go back to the old version")),
    ("go_on", _("try on, under a new plan")),
]
RULES = (
    ("improved", _("If it improved")),
    ("worse", _("If it became worse")),
    ("no difference", _("If there is no difference beyond what matters")),
    ("not shown", _("If it is not shown")),
)
DESIGN_HELP = _("A rollout that runs already counts from the start that you name, not before.")
SMALL_HELP = _("In points for shares (5 of 100), in complaints per 100 cases, or in hours: as the measure is read.")


@dataclass(frozen=True)
class Offered:
    """What a process offers to choose from."""

    versions: Sequence[tuple[str, str]]
    """(id, words), newest first."""
    elements: Sequence[tuple[str, str]]
    rollouts: Sequence[tuple[str, str]]
    patterns: Sequence[str]


@dataclass(frozen=True)
class Asked:
    """The form filled in, by groups."""

    question: tuple[Field, ...]
    comparison: tuple[Field, ...]
    rule: tuple[Field, ...]
    guards: tuple[Field, ...]


def fields_of(
    values: Mapping[str, str], controls: Sequence[str], errors: Mapping[str, str], offered: Offered, *, today: date
) -> Asked:
    """The fields with what was written and what is wrong with it."""

    def told(field: Field, usual: str = "") -> Field:
        return field.with_value(values.get(field.name, usual), error=errors.get(field.name, ""))

    question = (
        told(Field("title", _("What is changed?"), "text", required=True, limits={"maxlength": 300})),
        told(Field("pattern", _("Kind of change"), "text", _patterns(offered.patterns), limits={"maxlength": 120})),
        told(Field("element", _("At which activity"), "select", options=offered.elements)),
        told(Field("measure", _("Measure"), "select", required=True, options=MEASURE_OPTIONS)),
        told(Field("direction", _("Better"), "select", required=True, options=DIRECTIONS)),
        told(Field("smallest", _("Smallest change that matters"), "number", SMALL_HELP, required=True,
                   limits={"min": "0", "step": "any"})),
        told(Field("window_days", _("A case may bring its outcome for"), "number", _("Later is not counted."),
                   required=True, limits={"min": 1, "max": 365, "step": "any"}, after=_("days")), "30"),
        told(Field("picked", _("The activity was chosen because its figures were bad"), "check")),
    )  # fmt: skip
    comparison = (
        told(Field("design", _("How old and new are compared"), "select", DESIGN_HELP, required=True, options=DESIGNS)),
        told(Field("rollout", _("Rollout"), "select", _("For the draw."), options=offered.rollouts)),
        told(Field("old", _("Old version"), "select", required=True, options=offered.versions)),
        told(Field("new", _("New version"), "select", required=True, options=offered.versions)),
        told(Field("group_by", _("Variable that names the group"), "text", _("Of a case, for stages."))),
        told(Field("starts_on", _("Starts on"), "date", _("Today counts from this moment on."), required=True),
             today.isoformat()),
        told(Field("ends_on", _("Last look on"), "date", required=True), (today + timedelta(days=90)).isoformat()),
        told(Field("looks", _("Looks"), "number", _("Each is paid for; in between nobody sees an estimate."),
                   required=True, limits={"min": 1, "max": 10}), "1"),
        told(Field("per_arm", _("Cases on each version at the last look"), "number", _("Empty: as many as it takes."),
                   limits={"min": 10, "max": 100000})),
    )  # fmt: skip
    rule = tuple(told(Field(f"rule-{word}", label, "select", required=True, options=CHOICES)) for word, label in RULES)
    guards = tuple(
        told(Field(f"guard-{each.name}", each.title, "number", limits={"min": 0, "step": "any"}, after=each.unit))
        for each in MEASURES.values()
    )
    held = Field("controls", _("Measures that the change cannot move"), "checks",
                 _("When one of them moves all the same, something else is at work and the result is withheld."),
                 options=MEASURE_OPTIONS, values=list(controls), error=errors.get("controls", ""))  # fmt: skip
    return Asked(question, comparison, rule, (*guards, held))


def _patterns(names: Sequence[str]) -> str:
    if not names:
        return _("Such as “a second reminder”: verdicts are gathered by it.")
    return _("One of these, or a new one: %(names)s.") % {"names": ", ".join(names[:12])}


@dataclass(frozen=True)
class Written:
    """What the form says, before it is a plan."""

    wish: Wish
    guards: tuple[Guard, ...]
    per_arm: int | None
    starts_at: datetime
    ends_on: date


def read(values: Mapping[str, str], key: str, *, now: datetime) -> Written:
    """InvalidInputError with `fields` that are no numbers, days or choices."""
    problems: dict[str, str] = {}
    measure = MEASURES.get(values.get("measure", ""))
    if measure is None:
        problems["measure"] = _("Choose a measure of the list.")
    for name, options in (("direction", DIRECTIONS), ("design", DESIGNS)):
        if values.get(name) not in {value for value, _label in options}:
            problems[name] = _("Choose one of the list.")
    number = {name: _number(values, name, problems) for name in ("smallest", "window_days", "looks")}
    old = key_of(values.get("old", ""))
    if old is None:
        problems["old"] = _("Choose the version that is compared to.")
    starts, ends = (_day(values, name, problems) for name in ("starts_on", "ends_on"))
    guards = _guards(values, problems)
    written = values.get("per_arm", "").strip()
    per_arm = int(_number(values, "per_arm", problems)) if written else None
    if problems or measure is None or old is None:
        raise InvalidInputError(_("The question is not complete."), fields=problems)
    wish = Wish(
        definition_key=key, version_id=old, measure=measure.name, direction=values.get("direction", ""),
        smallest=number["smallest"] / measure.scale, window_days=number["window_days"],
        design=values.get("design", ""), looks=int(number["looks"]), element=values.get("element", ""),
    )  # fmt: skip
    starts_at = now if starts == now.date() else datetime.combine(starts, time(), UTC)
    return Written(wish, guards, per_arm, starts_at, ends)


def plan_of(values: Mapping[str, str], controls: Sequence[str], written: Written, per_arm: int) -> Plan:
    """The plan that would be registered, without what was foreseen and its kind of change."""
    wish = written.wish
    return Plan(
        definition_key=wish.definition_key, title=values.get("title", ""), measure=wish.measure,
        direction=wish.direction, smallest=wish.smallest, window_days=wish.window_days, design=wish.design,
        per_arm=per_arm, old_version_id=wish.version_id, new_version_id=key_of(values.get("new", "")) or 0,
        baseline_from=written.starts_at - timedelta(days=_BASELINE.get(wish.design, 182)),
        starts_at=written.starts_at, ends_on=written.ends_on,
        rule={word: values.get(f"rule-{word}", "") for word, _label in RULES}, looks=wish.looks,
        improvement_id=key_of(values.get("improvement", "")), rollout_id=_rollout(values),
        element=wish.element, group_by=values.get("group_by", "").strip(), guards=written.guards,
        controls=tuple(controls), picked_as_bad=values.get("picked") == "true",
    )  # fmt: skip


_BASELINE = {"series": 730}
"""Days before the start from which on the old version counts."""


def _rollout(values: Mapping[str, str]) -> int | None:
    return key_of(values.get("rollout", "")) if values.get("design") in ("randomised", "staged") else None


def fields_with_errors(errors: Mapping[str, str]) -> dict[str, str]:
    """Names of a plan's fields as the form calls them."""
    names = {"old_version": "old", "new_version": "new", "starts_at": "starts_on", "baseline_from": "starts_on",
             "rule": "rule-improved", "guards": f"guard-{next(iter(MEASURES))}"}  # fmt: skip
    return {names.get(name, name): words for name, words in errors.items()}


def _guards(values: Mapping[str, str], problems: dict[str, str]) -> tuple[Guard, ...]:
    found = []
    for measure in MEASURES.values():
        name = f"guard-{measure.name}"
        if values.get(name, "").strip():
            found.append(Guard(measure.name, _number(values, name, problems) / measure.scale))
    return tuple(found)


def _number(values: Mapping[str, str], name: str, problems: dict[str, str]) -> float:
    try:
        number = float(values.get(name, "").replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e9:
        problems[name] = _("Write a number.")
        return 0.0
    return number


def _day(values: Mapping[str, str], name: str, problems: dict[str, str]) -> date:
    try:
        return date.fromisoformat(values.get(name, ""))
    except ValueError:
        problems[name] = _("Choose a day.")
        return date(1970, 1, 1)


def level_words(measure: CaseMeasure, level: float) -> str:
    """Where a measure stands: `42 %`, `12 per 100 cases`, `5.2 hours per case`."""
    return f"{level * measure.scale:.3g} {measure.unit}"
