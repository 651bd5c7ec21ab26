"""Amazon Connect: calls and chats as Contact Lens analyses them; one contact is one item."""

from bpm.feedback.channels.amazon_connect.reader import SHAPE

__all__ = ["SHAPE"]
