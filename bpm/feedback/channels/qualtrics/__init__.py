"""Qualtrics: responses exported as JSON, an item for each answer in words."""

from bpm.feedback.channels.qualtrics.reader import SHAPE

__all__ = ["SHAPE"]
