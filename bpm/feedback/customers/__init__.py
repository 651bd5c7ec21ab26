"""Who said it: contact points in one notation, and whose they are."""

from bpm.feedback.customers.addresses import Address, addresses_of
from bpm.feedback.customers.blocked import blocked_among, held_because
from bpm.feedback.customers.company import Company, localised, read_company
from bpm.feedback.customers.deciding import BY_NAME, Person
from bpm.feedback.customers.recognition import Recognised, Recognition, points_of, recognise, write

__all__ = [
    "BY_NAME",
    "Address",
    "Company",
    "Person",
    "Recognised",
    "Recognition",
    "addresses_of",
    "blocked_among",
    "held_because",
    "localised",
    "points_of",
    "read_company",
    "recognise",
    "write",
]
