"""What colleagues make of customers: put together, told apart, corrected, held apart; all of it can be undone."""

from bpm.feedback.people.alike import accept, decline, propose_alike, reopen
from bpm.feedback.people.changes import one_with, undo_change
from bpm.feedback.people.company_settings import (
    add_own_address,
    drop_own_address,
    set_item_voice,
    set_region,
    set_voice,
)
from bpm.feedback.people.consent import PURPOSES, give_consent, is_agreed, withdraw_consent
from bpm.feedback.people.correcting import add_address, correct_customer, end_address
from bpm.feedback.people.holding import block_sender, hold_item, lift_block, release_item
from bpm.feedback.people.telling_apart import get_customer, merge_customers, split_customer

__all__ = [
    "PURPOSES",
    "accept",
    "add_address",
    "add_own_address",
    "block_sender",
    "correct_customer",
    "decline",
    "drop_own_address",
    "end_address",
    "get_customer",
    "give_consent",
    "hold_item",
    "is_agreed",
    "lift_block",
    "merge_customers",
    "one_with",
    "propose_alike",
    "release_item",
    "reopen",
    "set_item_voice",
    "set_region",
    "set_voice",
    "split_customer",
    "undo_change",
    "withdraw_consent",
]
