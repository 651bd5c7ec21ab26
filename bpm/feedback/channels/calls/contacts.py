"""One contact of a contact centre, whichever tells it: its turns become one item with the customer's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bpm.feedback.channels.calls.start import start_of_call
from bpm.feedback.channels.calls.told import told
from bpm.feedback.channels.calls.turns import Turn
from bpm.feedback.channels.records import Outcome, Part, left_out
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _


@dataclass(frozen=True)
class Contact:
    """What the contact centre says of the contact itself."""

    key: str
    channel: str
    said_at: datetime | None = None
    phone: str = ""
    name: str = ""
    email: str = ""


def contact(
    part: Part, context: Context, about: Contact, *, turns: Sequence[Turn], warnings: tuple[str, ...] = ()
) -> Outcome:
    """The item of a contact; InvalidInputError when nobody can tell who of the speakers is the customer."""
    call = told(turns, context)
    if not call.text.strip():
        return left_out(_("a call in which only the company's side speaks"))
    said_at = about.said_at or start_of_call(context)[0]
    item = RawItem(
        channel=context.channel or about.channel,
        source=context.source,
        text=call.text,
        natural_key=about.key,
        said_at=said_at,
        author_name=about.name,
        author_email=about.email,
        author_phone=about.phone,
        extra=call.extra,
        raw=dict(part.record),
    )
    return Outcome(item, warnings=(*warnings, *call.warnings))
