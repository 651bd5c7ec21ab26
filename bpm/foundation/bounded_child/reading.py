"""One request, one answer: a function of ours reads foreign bytes in the warm child, never in this process.

1. `read_apart` looks at the size, names the function and hands the bytes over; the child imports it and calls it.
2. What it gives comes back as JSON values. InvalidInputError and TooLargeError are raised here as they were there, with
   place, remedy and fields; whatever else happens is told as a file that cannot be read, with its name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import orjson

from bpm.foundation.bounded_child.child import BoundedChild, ChildLostError
from bpm.foundation.errors import ConflictError, InvalidInputError, TooLargeError
from bpm.foundation.texts import _

SECONDS = 30.0
"""Of the clock, for one answer; the child's own bound counts processor time."""
PATIENCE = 20.0
"""Seconds for which a request waits until the child has time for it."""

P = ParamSpec("P")
T = TypeVar("T")

child = BoundedChild("bpm.foundation.bounded_child.answering")


@dataclass(frozen=True)
class Sent:
    """A file as it came, unread: its name for people, and how many bytes it may have."""

    name: str
    content: bytes = field(repr=False)
    most_bytes: int


def read_apart(reader: Callable[Concatenate[bytes, P], T], sent: Sent, *args: P.args, **kwargs: P.kwargs) -> T:
    """What `reader`, a public function of a module, makes of the bytes. Arguments and answer are JSON values.

    A tuple comes back as a list. TooLargeError before anything is looked at, InvalidInputError as `reader` raises it
    or when it came to no end, ConflictError when others are being read for too long.
    """
    if len(sent.content) > sent.most_bytes:
        raise TooLargeError(
            _("%(file)s has %(number)s bytes; at most %(most)s are read.")
            % {"file": sent.name, "number": len(sent.content), "most": sent.most_bytes},
            place=sent.name,
            remedy=_("Split it, or leave out what is not needed."),
        )
    request = orjson.dumps(
        {"module": reader.__module__, "name": reader.__qualname__, "args": list(args), "kwargs": kwargs}
    )
    return cast("T", _told(_asked(request, sent), sent))


def _asked(request: bytes, sent: Sent) -> bytes:
    try:
        with child.conversation(patience=PATIENCE) as talk:
            talk.send(request)
            talk.send(sent.content)
            answer = talk.receive(SECONDS)
            talk.over = True
            return answer
    except ChildLostError:
        raise InvalidInputError(
            _("Reading %(file)s took too much time or memory and was stopped.") % {"file": sent.name},
            place=sent.name,
            remedy=_("Save it again, or send a smaller one."),
        ) from None
    except TimeoutError as error:
        raise ConflictError(_("Other files are being looked at."), remedy=_("Try again in a minute.")) from error


def _told(answer: bytes, sent: Sent) -> Any:
    kind, told = answer[:1], orjson.loads(answer[1:])
    if kind == b"a":
        return told
    if kind == b"l":
        raise TooLargeError(**told)
    if kind == b"i":
        raise InvalidInputError(**told)
    raise InvalidInputError(
        _("%(file)s cannot be read: %(why)s.") % {"file": sent.name, "why": told},
        place=sent.name,
        remedy=_("Save it again in the format that is asked for."),
    )
