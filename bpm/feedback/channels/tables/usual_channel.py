"""On which channel the rows of a table were said, where neither people nor a column say it: by its columns' names."""

import re
from collections.abc import Iterable, Mapping

from bpm.feedback.channels.values.plain import plain

SURVEY = "survey"
"""What a table is that tells nothing else."""

_POSTS = frozenset(
    "subreddit subredditid tweet tweetid tweettext retweets retweetcount inreplytouserid inreplytostatusid".split()  # noqa: SIM905 (a list to be read)
)
_TICKETS = frozenset("ticketid ticketnumber ticketsubject requester requesteremail ticketdescription".split())  # noqa: SIM905 (a list to be read)
_CALLS = frozenset("callid callduration callernumber callstart calldirection".split())  # noqa: SIM905 (a list to be read)
_REVIEW = re.compile(r"^(?:customer|app|store)?reviews?(?!ed)|reviewer|rezension|recensione|resena|starrating$")


def usual_channel(names: Iterable[str]) -> str:
    """Review, social, email or call where a name is that of such exports, else survey."""
    called = {plain(name) for name in names}
    for channel, known in _KNOWN.items():
        if called & known:
            return channel
    return "review" if any(map(_REVIEW.search, called)) else SURVEY


_KNOWN: Mapping[str, frozenset[str]] = {"social": _POSTS, "email": _TICKETS, "call": _CALLS}
