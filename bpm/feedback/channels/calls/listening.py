"""How well the company's side listened in one call, by words and by rules that can be told to an agent.

Talk share: the customer's part of the words of both sides. Script share: the part of the agent's words that stand in
sentences with a stock phrase (see stock_phrases). Not taken up: a question of the customer, or a statement of at least
three words that carry meaning, behind which the agent's next words share none of these, answer nothing and
acknowledge nothing, or never come.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bpm.feedback.channels.calls.roles import AGENT, CUSTOMER
from bpm.feedback.channels.calls.stock_phrases import ANSWERS, SCRIPT, SMALL_WORDS
from bpm.feedback.channels.calls.turns import Turn

_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_QUESTION = re.compile(r"[?？؟;]\s*$|[?？؟]")

STATEMENT = 3
"""Words that carry meaning in a statement that asks to be taken up."""


def measures(turns: Sequence[tuple[str, Turn]]) -> dict[str, Any]:
    """The measures of a call, of (role, turn) in order; shares are None where nobody speaks.

    `not_taken_up` holds the numbers of turns, counted from 1.
    """
    words = {role: sum(_count(turn.text) for who, turn in turns if who == role) for role in (CUSTOMER, AGENT)}
    seconds = {role: _seconds([turn for who, turn in turns if who == role]) for role in (CUSTOMER, AGENT)}
    said = sum(words.values())
    script = sum(_script_words(turn.text) for who, turn in turns if who == AGENT)
    return {
        "customer_words": words[CUSTOMER],
        "agent_words": words[AGENT],
        "customer_talk_share": round(words[CUSTOMER] / said, 4) if said else None,
        "script_words": script,
        "script_share": round(script / words[AGENT], 4) if words[AGENT] else None,
        "not_taken_up": list(_not_taken_up(turns)),
        "customer_seconds": seconds[CUSTOMER],
        "agent_seconds": seconds[AGENT],
        "unit": "words",
    }


def _count(text: str) -> int:
    return len(text.split())


def _seconds(turns: Sequence[Turn]) -> float | None:
    timed = [turn.end - turn.start for turn in turns if turn.start is not None and turn.end is not None]
    return round(sum(timed), 3) if timed else None


def _script_words(text: str) -> int:
    sentences = (found[0] for found in _SENTENCE.finditer(text))
    return sum(_count(each) for each in sentences if SCRIPT.search(" ".join(_WORD.findall(each.casefold()))))


@dataclass
class _Run:
    """What one side says until the other side speaks; `number` is the first turn of it, from 1."""

    role: str
    number: int
    texts: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)


def _runs(turns: Sequence[tuple[str, Turn]]) -> list[_Run]:
    runs: list[_Run] = []
    for number, (role, turn) in enumerate(turns, 1):
        if role not in (CUSTOMER, AGENT):
            continue
        if runs and runs[-1].role == role:
            runs[-1].texts.append(turn.text)
        else:
            runs.append(_Run(role, number, [turn.text]))
    return runs


def _not_taken_up(turns: Sequence[tuple[str, Turn]]) -> Iterator[int]:
    runs = _runs(turns)
    for place, run in enumerate(runs):
        if run.role != CUSTOMER:
            continue
        carried = _carried(run.text)
        if not _QUESTION.search(run.text) and len(carried) < STATEMENT:
            continue
        answer = runs[place + 1].text if place + 1 < len(runs) else ""
        if not answer or not (carried & _carried(answer) or _answers(answer)):
            yield run.number


def _carried(text: str) -> set[str]:
    """The words that carry meaning, by their first five letters, so that paid and paying are near enough."""
    found = set()
    for word in _WORD.findall(text.casefold()):
        if word.isascii() or word[0].upper() != word[0]:
            if (len(word) > 3 or word.isdigit()) and word not in SMALL_WORDS:
                found.add(word[:5])
        else:  # scripts without spaces: pairs of signs
            found |= {word[at : at + 2] for at in range(len(word) - 1)}
    return found


def _answers(text: str) -> bool:
    return bool(ANSWERS.search(" ".join(_WORD.findall(text.casefold()))))
