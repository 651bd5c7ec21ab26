"""What the replay of a draft shows on its page: a figure for each kind, and the cases that differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.queries import VersionDetail, VersionRow
from bpm.engine.status import VersionStatus
from web.core.request_context import work

SHOWN = 20
"""Cases that differ and are listed beside the figures; all of them stand on a page of their own."""
TONES = {"same": "good", "cannot": "plain", "stops": "bad", "lacks": "bad", "unfinished": "bad"}


@dataclass(frozen=True)
class Bar:
    """A kind with its number, and how wide its bar is in hundredths of all."""

    kind: str
    words: str
    tone: str
    count: int
    share: float


@dataclass(frozen=True)
class ReplaySummary:
    """The result as a page shows it; `of` is 0 where nothing finished, `running` while it is not whole."""

    of: int
    done: int
    running: bool
    bars: tuple[Bar, ...]
    cases: tuple[Mapping[str, Any], ...]
    """The first that differ: {"case", "kinds" in words, "why", "openable"}."""
    differ: int = 0


def replay_of(version: VersionDetail, live: VersionRow | None) -> ReplaySummary | None:
    """The replay of a draft against what is live; None where there is nothing to replay or a setting says none."""
    if live is None or version.status != VersionStatus.DRAFT or version.replaced_by or not work().settings.replay_cases:
        return None
    found = queries.get_replay(work(), version.id)
    if found is None or found["against"] != live.id:
        return ReplaySummary(0, 0, running=True, bars=(), cases=())
    of = found["of"]
    bars = tuple(
        Bar(kind, engine.replay_words(kind), TONES.get(kind, "warn"), count, 100 * count / max(of, 1))
        for kind, count in found["counts"].items()
        if count
    )
    differ = [each for each in found["cases"] if each["kinds"] != ["same"]]
    cases = tuple(case_row(each) for each in differ[:SHOWN])
    return ReplaySummary(of, found["done"], found["done"] < of, bars, cases, len(differ))


def case_row(each: Mapping[str, Any]) -> Mapping[str, Any]:
    """One case as its row shows it."""
    words = [engine.replay_words(kind) for kind in each["kinds"]]
    return {"case": each["case"], "words": words, "why": each["why"], "openable": bool(each["before"])}
