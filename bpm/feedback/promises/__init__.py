"""Promises: what somebody of ours told a customer to do until when; they outlive the case they were made in."""

from bpm.feedback.promises.acts import (
    drop_promises_of,
    erase_promises_to,
    keep_promise,
    make_promise,
    reopen_promise,
    take_over_promise,
    withdraw_promise,
)
from bpm.feedback.promises.alerts import closes_over, sweep_promises
from bpm.feedback.promises.listing import (
    PromiseRow,
    ProposedOfReply,
    count_promises,
    list_promises,
    promises_to,
    proposed_in_replies,
)
from bpm.feedback.promises.proposing import Proposed, propose

__all__ = [
    "PromiseRow",
    "Proposed",
    "ProposedOfReply",
    "closes_over",
    "count_promises",
    "drop_promises_of",
    "erase_promises_to",
    "keep_promise",
    "list_promises",
    "make_promise",
    "promises_to",
    "propose",
    "proposed_in_replies",
    "reopen_promise",
    "sweep_promises",
    "take_over_promise",
    "withdraw_promise",
]
