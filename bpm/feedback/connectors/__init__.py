"""Connections to other systems that are asked for what customers say; one folder for each kind."""

from bpm.feedback.connectors.hearing import receive_call
from bpm.feedback.connectors.keeping import (
    begin_anew,
    change_connector,
    kept_secrets,
    make_connector,
    pause_connector,
    poll_now,
    remove_connector,
    resume_connector,
)
from bpm.feedback.connectors.kind import Ability, Asked, Kind
from bpm.feedback.connectors.kinds import KINDS, get_kind
from bpm.feedback.connectors.polling import sweep_connectors
from bpm.feedback.connectors.sending import (
    Accepted,
    Answers,
    NotNowError,
    Outgoing,
    Receipt,
    RefusedError,
    SentFile,
    Target,
    WayOut,
    with_name,
)
from bpm.feedback.connectors.trying import Trial, try_connector
from bpm.feedback.connectors.ways import Way, abilities_of, find_way, mail_way, open_way
from bpm.feedback.connectors.wishes import GENERAL, INTERVALS

__all__ = [
    "GENERAL",
    "INTERVALS",
    "KINDS",
    "Ability",
    "Accepted",
    "Answers",
    "Asked",
    "Kind",
    "NotNowError",
    "Outgoing",
    "Receipt",
    "RefusedError",
    "SentFile",
    "Target",
    "Trial",
    "Way",
    "WayOut",
    "abilities_of",
    "begin_anew",
    "change_connector",
    "find_way",
    "get_kind",
    "kept_secrets",
    "mail_way",
    "make_connector",
    "open_way",
    "pause_connector",
    "poll_now",
    "receive_call",
    "remove_connector",
    "resume_connector",
    "sweep_connectors",
    "try_connector",
    "with_name",
]
