"""Who said it: contact points in one notation, and whose they are."""

from bpm.feedback.customers.addresses import Address, addresses_of
from bpm.feedback.customers.blocked import blocked_among, held_because
from bpm.feedback.customers.company import Company, read_company
from bpm.feedback.customers.recognition import Person, Recognised, Recognition, recognise, write

__all__ = [
    "Address",
    "Company",
    "Person",
    "Recognised",
    "Recognition",
    "addresses_of",
    "blocked_among",
    "held_because",
    "read_company",
    "recognise",
    "write",
]
