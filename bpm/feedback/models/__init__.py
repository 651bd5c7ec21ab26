"""Tables of the feedback room."""

from bpm.feedback.models.customers import (
    ContactPoint,
    ContactPointTold,
    Conversation,
    ConversationLink,
    Customer,
    CustomerLink,
    Episode,
    ThreadKey,
)
from bpm.feedback.models.imports import (
    ImportHeld,
    ImportRowError,
    ImportRun,
    SavedMapping,
    SourceOption,
    WebhookSource,
)
from bpm.feedback.models.items import (
    Classification,
    Correction,
    Decision,
    Distribution,
    FeedbackItem,
    Reply,
    TopicComplexity,
)
from bpm.feedback.models.privacy import DataRetention, Erasure
from bpm.feedback.models.raw_records import RawRecord

__all__ = [
    "Classification",
    "ContactPoint",
    "ContactPointTold",
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
    "ImportHeld",
    "ImportRowError",
    "ImportRun",
    "RawRecord",
    "Reply",
    "SavedMapping",
    "SourceOption",
    "ThreadKey",
    "TopicComplexity",
    "WebhookSource",
]
