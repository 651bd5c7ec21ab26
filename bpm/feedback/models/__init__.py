"""Tables of the feedback room."""

from bpm.feedback.models.clocks import ANY_URGENCY, AnswerTarget, ClockPause, ItemClock
from bpm.feedback.models.connectors import Connector
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
from bpm.feedback.models.imports import ImportHeld, ImportRowError, ImportRun, SavedMapping, SourceOption, WebhookSource
from bpm.feedback.models.incidents import (
    Incident,
    IncidentEntry,
    IncidentGrade,
    IncidentItem,
    IncidentTold,
    IncidentUpdate,
    Workaround,
)
from bpm.feedback.models.items import (
    WORLDWIDE,
    ChannelAdvice,
    Classification,
    Correction,
    Decision,
    Distribution,
    FeedbackItem,
    Reply,
    TopicComplexity,
)
from bpm.feedback.models.knowledge import Article, ArticleUse, SettledDifference
from bpm.feedback.models.mentoring import Mentoring, ReplyProposal
from bpm.feedback.models.outbound import (
    ItemLook,
    OutboundMessage,
    OutboundReceipt,
    OutboundStep,
    ReplyInWriting,
    ReplyTemplate,
)
from bpm.feedback.models.people import (
    BlockedSender,
    Consent,
    ConversationNote,
    ConversationPerson,
    CustomerChange,
    CustomerChangePart,
    LinkProposal,
    OwnAddress,
)
from bpm.feedback.models.playbooks import Playbook, PlaybookStep, PlaybookUse, PlaybookVersion
from bpm.feedback.models.portal import ContactWish, PortalCode, PortalLink, PortalTie, PortalVisit, SurveyInvitation
from bpm.feedback.models.privacy import DataRetention, Erasure
from bpm.feedback.models.promises import Promise
from bpm.feedback.models.raw_records import RawRecord
from bpm.feedback.models.tags import ItemTag, Tag
from bpm.feedback.models.themes import Theme, ThemeChange, ThemeItem
from bpm.feedback.models.topics import KindTraining, TopicTraining
from bpm.feedback.models.web_forms import HeldAnswer, WebForm

__all__ = [
    "ANY_URGENCY",
    "WORLDWIDE",
    "AnswerTarget",
    "Article",
    "ArticleUse",
    "BlockedSender",
    "ChannelAdvice",
    "Classification",
    "ClockPause",
    "Connector",
    "Consent",
    "ContactPoint",
    "ContactPointTold",
    "ContactWish",
    "Conversation",
    "ConversationLink",
    "ConversationNote",
    "ConversationPerson",
    "Correction",
    "Customer",
    "CustomerChange",
    "CustomerChangePart",
    "CustomerLink",
    "DataRetention",
    "Decision",
    "Distribution",
    "Episode",
    "Erasure",
    "FeedbackItem",
    "HeldAnswer",
    "ImportHeld",
    "ImportRowError",
    "ImportRun",
    "Incident",
    "IncidentEntry",
    "IncidentGrade",
    "IncidentItem",
    "IncidentTold",
    "IncidentUpdate",
    "ItemClock",
    "ItemLook",
    "ItemTag",
    "KindTraining",
    "LinkProposal",
    "Mentoring",
    "OutboundMessage",
    "OutboundReceipt",
    "OutboundStep",
    "OwnAddress",
    "Playbook",
    "PlaybookStep",
    "PlaybookUse",
    "PlaybookVersion",
    "PortalCode",
    "PortalLink",
    "PortalTie",
    "PortalVisit",
    "Promise",
    "RawRecord",
    "Reply",
    "ReplyInWriting",
    "ReplyProposal",
    "ReplyTemplate",
    "SavedMapping",
    "SettledDifference",
    "SourceOption",
    "SurveyInvitation",
    "Tag",
    "Theme",
    "ThemeChange",
    "ThemeItem",
    "ThreadKey",
    "TopicComplexity",
    "TopicTraining",
    "WebForm",
    "WebhookSource",
    "Workaround",
]
