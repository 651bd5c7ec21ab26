"""From a bar to an improvement that holds exactly the bar's contacts as its voices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from bpm import audit
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.economics.cause_of import Contact
from bpm.processes.economics.causes import By, Weight, bars, items_of_cause
from bpm.processes.improvements import LONGEST_TITLE, ImprovementDraft, propose_improvement
from bpm.processes.models import ImprovementVoice
from bpm.processes.status import VoiceKind


def open_improvement(
    work: Work, by: By, key: str, *, since: datetime, until: datetime, process: str = "", service: bool = False
) -> int:
    """An improvement of the bar's process (or of `process`, where contacts of the bar are linked to none); its id.

    NotFoundError where the period has no such bar; InvalidInputError where it is not known which process it is about.
    """
    contacts = items_of_cause(work, by, key, since=since, until=until, service=service)
    [bar] = _one_bar(contacts)
    about = process or bar[0]
    if not about:
        say = _("Choose the process that shall change.")
        raise InvalidInputError(_("These contacts are linked to no process."), remedy=say, fields={"process": say})
    days = {"since": f"{since:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}", "n": len(contacts)}
    title = _("Fewer contacts because of: %(name)s") % {"name": bar[1] or _("what is linked to nothing")}
    draft = ImprovementDraft(
        definition_key=about,
        title=title[:LONGEST_TITLE],
        description=_("Opened from the causes of contact, %(since)s until %(until)s: %(n)s contacts.") % days,
        element=bar[2] if about == bar[0] else "",
    )
    made = propose_improvement(work, draft)
    _give_voices(work, made, contacts)
    return made


def _one_bar(contacts: Sequence[Contact]) -> list[tuple[str, str, str]]:
    found = bars(contacts, [0] * len(contacts), Weight.VOLUME, empty="")
    return [(each.process, each.name, each.element) for each in found]


def _give_voices(work: Work, improvement_id: int, contacts: Sequence[Contact]) -> None:
    """All at once, with one row on the trail: a bar may hold thousands."""
    ids = sorted({each.item_id for each in contacts})
    work.session.execute(
        insert(ImprovementVoice),
        [
            {"improvement_id": improvement_id, "item_id": each, "kind": VoiceKind.TAUGHT, "at": work.now(),
             "user_id": work.actor.user_id}
            for each in ids
        ],
    )  # fmt: skip
    linked = {"items": ids[:200], "number": len(ids), "as": str(VoiceKind.TAUGHT)}
    audit.record(
        work, "improvement.link", audit.Thing("improvement", improvement_id), before={"items": None}, after=linked
    )
