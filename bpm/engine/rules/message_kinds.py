"""What a process may say to customers by itself: a closed list of automatic kinds, and topics that only people may do.

The same list stands beside the messages themselves (`bpm.feedback.outbound.kinds`); a test holds the two together.
"""

import re

SEND = "message.send"
"""Topic of the one service task that sends; its input `kind` says what kind of message."""
AUTOMATIC = ("receipt", "status", "transaction", "decision", "survey", "portal_code")
CONVERSATION = "conversation"
_SPEAKING = frozenset({CONVERSATION, "reply", "respond"})
_WORDS = re.compile(r"[^\W_]+")


def speaks_freely(topic: str) -> bool:
    """Whether a topic's own words say that it talks with customers: reply.send, send_conversation, sendReply."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", topic)
    return bool(_SPEAKING & {word.lower() for word in _WORDS.findall(parted)})
