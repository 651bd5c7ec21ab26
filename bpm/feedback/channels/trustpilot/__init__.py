"""Trustpilot: reviews as its interface and its exports in JSON tell them; the company's reply is not read."""

from bpm.feedback.channels.trustpilot.reader import SHAPE

__all__ = ["SHAPE"]
