"""App Store: customer reviews as the public feed (RSS as JSON) and App Store Connect's interface answer them."""

from bpm.feedback.channels.app_store.reader import SHAPE

__all__ = ["SHAPE"]
