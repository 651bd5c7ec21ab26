"""Bluesky: threads, feeds, searches and notifications of the AT protocol.

A person is a DID (the handle may change); a post is named by its `at://` address, a thread by that of its root.
Places of posts that are blocked or gone are named. Source: lexicons app.bsky.feed.defs and app.bsky.notification.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, is_own, left_out, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_SAYS = frozenset(("mention", "reply", "quote", ""))


def _fits(part: Part) -> bool:
    record = part.record
    if not text_at(record, "uri").startswith("at://"):
        return False
    return record.get("blocked") is True or record.get("notFound") is True or _is_post(record)


def _is_post(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("author"), Mapping) and isinstance(record.get("record"), Mapping)


def _read(part: Part, context: Context) -> Outcome:
    post = part.record
    if post.get("blocked") is True:
        return left_out(_("a post that is blocked: %(uri)s") % {"uri": text_at(post, "uri")[:200]})
    if post.get("notFound") is True:
        return left_out(_("a post that is gone: %(uri)s") % {"uri": text_at(post, "uri")[:200]})
    if text_at(post, "reason") not in _SAYS:
        reason = text_at(post, "reason")[:40]
        return left_out(_("a notification (%(kind)s) in which nobody says anything") % {"kind": reason})
    handle, did = text_at(post, "author.handle"), text_at(post, "author.did")
    if is_own(context, handle, did):
        return left_out(_("a post of the company's own account"))
    take, uri = Taker(context), text_at(post, "uri")
    pictures = [text_at(each, "alt") for each in records_in(_embedded(post))]
    item = RawItem(
        channel=context.channel or "social",
        source=context.source,
        text=text_at(post, "record.text") or "\n".join(filter(None, pictures)),
        natural_key=uri,
        said_at=take.at(post, "record.createdAt", "indexedAt"),
        author_name=text_at(post, "author.displayName"),
        author_handle=handle,
        author_id=did,
        thread_key=text_at(post, "record.reply.root.uri") or uri,
        in_reply_to=text_at(post, "record.reply.parent.uri"),
        aliases=(uri,),
        url=_address(handle or did, uri),
        raw=dict(post),
    )
    return Outcome(item, warnings=take.warnings)


def _embedded(post: Mapping[str, Any]) -> Any:
    embed = post["record"].get("embed")
    return embed.get("images") if isinstance(embed, Mapping) else None


def _address(who: str, uri: str) -> str:
    key = uri.rpartition("/app.bsky.feed.post/")[2]
    return f"https://bsky.app/profile/{who}/post/{key}" if key != uri and who else ""


def _expand(part: Part) -> Iterable[Part] | None:
    """The posts of a thread from above to below, and the post of an entry of a feed."""
    record = part.record
    if isinstance(record.get("thread"), Mapping):
        return [Part(each) for each in _posts_of(record["thread"])]
    if isinstance(record.get("post"), Mapping) and text_at(record, "post.uri").startswith("at://"):
        return [Part(each) for each in _posts_of(record)]
    return None


def _posts_of(thread: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Without recursion, as threads are as deep as people like."""
    above: list[Mapping[str, Any]] = []
    parent = thread.get("parent")
    while isinstance(parent, Mapping):
        above.append(_post(parent))
        parent = parent.get("parent")
    found, waiting = above[::-1], [thread]
    while waiting:
        node = waiting.pop()
        found.append(_post(node))
        waiting += reversed(records_in(node.get("replies")))
    return found


def _post(node: Mapping[str, Any]) -> Mapping[str, Any]:
    post = node.get("post")
    return post if isinstance(post, Mapping) else node


SHAPE = Shape("bluesky", _fits, _read, _expand)
