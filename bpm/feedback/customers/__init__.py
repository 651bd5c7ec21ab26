"""Who said it: contact points in one notation, and whose they are."""

from bpm.feedback.customers.addresses import Address, addresses_of
from bpm.feedback.customers.recognition import Person, Recognised, Recognition, recognise, write

__all__ = ["Address", "Person", "Recognised", "Recognition", "addresses_of", "recognise", "write"]
