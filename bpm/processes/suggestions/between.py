"""What people make of a theme that fits nowhere: links of all its items to an activity, or a draft of a trigger."""

from datetime import datetime

from bpm.feedback.themes import get_theme
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.attribution import attribute
from bpm.processes.measures.space_between import items_of_theme_between, themes_between
from bpm.processes.triggers.conditions import Conditions
from bpm.processes.triggers.triggers import TriggerDraft, save_trigger

MOST = 200
"""Items that are linked at once."""


def link_theme(work: Work, theme_id: int, *, version_id: int, element: str, since: datetime, until: datetime) -> int:
    """A person says that all of a theme that is linked to no process is about this activity; gives how many."""
    ids = items_of_theme_between(work, theme_id, since=since, until=until, limit=MOST)
    for item_id in ids:
        attribute(work, item_id, version_id=version_id, element=element)
    return len(ids)


def trigger_of_theme(work: Work, theme_id: int, key: str, *, since: datetime, until: datetime) -> int:
    """A trigger for the process, switched off, that asks for the theme's two most frequent words; gives its id."""
    found = next((each for each in themes_between(work, since=since, until=until) if each.theme_id == theme_id), None)
    if found is None or not found.words:
        raise InvalidInputError(_("The theme has no words of its own."), remedy=_("Write the trigger by hand."))
    name = (_("Theme: %(name)s") % {"name": get_theme(work, theme_id).name})[:200]
    conditions = Conditions(text=" ".join(found.words[:2]), max_age_days=14)
    return save_trigger(work, TriggerDraft(definition_key=key, conditions=conditions, name=name)).id
