"""From a bar to an improvement that holds exactly the bar's contacts as its voices."""

from datetime import datetime

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.economics.causes import By, Weight, bars, items_of_cause
from bpm.processes.economics.grouping import Group
from bpm.processes.improvements import LONGEST_TITLE, ImprovementDraft, OpenedFrom, Origin, propose


def open_improvement(
    work: Work, by: By, key: str, *, since: datetime, until: datetime, process: str = "", service: bool = False
) -> int:
    """An improvement of the bar's process (or of `process`, where contacts of the bar are linked to none); its id.

    NotFoundError where the period has no such bar; InvalidInputError where it is not known which process it is about.
    """
    contacts = items_of_cause(work, by, key, since=since, until=until, service=service)
    alone = [Group(each, 1, 0, 0, 0) for each in contacts]
    [bar] = bars(alone, Weight.VOLUME, empty=_("what is linked to nothing"))
    about = process or bar.process
    if not about:
        say = _("Choose the process that shall change.")
        raise InvalidInputError(_("These contacts are linked to no process."), remedy=say, fields={"process": say})
    words = {"since": f"{since:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}", "n": len(contacts), "name": bar.name}
    draft = ImprovementDraft(
        definition_key=about,
        title=(_("Fewer contacts because of: %(name)s") % words)[:LONGEST_TITLE],
        description=_("Opened from the causes of contact, %(since)s until %(until)s: %(n)s contacts.") % words,
        element=bar.element if about == bar.process else "",
    )
    label = _("Cause of contact: %(name)s") % words
    ref = f"/insights/contact-causes/{by}/contacts?key={key}"
    return propose(
        work, draft, opened_from=OpenedFrom(Origin.BAR, ref, label), voices=[each.item_id for each in contacts]
    )
