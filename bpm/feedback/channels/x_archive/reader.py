"""X: the archive's files (`window.YTD.tweets.part0 = [...]`), its direct messages, and posts of its interface.

Who wrote the posts of an archive is not in them; a retweet holds the words of somebody else. A long post stands whole
beside its beginning (`note_tweet`, `extended_tweet`), and in a file of its own (`noteTweet`).
"""

import html
from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, get, is_own, left_out, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _


def _fits(part: Part) -> bool:
    record = part.record
    if any(isinstance(record.get(name), Mapping) for name in ("like", "messageCreate", "noteTweet")):
        return True
    if "id_str" in record and ("full_text" in record or "text" in record):
        return True
    return "author_id" in record and "text" in record and ("edit_history_tweet_ids" in record or _has_users(part))


def _has_users(part: Part) -> bool:
    return bool(records_in(get(part.around, "includes.users")))


def _read(part: Part, context: Context) -> Outcome:
    post = part.record
    if "like" in post:
        return left_out(_("a like: nothing is said in it"))
    if "messageCreate" in post:
        return _message(post["messageCreate"], part, context)
    if "noteTweet" in post:
        return _long_post(post["noteTweet"], context)
    if text_at(post, "deleted_at"):
        return left_out(_("deleted or removed: its words are gone"))
    words = html.unescape(text_at(post, "note_tweet.text", "extended_tweet.full_text", "full_text", "text"))
    if words.startswith("RT @") or isinstance(post.get("retweeted_status"), Mapping):
        return left_out(_("a retweet: the words are somebody else's"))
    author = _author(part)
    handle, person = text_at(author, "screen_name", "username"), text_at(author, "id_str", "id")
    if is_own(context, handle, person):
        return left_out(_("a post of the company's own account"))
    take, own = Taker(context), text_at(post, "id_str", "id")
    parent = text_at(post, "in_reply_to_status_id_str", "in_reply_to_status_id") or _replied(post)
    item = RawItem(
        channel=context.channel or "social",
        source=context.source,
        text=words,
        natural_key=own,
        said_at=take.at(post, "created_at"),
        author_name=text_at(author, "name"),
        author_handle=handle,
        author_id=person,
        thread_key=f"post:{text_at(post, 'conversation_id') or parent or own}",
        in_reply_to=f"post:{parent}" if parent else "",
        aliases=(f"post:{own}",),
        raw=dict(post),
    )
    return Outcome(item, warnings=take.warnings)


def _long_post(note: Mapping[str, Any], context: Context) -> Outcome:
    take = Taker(context)
    item = RawItem(
        channel=context.channel or "social",
        source=context.source,
        text=html.unescape(text_at(note, "core.text")),
        natural_key=f"note {text_at(note, 'noteTweetId')}",
        said_at=take.at(note, "createdAt"),
        raw=dict(note),
    )
    return Outcome(item, warnings=take.warnings) if item.text else left_out(_("a message without words"))


def _author(part: Part) -> Mapping[str, Any]:
    user = part.record.get("user")
    if isinstance(user, Mapping):
        return user
    wanted = text_at(part.record, "author_id")
    users = records_in(get(part.around, "includes.users"))
    return next((each for each in users if text_at(each, "id") == wanted), {"id": wanted})


def _replied(post: Mapping[str, Any]) -> str:
    others = records_in(post.get("referenced_tweets"))
    return next((text_at(each, "id") for each in others if each.get("type") == "replied_to"), "")


def _message(message: Mapping[str, Any], part: Part, context: Context) -> Outcome:
    sender = text_at(message, "senderId")
    if is_own(context, sender):
        return left_out(_("a message of the company's own account"))
    take, thread = Taker(context), text_at(part.around, "conversationId")
    item = RawItem(
        channel=context.channel or "chat",
        source=context.source,
        text=html.unescape(text_at(message, "text")),
        natural_key=text_at(message, "id"),
        said_at=take.at(message, "createdAt"),
        author_id=sender,
        thread_key=f"messages:{thread}" if thread else "",
        raw=dict(message),
    )
    return Outcome(item, warnings=take.warnings)


def _expand(part: Part) -> Iterable[Part] | None:
    record = part.record
    if isinstance(record.get("tweet"), Mapping):
        return [Part(record["tweet"])]
    if isinstance(record.get("dmConversation"), Mapping):
        talk = record["dmConversation"]
        return [Part(each, talk) for each in records_in(talk.get("messages")) if "messageCreate" in each]
    return None


SHAPE = Shape("x_archive", _fits, _read, _expand)
