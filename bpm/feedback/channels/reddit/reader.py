"""Reddit: posts and comments as listings, threads and dumps (one object a line).

`score` counts the votes of others and is no rating. What was deleted or removed is gone; an author `[deleted]` is
nobody; quoted lines (`> `) are somebody else's words. Source: reddit.com/dev/api and the dumps' fields (`created_utc`
is the instant, `created` is shifted).
"""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, is_own, left_out, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.nobody import is_nobody
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_GONE = frozenset(("[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]", "[ removed by reddit ]"))
_BOTS = frozenset(("automoderator", "remindmebot", "sneakpeekbot", "reddit-bot", "totesmessenger", "wikitextbot"))
_IS_A_BOT = "i am a bot, and this action was performed automatically"


def _fits(part: Part) -> bool:
    record = part.record
    if record.get("kind") == "more":
        return True
    kind = text_at(record, "name")[:3]
    words = isinstance(record.get("body"), str) or isinstance(record.get("selftext"), str)
    return words and "author" in record and (kind in ("t1_", "t3_") or "subreddit" in record or "link_id" in record)


def _read(part: Part, context: Context) -> Outcome:
    post = part.record
    if post.get("kind") == "more":
        return left_out(_("comments that the file does not hold"))
    title = html.unescape(text_at(post, "title"))
    words = _without_quotes(html.unescape(text_at(post, "body", "selftext")))
    author = text_at(post, "author")
    if words.lower() in _GONE or (not words and title.lower() in _GONE):
        return left_out(_("deleted or removed: its words are gone"))
    if author.lower() in _BOTS or _IS_A_BOT in words.lower():
        return left_out(_("a bot's words"))
    if is_own(context, author, f"u/{author}"):
        return left_out(_("a post of the company's own account"))
    take = Taker(context)
    name = text_at(post, "name") or f"{'t1' if 'link_id' in post else 't3'}_{text_at(post, 'id')}"
    link = text_at(post, "permalink")
    item = RawItem(
        channel=context.channel or "social",
        source=context.source,
        text=words or title,
        natural_key=name,
        said_at=take.at(post, "created_utc", "created"),
        revised_at=take.at(post, "edited"),
        subject=title if words else "",
        author_handle="" if is_nobody(author) else author,
        thread_key=text_at(post, "link_id") or name,
        in_reply_to=text_at(post, "parent_id"),
        aliases=(name,),
        url=f"https://www.reddit.com{link}" if link.startswith("/") else link,
        raw=dict(post),
    )
    return Outcome(item, warnings=take.warnings)


def _without_quotes(words: str) -> str:
    """Markdown without the lines that quote; `>!` hides words and quotes nothing. All of it where nothing else is."""
    if ">" not in words:
        return words
    own = "\n".join(line for line in words.split("\n") if not re.match(r"\s{0,3}>(?!!)", line))
    return re.sub(r"\n{3,}", "\n\n", own).strip() or words


def _expand(part: Part) -> Iterable[Part] | None:
    """The posts of a listing, and comments with the answers below them, from above to below."""
    record = part.record
    if record.get("kind") not in ("Listing", "t1", "t3") or not isinstance(record.get("data"), Mapping):
        return None
    return [Part(each) for each in _posts_of(record)]


def _posts_of(listing: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    waiting: list[Any] = [listing]
    while waiting:
        node = waiting.pop()
        data = node.get("data")
        if node.get("kind") == "more" or not isinstance(data, Mapping):
            found.append({"kind": "more"} if node.get("kind") == "more" else node)
        elif node.get("kind") == "Listing":
            waiting += reversed(records_in(data.get("children")))
        else:
            found.append({name: value for name, value in data.items() if name != "replies"})
            waiting += [data["replies"]] if isinstance(data.get("replies"), Mapping) else []
    return found


SHAPE = Shape("reddit", _fits, _read, _expand)
