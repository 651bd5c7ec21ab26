"""Which event tells whom, and who takes the cues."""

from collections.abc import Mapping

from bpm.engine.events import (
    AbsenceTurned,
    BatchEnded,
    ChangesWanted,
    CommentWritten,
    DraftReplaced,
    FailureOpened,
    SignatureWithdrawn,
    VersionDrafted,
    VersionSigned,
    VersionWentLive,
    WorkItemAssigned,
    WorkItemOpened,
)
from bpm.feedback.events import ImportEnded
from bpm.foundation.bus import Bus
from bpm.notices import Teller
from bpm.processes.notifying import ended, failures, tasks, teamwork, versions

TELLERS: Mapping[str, Teller] = {"assigned": tasks.tell_assigned, "failure": failures.tell_failures}
"""Kind of cue -> who tells people of it."""


def wire_notices(bus: Bus) -> None:
    """Let people be told of what happens."""
    bus.subscribe(WorkItemOpened, tasks.on_opened)
    bus.subscribe(WorkItemAssigned, tasks.on_assigned)
    bus.subscribe(CommentWritten, teamwork.on_comment)
    bus.subscribe(AbsenceTurned, teamwork.on_absence)
    bus.subscribe(FailureOpened, failures.on_failure)
    bus.subscribe(VersionDrafted, versions.on_drafted)
    bus.subscribe(VersionSigned, versions.on_signed)
    bus.subscribe(SignatureWithdrawn, versions.on_withdrawn)
    bus.subscribe(ChangesWanted, versions.on_changes_wanted)
    bus.subscribe(DraftReplaced, versions.on_replaced)
    bus.subscribe(VersionWentLive, versions.on_live)
    bus.subscribe(ImportEnded, ended.on_import_ended)
    bus.subscribe(BatchEnded, ended.on_batch_ended)
