"""Tables of the feedback room."""

from bpm.feedback.models.customers import (
    ContactPoint,
    Conversation,
    ConversationLink,
    Customer,
    CustomerLink,
    Episode,
    ThreadKey,
)
from bpm.feedback.models.imports import ImportRowError, ImportRun, SavedMapping, WebhookSource
from bpm.feedback.models.items import (
    Classification,
    Correction,
    Decision,
    Distribution,
    FeedbackItem,
    Reply,
)

__all__ = [
    "Classification",
    "ContactPoint",
    "Conversation",
    "ConversationLink",
    "Correction",
    "Customer",
    "CustomerLink",
    "Decision",
    "Distribution",
    "Episode",
    "FeedbackItem",
    "ImportRowError",
    "ImportRun",
    "Reply",
    "SavedMapping",
    "ThreadKey",
    "WebhookSource",
]
