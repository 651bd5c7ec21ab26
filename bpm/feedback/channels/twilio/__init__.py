"""Twilio: sentences of a transcript with the channels' roles, text messages, conversations, live transcription."""

from bpm.feedback.channels.twilio.reader import SHAPE

__all__ = ["SHAPE"]
