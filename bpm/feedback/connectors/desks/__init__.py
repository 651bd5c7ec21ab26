"""What help desks have in common: changed conversations are listed, then read one after the other."""

from bpm.feedback.connectors.desks.calls import demand_sha1
from bpm.feedback.connectors.desks.walking import Listed, walk

__all__ = ["Listed", "demand_sha1", "walk"]
