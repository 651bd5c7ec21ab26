"""What people do together about tasks: remarks, hand-overs, following a case, standing in for each other."""

from bpm.engine.teamwork.absences import (
    AbsenceRow,
    OfferedTask,
    cancel_absence,
    list_absences,
    list_offered,
    plan_absence,
    standing_in_for,
    sweep_absences,
)
from bpm.engine.teamwork.comments import EDITED_WITHIN, edit_comment, remove_comment, write_comment
from bpm.engine.teamwork.done_before import DoneBefore, answers_in, same_task_done_before
from bpm.engine.teamwork.hand_overs import (
    Recipient,
    delegate,
    give_back,
    hand_over,
    recipient_of,
    take_as_deputy,
    undo_hand_over,
)
from bpm.engine.teamwork.looking import look_at_task
from bpm.engine.teamwork.mentions import Mentions, names_in, who_see
from bpm.engine.teamwork.watching import is_watching, unwatch, watch, watchers
from bpm.engine.work_items.access import stands_in_for

__all__ = [
    "EDITED_WITHIN",
    "AbsenceRow",
    "DoneBefore",
    "Mentions",
    "OfferedTask",
    "Recipient",
    "answers_in",
    "cancel_absence",
    "delegate",
    "edit_comment",
    "give_back",
    "hand_over",
    "is_watching",
    "list_absences",
    "list_offered",
    "look_at_task",
    "names_in",
    "plan_absence",
    "recipient_of",
    "remove_comment",
    "same_task_done_before",
    "standing_in_for",
    "stands_in_for",
    "sweep_absences",
    "take_as_deputy",
    "undo_hand_over",
    "unwatch",
    "watch",
    "watchers",
    "who_see",
    "write_comment",
]
