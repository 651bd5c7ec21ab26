"""What a text is about, as far as its words tell: for likening two texts of one person, not for classifying."""

import re
import unicodedata
from collections.abc import KeysView
from dataclasses import dataclass
from functools import lru_cache

LONGEST_LOOKED_AT = 2_000
"""Characters of a text that are looked at."""

_STOP = frozenset(
    """
    a about above after again ago all already also always am an and another any anybody anyone anything are aren't as
    ask asked at away back be because been before being between both but by call called came can cannot can't come
    could couldn't day days dear did didn't do does doesn't doing done don't down during each email emailed enough even
    ever every everything far few finally first for former from get gets getting give given go goes going gone good got
    had has have haven't having he hello help her here hers hey hi him his hour hours how however i i'd if i'll i'm in
    into is isn't it it's its i've just keep know last late later least less let like long look lot made mail make many
    may maybe me message might mine minutes month months more morning most much must my myself need needed never new
    next no nobody none nor not nothing now of off on once one only or other our out over own people per please put
    quite really reply right said same say see seems send sent she should since so some somebody someone something
    soon sorry still such take talk team tell than thank thanks that that's the their them then there these they thing
    things think this those though through time till to today told tomorrow too took two under until up update us use
    used very via want wanted was wasn't way we week weeks well went were what when where which while who whole why will
    wish with without won't would write wrote year years yes yesterday yet you your yours monday tuesday wednesday
    thursday friday saturday sunday kind regards best cheers word words text hers three four five not problem issue
    question answer phone
    """.split()  # noqa: SIM905 (a list to be read)
)
_GROUPS = (
    "parcel package packages delivery shipment shipping courier deliver delivered dispatch tracking",
    "internet wifi broadband router connection line network modem fibre signal offline outage",
    "bill billing invoice charge charged charges overcharged payment paid statement debit",
    "refund refunded reimburse reimbursement moneyback chargeback",
    "login signin password account locked sign authentication username",
    "app application crash crashes crashing",
    "cancel cancelled cancellation terminate unsubscribe",
    "price pricing cost expensive fee tariff",
    "engineer technician appointment visit installer installation",
    "broken damaged defective faulty cracked",
    "exchange replace replacement swap",
)
_CONCEPT = {word: f"={number}" for number, group in enumerate(_GROUPS) for word in group.split()}
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[a-z]))+")
_PLAIN_WORD = re.compile(r"[a-z](?:[a-z]|'(?=[a-z]))+")
"""The same in a text of ASCII in small letters."""
_DIGITS_OF_REFERENCE = re.compile(r"\d[\da-z-]{1,18}\d")
"""What every number of an order or a case has in it: the dear pattern looks around these alone."""
_AROUND = 40
"""Characters before and behind them in which all of it stands: its word, its letters, the sign that may not follow."""
_REFERENCE = re.compile(
    r"(?:(?:order|ticket|case|invoice|contract|booking|policy|account|ref(?:erence)?|number|no|nr|id)\b[\s.:#-]{0,3}|#)"
    r"([a-z]{0,4}-?\d[\da-z-]{1,18}\d)|(?<![\w.,:/-])([a-z]{1,4}-?\d[\da-z-]{2,18}\d|\d{5,18})(?![\w/:]|[.,]\d)"
)
_NO_REFERENCE = re.compile(r"(19|20)\d\d(-\d\d(-\d\d)?)?|\d{1,2}(st|nd|rd|th|h|am|pm)|\d+(gb|mb|kg|km|cm|mm|mbit)")

