"""What a person filled in for a connection, checked field by field before anything is kept or asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpm.feedback.connectors.kind import Asked, Kind
from bpm.feedback.connectors.kinds import get_kind
from bpm.feedback.intake.options import DATE_ORDERS, check_options
from bpm.feedback.raw_item import CHANNELS
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

INTERVALS = (
    ("300", _("every 5 minutes")),
    ("900", _("every 15 minutes")),
    ("3600", _("every hour")),
    ("21600", _("every 6 hours")),
    ("86400", _("once a day")),
)
"""Seconds -> how often a connection is asked, in words."""

LONGEST_VALUE = 4_000
"""Characters of one value."""

GENERAL = (
    Asked("name", _("Name"), help=_("What you call it. Ids count within it."), required=True),
    Asked("every", _("How often"), "select", required=True, options=INTERVALS, default="900"),
    Asked(
        "channel",
        _("Channel"),
        "select",
        _("Else what is usual for this kind of source."),
        options=tuple((each, each) for each in CHANNELS),
    ),
    Asked("zone", _("Time zone"), help=_("Of times that tell none, as Europe/Berlin; else UTC.")),
    Asked(
        "date_order",
        _("Order of day and month"),
        "select",
        _("In dates such as 3/4/2026."),
        options=tuple((each, each) for each in DATE_ORDERS),
    ),
    Asked("language", _("Language"), help=_("As en or de, where everything is in one; else it is found out.")),
    Asked("own", _("Our own accounts"), "area", _("Addresses, @domains or accounts of the company, one a line.")),
    Asked("agents", _("Our own people"), "area", _("Names of agents in conversations, one a line.")),
)
"""What is asked for every kind, beside its own."""

OPTIONS = ("zone", "date_order", "own", "agents")
"""Those that the readers take, see bpm.feedback.channels.Context."""


@dataclass(frozen=True)
class Wish:
    """A connection as it is to be; `secrets` holds those that were given anew."""

    kind: Kind
    name: str
    channel: str
    every_seconds: int
    settings: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def check_wish(kind_name: str, given: Mapping[str, str], *, kept: frozenset[str] = frozenset()) -> Wish:
    """What was filled in; InvalidInputError with `fields` names each that does not fit.

    `kept` names the secrets that are there already: left empty, they stay.
    """
    kind = get_kind(kind_name)
    asked = (*GENERAL, *kind.asked)
    values = {each.name: given.get(each.name, each.default).strip() for each in asked}
    problems = {each.name: why for each in asked if (why := _problem(each, values[each.name], kept))}
    problems |= _odd_options(values)
    if not problems:
        problems = _odd_settings(kind, values)
    if problems:
        raise InvalidInputError(
            _("The source cannot be kept like this."), remedy=_("Look at the fields that are marked."), fields=problems
        )
    general = {each.name for each in GENERAL} - set(OPTIONS) - {"language"}
    secret = {each.name for each in kind.asked if each.is_secret}
    return Wish(
        kind=kind,
        name=values["name"],
        channel=values["channel"] or kind.channel,
        every_seconds=int(values["every"]),
        settings={name: value for name, value in values.items() if value and name not in general | secret},
        secrets={name: values[name] for name in secret if values[name]},
    )


def _problem(asked: Asked, value: str, kept: frozenset[str]) -> str:
    if not value:
        return _("This is needed.") if asked.required and asked.name not in kept else ""
    if len(value) > (120 if asked.name == "name" else LONGEST_VALUE):
        return _("It is too long.")
    if asked.options and value not in dict(asked.options):
        return _("Choose one of the list.")
    if asked.name == "language" and not (len(value) == 2 and value.isascii() and value.isalpha()):
        return _("Write two letters, as en or de.")
    return ""


def _odd_options(values: Mapping[str, str]) -> dict[str, str]:
    try:
        check_options({f"_{name}": values[name] for name in OPTIONS})
    except InvalidInputError as error:
        return {error.place.replace(" ", "_"): f"{error.message} {error.remedy}"}
    return {}


def _odd_settings(kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
    try:
        kind.check(values)
    except InvalidInputError as error:
        return dict(error.fields) or {kind.asked[0].name: f"{error.message} {error.remedy}".strip()}
    return {}
