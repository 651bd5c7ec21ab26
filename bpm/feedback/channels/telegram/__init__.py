"""Telegram: chats exported by the desktop client, and updates of a bot."""

from bpm.feedback.channels.telegram.reader import SHAPE

__all__ = ["SHAPE"]