GOES_ON = re.compile(
    r"\b(still|again|as (i|we) (said|wrote|mentioned|told|explained|discussed)|follow(ing)?[- ]?up|any (news|update)"
    r"|(no|without) (answer|reply|response|news)|nobody (called|answered|replied|came back)|chas(e|ing)|remind(er|ing)?"
    r"|(my|our|your|the) (earlier|previous|last|recent)|further to|regarding my|in reply|thanks? for (your|the) "
    r"(call|reply|answer|mail|message|help)|promised|you said|second time|third time|me again|see my|like i said"
    r"|noch immer|immer noch|erneut|wie (besprochen|gesagt)|toujours|encore|todavía|de nuevo|sigue sin)\b",
    re.IGNORECASE,
)
_STARTS_ANEW = re.compile(
    r"\b(another (thing|issue|problem|question|matter|topic|order)|(different|separate|new|unrelated|other) "
    r"(issue|problem|question|matter|topic|thing|request|order)|something else|on a different note|unrelated(ly)?"
    r"|by the way|etwas anderes|andere frage|autre chose|otra cosa)\b",
    re.IGNORECASE,
)
_CHANNELS = {
    "call": r"call(ed|ing)?|phon(e|ed|ing)|hotline|rang|spoke(n)? (to|with)|on the line|telefon\w*|angerufen|"
    r"téléphon\w*|appel\w*|llam(é|ada|ado)",
    "email": r"e-?mail(ed|s)?|mail(ed)?|wrote|written|schrieb|geschrieben|courriel|correo",
    "chat": r"chat(ted|ting|bot)?|messenger|whatsapp|live agent",
    "social": r"tweet(ed)?|post(ed)?|dm('?d)?|facebook|twitter|instagram|mastodon|bluesky|reddit|publicly",
    "review": r"review(ed)?|stars?|app store|play store|trustpilot",
    "survey": r"survey|questionnaire|feedback form",
}
_WHOSE = r"\b(?:my|the|your|our|i|we|you|as|per|by|in|on|see)\b[^.!?\n]{0,30}?"
NAMES = {channel: re.compile(rf"{_WHOSE}\b({words})\b", re.IGNORECASE) for channel, words in _CHANNELS.items()}


@dataclass(frozen=True)
class Subject:
    """What one or several texts are about: words without endings, concepts (`=3`), numbers of orders and cases."""

    words: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()

    def __or__(self, other: "Subject") -> "Subject":
        return Subject(self.words | other.words, self.references | other.references)

    def __str__(self) -> str:
        """As it is kept with an item: words, a bar, numbers."""
        return f"{' '.join(sorted(self.words))}|{' '.join(sorted(self.references))}"


def read_subject(kept: str) -> Subject:
    """What was kept."""
    words, _bar, references = kept.partition("|")
    return Subject(frozenset(words.split(" ")) - _NOTHING, frozenset(references.split(" ")) - _NOTHING)


_NOTHING = frozenset({""})


@lru_cache(maxsize=8)
def subject_of(text: str) -> Subject:
    """The words that tell what a text is about; of one item it is asked twice."""
    plain = _plain(text)
    numbers = {
        named or bare for start, end in _digits_in(plain) for named, bare in _REFERENCE.findall(plain, start, end)
    }
    references = {number for number in numbers if not _NO_REFERENCE.fullmatch(number)}
    words = set(map(_stem, _words(plain) - _STOP))
    return Subject(frozenset(words - {""}), frozenset(references))


def as_written(text: str, stems: frozenset[str]) -> list[str]:
    """The words of a text that have these stems, as they stand in it, each once."""
    return [word for word in _words(_plain(text)) if word not in _STOP and _stem(word) in stems]


def _digits_in(plain: str) -> list[tuple[int, int]]:
    """(start, end) of the stretches that may hold a reference."""
    found: list[tuple[int, int]] = []
    for digits in _DIGITS_OF_REFERENCE.finditer(plain):
        start, end = max(0, digits.start() - _AROUND), digits.end() + _AROUND
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
    return found


def _plain(text: str) -> str:
    """The part that is looked at, in compatibility form (NFKC) and without case."""
    beginning = text[:LONGEST_LOOKED_AT]
    return beginning.lower() if beginning.isascii() else unicodedata.normalize("NFKC", beginning).casefold()


def _words(plain: str) -> KeysView[str]:
    """Each word once, in the order in which they come."""
    return dict.fromkeys((_PLAIN_WORD if plain.isascii() else _WORD).findall(plain)).keys()


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """The word without its ending; its concept where it belongs to one."""
    word = word.replace("’", "'").removesuffix("'s")
    if word in _CONCEPT:
        return _CONCEPT[word]
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "edly", "ed", "es", "er", "ly", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            return _CONCEPT.get(stem, "" if stem in _STOP else stem)
    return "" if word in _STOP else word


@lru_cache(maxsize=8)
def goes_on(text: str) -> str:
    """The words by which a text says that it goes on with something; empty when there are none.

    It is asked of one text for each conversation that comes into question, as `starts_anew` is.
    """
    found = GOES_ON.search(text[:LONGEST_LOOKED_AT])
    return found[0] if found else ""


@lru_cache(maxsize=8)
def starts_anew(text: str) -> bool:
    """Whether a text says that it is about something else."""
    return bool(_STARTS_ANEW.search(text[:LONGEST_LOOKED_AT]))


def names_channel(text: str, channel: str) -> str:
    """The words by which a text speaks of what was said on a channel; empty when it does not."""
    pattern = NAMES.get(channel)
    found = pattern.search(text[:LONGEST_LOOKED_AT]) if pattern else None
    return " ".join(found[0].split()[-3:]) if found else ""
