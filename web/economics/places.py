"""Channels and activities as people write them into a row of costs: by their name, and the process after it."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from bpm.engine import queries as engine_queries
from bpm.feedback import CHANNELS
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

PRICED = ("Task", "task", "subProcess", "callActivity", "transaction", "Event")
"""Types of elements that are passed through and can cost something end with one of these."""


class Places:
    """The live versions' elements, each under words of its own; `process:element` stands for one in a plan."""

    def __init__(self, work: Work) -> None:
        self._work = work

    @cached_property
    def _words(self) -> Mapping[str, str]:
        """{process:element: its words}"""
        found: dict[str, str] = {}
        for row in engine_queries.list_definitions(self._work):
            if row.live_version_id is not None:
                elements = engine_queries.get_version(self._work, row.live_version_id).elements
                found |= {
                    f"{row.key}:{each['id']}": f"{each['name']} ({row.name})"
                    for each in elements
                    if each["name"] and str(each["type"]).endswith(PRICED)
                }
        twice = Counter(found.values())
        return {value: f"{words} {value}" if twice[words] > 1 else words for value, words in found.items()}

    @property
    def offered(self) -> tuple[str, ...]:
        """What can be written, by name."""
        return tuple(sorted(self._words.values(), key=str.casefold))

    def words_of(self, value: str) -> str:
        """Of an element that is gone, what stands in the plan."""
        return self._words.get(value, value)

    def value_of(self, written: str) -> str:
        """The channel, or `process:element`; InvalidInputError for what is neither."""
        if written in CHANNELS or written in self._words:
            return written
        named = {words.casefold(): value for value, words in self._words.items()}
        found = named.get(written.casefold(), written if ":" in written else "")
        if not found:
            raise InvalidInputError(
                _("“%(written)s” is no channel and no activity.") % {"written": written[:80]},
                remedy=_("Choose one of the list."),
            )
        return found
