"""Genesys Cloud: transcripts of conversations; `external` is the customer, `internal` the agent."""

from bpm.feedback.channels.genesys.reader import SHAPE

__all__ = ["SHAPE"]
