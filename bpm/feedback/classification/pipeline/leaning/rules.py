"""What short texts lean to whatever the weights say: rules for turns of speech that few learned texts show.

"The box says fast. It is neither." blames, "thanks for losing it" is no thanks, "if only they listened" wishes. Each
rule names kinds and by what their odds are multiplied; several rules multiply. Answers to a question are left alone.
"""

from collections.abc import Callable, Iterator, Set

from bpm.feedback.classification.pipeline.clauses import word_set
from bpm.feedback.classification.pipeline.leaning.heard import Heard
from bpm.feedback.classification.pipeline.leaning.phrases import phrases
from bpm.feedback.classification.pipeline.marks import ILL, WELL

MOST_WORDS = 30
"""Longer texts say more than one thing; the weights know them well enough."""
Odds = dict[str, float]
_AGAINST = word_set(
    "neither but yet not never nobody none nothing no still then instead why without until after hours days weeks "
    "months years twice again cannot"
)
_BITTER = word_set(
    "losing lost ruining wasting ignoring charging breaking blocking closing nothing foot arse clap applause another "
    "only managed late again twice still now logged fee charge reminder leak third fourth fifth tenth"
)
_RETURNING = word_set("reinstall reinstalled reinstalling redownload redownloaded redownloading re-install")
_INFORMS = word_set("tell explain say confirm advise know clarify describe")
_PROVIDES = word_set("have put show offer let make add allow bring keep introduce give provide open include build")
_ALL = word_set("we there people users customers guests shoppers visitors members passengers students everyone drivers")
_ME = word_set("i we my our me us im i'm")
_QUESTION_WORDS = word_set("what how when where who which does do is are can will would")


def leanings(heard: Heard) -> Odds:
    """Kind -> by what its odds are multiplied."""
    odds: Odds = {}
    if 0 < len(heard.words) <= MOST_WORDS:
        for rule in _RULES:
            for kind, factor in rule(heard):
                odds[kind] = odds.get(kind, 1.0) * factor
    return odds


def _claims(heard: Heard) -> Iterator[tuple[str, float]]:
    """Others praise or promise, the speaker contradicts; or others blame, and the speaker praises."""
    quotes = "something is quoted" in heard.marks
    if heard.asks or not (heard.reported or quotes):
        return
    own_well, own_ill = _own(heard, WELL), _own(heard, ILL)
    blamed = any(name in ILL and start in heard.reported for name, start, _ in heard.cues)
    praised = quotes or any(name in WELL and start in heard.reported for name, start, _ in heard.cues)
    refuted = blamed and not own_ill and bool(heard.own & {"wrong", "opposite", "true"})
    if (own_well and not own_ill) or (not own_well and refuted):
        yield from (("praise", 4.0), ("complaint", 0.25))
    elif not own_well and praised and (own_ill or heard.own & _AGAINST):
        yield from (("praise", 0.15), ("complaint", 4.0), ("other", 0.4))
    if any(name == "leave" and start in heard.reported for name, start, _ in heard.cues):
        yield from (("cancellation", 0.2), ("other", 2.0))


def _own(heard: Heard, names: Set[str]) -> bool:
    """Whether the speaker says one of these in own words, neither reported nor in quotes."""
    free = {token for name, start, end in heard.cues if name == "nofault" for token in range(start, end)}
    own = {name for name, start, _ in heard.cues if start not in heard.reported and not (name in ILL and start in free)}
    return any(f"quoted: {name}" not in heard.marks for name in own & names)


def _irony(heard: Heard) -> Iterator[tuple[str, float]]:
    if "irony" in heard.names and (heard.having & _BITTER or heard.names & {"gripe", "anger", "broken", "hurry"}):
        yield from (("praise", 0.08), ("complaint", 5.0), ("other", 0.4))


def _stance(heard: Heard) -> Iterator[tuple[str, float]]:
    """All praise or all blame, nothing asked, wished or dangerous."""
    if heard.asks or heard.reported or heard.names & {"irony", "told", "danger", "hazard", "everyone", "smalltalk"}:
        return
    calm = not heard.turned("plain", "want", "wish", "ask", "leave", "broken", "outage", "dispute")
    if heard.is_only_well and calm and "well if it were so" not in heard.marks:
        yield from (("praise", 2.5), ("complaint", 0.3), ("outage_report", 0.5))
    if heard.is_only_ill:
        yield from (("praise", 0.15), ("complaint", 2.0 if calm else 1.0))


