"""Typeform: responses of its webhook and its interface, an item for each answer in words, with its question."""

from bpm.feedback.channels.typeform.reader import SHAPE

__all__ = ["SHAPE"]
