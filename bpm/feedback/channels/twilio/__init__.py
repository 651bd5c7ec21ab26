"""Twilio: sentences of a transcript (Conversational Intelligence); the channels' roles as the transcript tells them."""

from bpm.feedback.channels.twilio.reader import SHAPE

__all__ = ["SHAPE"]
