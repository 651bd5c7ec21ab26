"""Refuses what would speak to customers with nobody behind the words: law 1 holds before a process runs.

A job of the topic `message.send` says literally which automatic kind it sends; a conversation is a person's. Topics
that talk with customers by their own name are refused, too, whoever serves them.
"""

import re

from bpm.engine.bpmn.document import BpmnDocument, Element, label, own
from bpm.engine.rules.message_kinds import AUTOMATIC, CONVERSATION, SEND, speaks_freely

_LITERAL = re.compile(r"""(?:[a-z]+:)?=?\s*(?:\$\{\s*)?(?P<quote>["'])(?P<value>[^"'\\]*)(?P=quote)\s*\}?""")
_REMEDY = (
    "Let a person write it: a user task, or the topic incident.notify_linked, which drafts it for one. By itself a"
    f" process sends one of the kinds {', '.join(AUTOMATIC)} (topic {SEND}, input “kind”)."
)


def refuse_unattended_words(document: BpmnDocument) -> None:
    """Name each element whose job would send words of a conversation, or a kind that is none of the list."""
    for node in document.nodes():
        topic, kind = node.get(own("topic"), ""), _kind_of(node)
        computed = node.get(own("topicExpression")) is not None
        if not (topic or computed):
            continue
        if speaks_freely(topic) or kind == CONVERSATION:
            what = f"(topic {topic!r})" if topic else "(its kind is conversation)"
            message = f"{label(node)!r} would send words of a conversation with no person behind them {what}."
            document.note("speaks-unattended", "error", node, message, _REMEDY, before=topic)
        elif topic == SEND and kind not in AUTOMATIC:
            said = f"is {kind!r}" if kind else "is not written out"
            message = f"{label(node)!r} sends a message whose kind {said}."
            remedy = f"Map the input “kind” to one of {', '.join(AUTOMATIC)}, as a literal text."
            document.note("message-kind-unknown", "error", node, message, remedy, before=kind)


def _kind_of(node: Element) -> str:
    """The literal that the input `kind` is mapped to; empty where there is none or it is worked out."""
    for holder in node.findall(own("input")):
        if holder.get("name") == "kind":
            found = _LITERAL.fullmatch(holder.get("expression", "").strip())
            return found["value"].strip() if found else ""
    return ""
