"""What one person is told: raised by any room, folded, read, and mailed where the person wants it."""

from bpm.notices.cues import Teller, give_cue, sweep_cues
from bpm.notices.digests import sweep_digests
from bpm.notices.kinds import BY_KEY, KINDS, Kind, Way
from bpm.notices.mail_links import is_signed
from bpm.notices.models import NoticePreference, PersonNotice
from bpm.notices.preferences import Preferences, get_preferences, preferences_link, save_preferences
from bpm.notices.raising import Many, raise_for
from bpm.notices.reading import (
    NoticeRow,
    Unread,
    count_unread,
    list_notices,
    mark_done,
    mark_read,
    mark_unread,
    open_notice,
)
from bpm.notices.retention import forget_notices

__all__ = [
    "BY_KEY",
    "KINDS",
    "Kind",
    "Many",
    "NoticePreference",
    "NoticeRow",
    "PersonNotice",
    "Preferences",
    "Teller",
    "Unread",
    "Way",
    "count_unread",
    "forget_notices",
    "get_preferences",
    "give_cue",
    "is_signed",
    "list_notices",
    "mark_done",
    "mark_read",
    "mark_unread",
    "open_notice",
    "preferences_link",
    "raise_for",
    "save_preferences",
    "sweep_cues",
    "sweep_digests",
]
