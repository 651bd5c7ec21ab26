"""The form that sets a rollout up: its fields, and what a person wrote in them as a wish."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bpm.engine.queries import VersionRow
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.processes.rollouts import RolloutWish, Stage
from web.ui.fields import Field
from web.ui.task_dates import read_moment

HOW = (
    ("share:case", _("By lot, each case for itself")),
    ("share:customer", _("By lot, each customer: all their cases have the same version")),
    ("share:team", _("By lot, each team or other value of the case: all its cases have the same version")),
    ("staged:group", _("Group by group, each from a date on")),
    ("switchback:day", _("In turns by day: all cases of a day have the same version")),
    ("switchback:team", _("In turns by day and team")),
    ("everybody:case", _("Everybody, from a date on")),
)
USUAL = {"how": "share:case", "steps": "5, 20, 50", "cool_off_hours": "24"}
NAMES = (
    "candidate", "how", "steps", "variable", "stages", "from_at", "stop_after", "stop_at", "cool_off_hours", "reason",
)  # fmt: skip


def candidates(versions: Sequence[VersionRow]) -> tuple[tuple[str, str], ...]:
    """What can run beside the live version, as (id, words): drafts that count, then the live one itself."""
    drafts = [each for each in versions if each.status == VersionStatus.DRAFT]
    older = [each for each in versions if each.status == VersionStatus.RETIRED]
    live = [each for each in versions if each.status == VersionStatus.LIVE]
    return (
        *((str(each.id), _("Version %(number)s, a draft") % {"number": each.number}) for each in drafts),
        *((str(each.id), _("Version %(number)s, live no more") % {"number": each.number}) for each in older),
        *(
            (str(each.id), _("Version %(number)s itself: an A/A test") % {"number": each.number})
            for each in live
        ),
    )  # fmt: skip


def fields_of(
    written: Mapping[str, str], choices: Sequence[tuple[str, str]], problems: Mapping[str, str]
) -> tuple[Field, ...]:
    def field(name: str, label: str, kind: str, help_text: str = "", **more: object) -> Field:
        value, error = written.get(name, USUAL.get(name, "")), problems.get(name, "")
        return Field(name, label, kind, help=help_text, value=value, error=error, **more)  # type: ignore[arg-type]  # what the macro reads

    how = written.get("how", USUAL["how"])
    return (
        field("candidate", _("Beside the live version"), "select", required=True, options=choices),
        Field(
            "how", _("How a new case gets its version"), "radios", required=True, options=HOW, values=(how,),
            error=problems.get("unit", ""),
            help=_("Versions that share staff and queues change each other's figures: then take turns by day."),
        ),
        field("steps", _("Shares of the new version, step by step, in %"), "text",
              _("For a lot. Each further step is asked for by one person and approved by another.")),
        field("variable", _("Value of the case that is the team or group"), "text",
              _("Any variable, such as region or product; or of the customer: customer.stage, "
                "customer.preferred_channel, customer.voice. By customer, a number that stands for those whom nobody "
                "knows.")),
        field("stages", _("Groups in order, each with its date"), "area",
              _("One a line: North 2026-12-01. All other groups keep the live version."), rows=3),
        field("from_at", _("Everybody, from"), "datetime-local"),
        field("stop_after", _("It ends after so many cases"), "number", _("Of both versions together."),
              limits={"min": 1}),
        field("stop_at", _("It ends on"), "datetime-local", _("Whichever comes first. One of the two is needed.")),
        field("cool_off_hours", _("Hours between two steps, at least"), "number", limits={"min": 0}),
        field("reason", _("What it is to show"), "area", rows=2),
    )  # fmt: skip


def wish_of(written: Mapping[str, str]) -> RolloutWish:
    """What the form says; InvalidInputError with `fields` for what cannot be read."""
    problems: dict[str, str] = {}
    way, _colon, unit = written.get("how", "").partition(":")
    wish = RolloutWish(
        way=way,
        unit=unit,
        variable=written.get("variable", "").strip(),
        steps=_steps(written.get("steps", ""), problems) if way == "share" else (),
        stages=_stages(written.get("stages", ""), problems) if way == "staged" else (),
        from_at=_moment(written, "from_at", problems),
        stop_after=_whole(written, "stop_after", problems),
        stop_at=_moment(written, "stop_at", problems),
        cool_off_hours=_whole(written, "cool_off_hours", problems) or 0,
        reason=written.get("reason", ""),
    )
    if wish.stop_after is None and wish.stop_at is None and not problems.keys() & {"stop_after", "stop_at"}:
        problems["stop_at"] = _("Say when it ends: after so many cases, or on a date.")
    if problems:
        raise InvalidInputError(_("The rollout cannot begin like this."), fields=problems)
    return wish


def _steps(text: str, problems: dict[str, str]) -> tuple[float, ...]:
    try:
        return tuple(float(each.strip().rstrip("%").strip()) / 100 for each in text.split(",") if each.strip())
    except ValueError:
        problems["steps"] = _("Write shares with commas, such as 5, 20, 50.")
        return ()


def _stages(text: str, problems: dict[str, str]) -> tuple[Stage, ...]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        value, _space, moment = line.strip().rpartition(" ")
        try:
            since = read_moment(moment)
        except InvalidInputError:
            since = None
        if line.strip() and (since is None or not value.strip()):
            problems["stages"] = _("Line %(number)s: write a group, then its date, such as North 2026-12-01.") % {
                "number": number
            }
        elif since is not None:
            found.append(Stage(value.strip(), since))
    return tuple(found)


def _moment(written: Mapping[str, str], name: str, problems: dict[str, str]) -> datetime | None:
    try:
        return read_moment(written.get(name, "").strip())
    except InvalidInputError as error:
        problems[name] = f"{error.message} {error.remedy}"
        return None


def _whole(written: Mapping[str, str], name: str, problems: dict[str, str]) -> int | None:
    text = written.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal():
        problems[name] = _("Write a whole number.")
        return None
    return int(text)
