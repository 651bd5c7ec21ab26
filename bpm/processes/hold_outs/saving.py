"""What a notice saved: the contact rate of those held out less that of those told, with its interval. Pure."""

from dataclasses import dataclass
from hashlib import sha256

from bpm.statistics import SHOWN_FROM
from bpm.statistics.alike import compare_shares


@dataclass(frozen=True)
class Saved:
    """Contacts that did not come because of it: `estimate` of all told, from `low` to `high`."""

    told: int
    told_contacts: int
    held: int
    held_contacts: int
    estimate: float | None
    """None while an arm has fewer than ten customers."""
    low: float
    high: float


def is_held(salt: str, customer_id: int, share: float) -> bool:
    """By a hash of the customer, so that it is chance, stays the same, and can be checked."""
    digest = sha256(f"{salt} {customer_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < share


def saved(told_contacts: int, told: int, held_contacts: int, held: int) -> Saved:
    """By arm as chance had it, whether or not a letter left (intention to treat)."""
    if min(told, held) < SHOWN_FROM:
        return Saved(told, told_contacts, held, held_contacts, None, 0.0, 0.0)
    found = compare_shares(held_contacts, held, told_contacts, told)
    return Saved(told, told_contacts, held, held_contacts, found.value * told, found.low * told, found.high * told)
