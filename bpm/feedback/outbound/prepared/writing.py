"""What somebody is about to say: kept while they type, for them alone, until it is sent or thrown away."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from bpm import mail
from bpm.feedback.items import get_current
from bpm.feedback.models import ReplyInWriting
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

LONGEST = 20_000
FIELDS = ("text", "subject", "place", "identity", "copies", "template", "send_at", "files")
"""Fields of the form that are kept."""


MOST_COPIES = 20


def read_copies(written: str) -> tuple[str, ...]:
    """Addresses with commas or semicolons between; InvalidInputError with `fields` names the first that is none."""
    told = [each.strip() for each in written.replace(";", ",").split(",") if each.strip()]
    if len(told) > MOST_COPIES:
        problem = _("At most %(number)s copies.") % {"number": MOST_COPIES}
        raise InvalidInputError(problem, fields={"copies": problem})
    try:
        return tuple(dict.fromkeys(mail.check_address(each) for each in told))
    except InvalidInputError as error:
        raise InvalidInputError(error.message, remedy=error.remedy, fields={"copies": error.message}) from error


def keep_written(work: Work, item_id: int, given: Mapping[str, str]) -> None:
    """Keep what is in the form now; empty words throw it away."""
    demand(work.actor, Permission.ANSWER)
    get_current(work, item_id)
    written = {name: value[:LONGEST] for name in FIELDS if (value := given.get(name, ""))}
    mine = (ReplyInWriting.item_id == item_id, ReplyInWriting.user_id == work.actor.user_id)
    if not written.get("text", "").strip():
        work.session.execute(delete(ReplyInWriting).where(*mine))
        return
    row = work.session.scalar(select(ReplyInWriting).where(*mine))
    if row is None:
        assert work.actor.user_id is not None  # noqa: S101 (only people have the right)
        row = ReplyInWriting(item_id=item_id, user_id=work.actor.user_id, written={}, at=work.now())
        work.session.add(row)
    row.written, row.at = written, work.now()
    work.session.flush()


def written_by(work: Work, item_id: int) -> dict[str, str]:
    """What the person who acts has in writing about an item; empty when it is nothing."""
    row = work.session.scalar(
        select(ReplyInWriting.written).where(
            ReplyInWriting.item_id == item_id, ReplyInWriting.user_id == work.actor.user_id
        )
    )
    return dict(row or {})
