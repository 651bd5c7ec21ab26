"""What is wrong with the settings, in one line: the variable, what it holds, what is expected, and the remedy."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bpm.foundation.settings import Settings

PREFIX = "EARSHOT_"
FOR_TESTS = "EARSHOT_TEST_"
"""Variables of the test suite, which no process of the product reads."""


def describe_wrong_settings(error: ValidationError) -> str:
    """One line for all that does not fit; values of secrets are not shown."""
    first = {str(each["loc"][0]): each for each in reversed(error.errors()) if each["loc"]}
    said = [_one(name, str(each["msg"]), each.get("input")) for name, each in sorted(first.items())]
    return f"{' '.join(said)} All settings with their meaning: README, Settings."


def _one(name: str, message: str, value: object) -> str:
    field = Settings.model_fields[name]
    own = message.removeprefix("Value error, ")
    expected = own if own != message else _expected(field)
    default = "unset it" if field.default in ("", None, ()) else f"unset it for {_default(field)}"
    return f"{PREFIX}{name.upper()} is {_shown(field, value)}: expected {expected}. Set it so, or {default}."


def _shown(field: FieldInfo, value: object) -> str:
    text = str(value)
    if not field.repr:
        return f"not usable ({len(text)} characters, not shown)"
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


def _default(field: FieldInfo) -> str:
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


def _expected(field: FieldInfo) -> str:
    """What kind of value the field takes, from its type and its bounds."""
    kinds = get_args(field.annotation) if isinstance(field.annotation, UnionType) else (field.annotation,)
    if bool in kinds:
        return "true or false"
    if int in kinds:
        return f"a whole number{_bounds(field.metadata)}"
    return "the path of a folder" if Path in kinds else "text"


def _bounds(metadata: Iterable[Any]) -> str:
    lowest = next((each.ge for each in metadata if hasattr(each, "ge")), None)
    highest = next((each.le for each in metadata if hasattr(each, "le")), None)
    if lowest is None or highest is None:
        return f" of at least {lowest}" if lowest is not None else ""
    return f" from {lowest} to {highest}"


def name_unread_variables(environment: Mapping[str, str]) -> list[str]:
    """A line for each variable that looks like a setting and is none, with the nearest one that is."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    strange = sorted(
        name
        for name in environment
        if name.upper().startswith(PREFIX) and not name.startswith(FOR_TESTS) and name.upper() not in known
    )
    return [_unread(name, known) for name in strange]


def _unread(name: str, known: set[str]) -> str:
    near = get_close_matches(name.upper().removeprefix(PREFIX), {each.removeprefix(PREFIX) for each in known}, n=1)
    remedy = f"Did you mean {PREFIX}{near[0]}?" if near else "All settings: README, Settings."
    return f"{name} is set, but there is no such setting, so it has no effect. {remedy}"
