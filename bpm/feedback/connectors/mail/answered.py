"""What an answer by mail answers: the ids of its thread, who wrote, and the subject."""

from collections.abc import Iterable, Mapping, Sequence
from email.utils import parseaddr
from typing import Any

from bpm import mail
from bpm.feedback.connectors.sending import Answers, Said, Target


def answered(said: Said) -> Target:
    """By the headers as they were received; of an item whose record is gone, by its key and its thread.

    What a colleague forwarded is answered to who wrote it, in the thread of that mail alone.
    """
    headers = {} if said.was_forwarded else _headers(said.record.get("headers"))
    own = mail.ids_in(*headers.get("message-id", ()), said.natural_key)[:1]
    above = mail.ids_in(*headers.get("references", ()), *headers.get("in-reply-to", ()))
    root = (above or mail.ids_in(said.thread_key) or own)[:1]
    author = _author(headers, said.emails)
    answers = Answers("".join(own), "".join(root), tuple(above), author)
    return Target(author, answers, mail.reply_subject(said.subject))


def _author(headers: Mapping[str, Sequence[str]], known: tuple[str, ...]) -> str:
    """Where they want answers, if they say so; else the address that is known of them."""
    told = [parseaddr(each)[1] for name in ("reply-to", "from") for each in headers.get(name, ())]
    written = [each for each in told if "@" in each]
    theirs = {each.casefold() for each in known}
    mine = [each for each in written if each.casefold() in theirs]
    return next(iter([*mine[:1], *known[:1], *written]), "")


def _headers(told: Any) -> dict[str, list[str]]:
    """Name in lower case -> its values; headers are kept as a mapping or as pairs."""
    pairs: Iterable[Any] = told.items() if isinstance(told, dict) else told if isinstance(told, list) else ()
    found: dict[str, list[str]] = {}
    for pair in pairs:
        name, value = pair
        values = value if isinstance(value, list) else [value]
        found.setdefault(str(name).lower(), []).extend(str(each) for each in values)
    return found
