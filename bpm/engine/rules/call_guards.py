"""How a model writes a call guard at the task that contacts a customer: one line that a person can read.

`[avoid|hold] RULE [NAME = VALUE] [-> ELEMENT]`, several parted by semicolons: `tracking -> note_avoided_call`,
`hold quiet_hours`, `avoid variable insured = true`. The rules are those that `bpm.processes.guards` knows; a test holds
the two together.
"""

import re
from dataclasses import dataclass

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

RULES = ("tracking", "variable", "said_since", "incident", "consent", "quiet_hours", "promise")
EFFECTS = ("avoid", "hold")
_PAUSES = frozenset({"said_since", "quiet_hours", "promise"})
"""Rules whose contact waits, unless the model says that it is avoided."""
MOST = 10
_GUARD = re.compile(
    r"(?:(?P<effect>\w+)\s+)??(?P<rule>\w+)(?:\s+(?P<variable>[^\s=]+)\s*=\s*(?P<value>.+?))?(?:\s*->\s*(?P<go_to>\S+))?",
)
REMEDY = _(
    "Write “[avoid|hold] rule [name = value] [-> element]”, for example “tracking -> note_it”, “hold quiet_hours” or "
    "“variable insured = true”; the rules are %(rules)s."
) % {"rules": ", ".join(RULES)}


@dataclass(frozen=True)
class GuardMark:
    """A guard as the model declares it."""

    rule: str
    effect: str
    variable: str = ""
    value: str = ""
    go_to: str = ""
    """Element at which the case goes on when the contact is avoided; empty: behind the task."""


def is_guard(name: str) -> bool:
    """Whether a property or header of that name declares guards: callGuard, earshot.call-guard, earshot:callGuards."""
    plain = re.sub(r"[\W_]", "", name).lower().removeprefix("earshot")
    return plain in ("callguard", "callguards")


def read_guards(written: str) -> tuple[GuardMark, ...]:
    """The guards of one property. InvalidInputError says what is wrong with which of them."""
    parts = [part.strip() for part in written.split(";") if part.strip()]
    if not parts:
        raise InvalidInputError(_("The call guard is empty."), remedy=REMEDY)
    if len(parts) > MOST:
        raise InvalidInputError(
            _("There are more than %(most)s call guards.") % {"most": MOST}, remedy=_("Keep those that matter.")
        )
    return tuple(dict.fromkeys(_read(part) for part in parts))


def _read(part: str) -> GuardMark:
    found = _GUARD.fullmatch(part)
    if found is None:
        raise InvalidInputError(_("“%(text)s” is no call guard.") % {"text": part[:100]}, remedy=REMEDY)
    rule, effect = found["rule"], found["effect"] or ""
    if rule not in RULES:
        raise InvalidInputError(_("“%(text)s” is no rule of a call guard.") % {"text": rule[:60]}, remedy=REMEDY)
    if effect and effect not in EFFECTS:
        raise InvalidInputError(
            _("“%(text)s” is nothing that a call guard does.") % {"text": effect[:60]}, remedy=REMEDY
        )
    variable, value = found["variable"] or "", (found["value"] or "").strip("\"' ")
    if (rule == "variable") != bool(variable and value):
        told = {"rule": rule}
        if rule == "variable":
            raise InvalidInputError(_("The rule “%(rule)s” names no variable and value.") % told, remedy=REMEDY)
        raise InvalidInputError(_("The rule “%(rule)s” compares no variable.") % told, remedy=REMEDY)
    effect = effect or ("hold" if rule in _PAUSES else "avoid")
    go_to = found["go_to"] or ""
    if go_to and effect == "hold":
        raise InvalidInputError(_("A contact that waits goes on nowhere else."), remedy=_("Write avoid, or no arrow."))
    return GuardMark(rule, effect, variable[:200], value[:400], go_to[:300])
