"""Calls and chats: who of the speakers is the customer, what the customer said, and how well the agent listened."""

from bpm.feedback.channels.calls.told import Told, row_of, told
from bpm.feedback.channels.calls.turns import Turn

__all__ = ["Told", "Turn", "row_of", "told"]
