"""The tree of everything that can go wrong on purpose.

EarshotError
├── NotFoundError        no such thing, or not for this person (web: 404)
├── ForbiddenError       known person, missing permission (web: 403)
├── InvalidInputError    what was sent does not fit; says where and what to do (web: 400)
│   ├── RefusedError     a process model that must not go live; carries its findings
│   └── TooLargeError    over a size or count limit (web: 413)
├── TooManyRequestsError asked too often; says how long to wait (web: 429)
├── ConflictError        somebody else was first; nothing was changed (web: 409)
├── SecretUnreadableError  no key at hand opens a stored secret; it is kept (web: 503)
└── EngineError          an instance could not go on; becomes a Failure, never a lost request
    ├── BudgetExceededError   a step used up its time, token or depth budget
    └── ExpressionError       an expression or script of a model failed
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any


class EarshotError(Exception):
    """Something went wrong on purpose: `message` says what, `remedy` what to do, `place` where."""

    def __init__(self, message: str, *, remedy: str = "", place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.place = place

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        if not self.remedy:
            return f"{where}{self.message}"
        stop = "" if self.message.endswith((".", "!", "?", ":", "…")) else "."
        return f"{where}{self.message}{stop} {self.remedy}"


class NotFoundError(EarshotError):
    """There is no such thing, or it is not for this person to know."""


class ForbiddenError(EarshotError):
    """The person is known but lacks the permission."""


class InvalidInputError(EarshotError):
    """What was sent does not fit; `fields` maps a field's name to its problem."""

    def __init__(
        self, message: str, *, remedy: str = "", place: str = "", fields: dict[str, str] | None = None
    ) -> None:
        super().__init__(message, remedy=remedy, place=place)
        self.fields = fields or {}


class RefusedError(InvalidInputError):
    """A process model that must not go live; `findings` says why, element by element."""

    def __init__(self, message: str, *, findings: Sequence[Any] = (), remedy: str = "", place: str = "") -> None:
        super().__init__(message, remedy=remedy, place=place)
        self.findings = tuple(findings)


class TooLargeError(InvalidInputError):
    """Over a limit of size or count."""


class TooManyRequestsError(EarshotError):
    """Asked too often; `retry_after` is how long to wait."""

    def __init__(self, message: str, *, retry_after: timedelta, remedy: str = "", place: str = "") -> None:
        super().__init__(message, remedy=remedy, place=place)
        self.retry_after = retry_after


class ConflictError(EarshotError):
    """Somebody else was first; nothing of this command was kept."""


class SecretUnreadableError(EarshotError):
    """No key at hand opens a stored secret; it is kept as it is."""


class EngineError(EarshotError):
    """An instance could not go on; it becomes a Failure with `cause`."""

    cause = "engine"


class BudgetExceededError(EngineError):
    """A step used up its time, token or depth budget."""

    cause = "budget"


class ExpressionError(EngineError):
    """An expression or script of a model failed; `place` is the element."""

    cause = "expression"
