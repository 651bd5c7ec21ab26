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
from bpm.feedback.models.privacy import DataRetention, Erasure
from bpm.feedback.models.raw_records import RawRecord

__all__ = [
    "Classification",
    "ContactPoint",
    "Conversation",
    "ConversationLink",
    "Correction",
    "Customer",
    "CustomerLink",
    "DataRetention",
    "Decision",
    "Distribution",
    "Episode",
    "Erasure",
    "FeedbackItem",
    "ImportRowError",
    "ImportRun",
    "RawRecord",
    "Reply",
    "SavedMapping",
    "ThreadKey",
    "WebhookSource",
]