def _wishes(heard: Heard) -> Iterator[tuple[str, float]]:
    if heard.said[:2] == ["if", "only"] or ("well if it were so" in heard.marks and not heard.is_only_well):
        yield from (("suggestion", 3.0), ("praise", 0.3))


def _leaving(heard: Heard) -> Iterator[tuple[str, float]]:
    if "leave" not in heard.names or heard.having & _RETURNING:
        return
    if "back" in heard.names and "ends ill" not in heard.marks and len(heard.words) > 3:
        yield from (("cancellation", 0.15), ("complaint", 0.5), ("praise", 3.0 if heard.is_only_well else 1.5))
    elif heard.turned("quoted", "leave") or (heard.turned("would be", "leave") and heard.having & {"if", "unless"}):
        yield "cancellation", 0.25
    elif heard.turned("negated", "leave") and not heard.turned("plain", "leave"):
        yield from (("other", 3.0), ("complaint", 0.4))
    elif heard.turned("plain", "leave") and not heard.asks and not heard.reported:
        firm = len(heard.words) <= 12 and bool(heard.having & _ME or len(heard.words) <= 4)
        yield from (("other", 0.3), ("complaint", 0.6 if firm else 1.0), ("cancellation", 3.0 if firm else 1.5))


def _for_whom(heard: Heard) -> Iterator[tuple[str, float]]:
    """One customer's matter, or something for everyone."""
    said, mine = heard.said, bool(heard.having & {"me", "my", "our", "us"})
    begins = tuple(said[:2])
    if len(said) > 3 and begins[0] in ("can", "could", "would") and begins[1] in ("you", "u"):
        if mine and said[2] not in _INFORMS:
            yield from (("request", 3.0), ("question", 0.35))
        elif not mine and said[2] in _PROVIDES:
            yield from (("suggestion", 4.0), ("question", 0.4), ("request", 0.6))
    elif len(said) > 3 and begins[0] in ("can", "could", "may", "should") and begins[1] in _ALL and not mine:
        yield from (("suggestion", 3.0), ("question", 0.4))
    elif (
        "everyone" in heard.names
        and "forme" not in heard.names
        and begins[0] not in _QUESTION_WORDS
        and heard.names & {"wish", "ask", "want"}
        and not (heard.is_only_ill or heard.is_only_well)
    ):
        yield from (("suggestion", 3.0), ("request", 0.35), ("question", 0.5))


def _not_needed(heard: Heard) -> Iterator[tuple[str, float]]:
    if heard.turned("negated", "want") and not heard.turned("plain", "want", "broken") and not heard.is_only_ill:
        yield from (("other", 3.0), ("request", 0.4), ("complaint", 0.5))


def _hazards(heard: Heard) -> Iterator[tuple[str, float]]:
    if "hazard" in heard.names and not heard.is_only_well and not heard.asks:
        yield from (("praise", 0.2), ("other", 0.5))


def _emoji(heard: Heard) -> Iterator[tuple[str, float]]:
    glad, cross = "a glad emoji" in heard.marks, "a cross emoji" in heard.marks
    if glad == cross:
        return
    if cross and not heard.turned("plain", "leave", "joy", "well", "thanks"):
        yield from (("praise", 0.2), ("other", 0.4), ("complaint", 2.5))
    elif glad and heard.said[0] in ("can", "could", "please", "help", "pls", "plz"):
        yield from (("praise", 0.2), ("request", 4.0))
    elif glad and not heard.names & {"irony", "anger", "ill"} and "something is quoted" not in heard.marks:
        yield from (("praise", 4.0), ("complaint", 0.25), ("other", 0.5))


def _asking(heard: Heard) -> Iterator[tuple[str, float]]:
    first = heard.said[0]
    if heard.asks and first in _QUESTION_WORDS and not heard.names & {"anger", "gripe", "everyone", "forme", "wish"}:
        yield from (("question", 2.0), ("outage_report", 0.5), ("cancellation", 0.4))


_RULES: tuple[Callable[[Heard], Iterator[tuple[str, float]]], ...] = (
    _claims,
    _irony,
    _stance,
    _wishes,
    _leaving,
    _for_whom,
    _not_needed,
    _hazards,
    _emoji,
    _asking,
    phrases,
)
