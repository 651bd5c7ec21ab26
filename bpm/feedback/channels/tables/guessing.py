"""Which column holds what, by what stands in it, where its name alone does not say."""

import re
from collections.abc import Callable, Mapping, Sequence

from bpm.feedback.channels.tables.header import Header, is_typed
from bpm.feedback.channels.values.channels import read_channel
from bpm.feedback.channels.values.columns import base_name, guess, is_for_words, is_known
from bpm.feedback.channels.values.dates import is_day_count, is_filler, read_date
from bpm.feedback.channels.values.moments import DateError, Habit
from bpm.feedback.channels.values.numbers import read_number
from bpm.feedback.channels.values.plain import plain

_NOT_WORDS = re.compile(
    r"address|adresse|url|link|email|mail|agent|browser|device|product|produkt|company|firma|country|city|ort$|region"
    r"|ipadd|reply|internal|status|assignee|tags?$|version|language|locale|name$|plan$|store$|location|campaign|branch"
    r"|group$|team$|currency|path|page|platform|category|type$"
)
"""Headings of columns that hold texts, but not what a customer said."""

_OPEN = frozenset({"openendedresponse", "otherpleasespecify", "offeneantwort", "reponseouverte", "respuestaabierta"})

Sample = Mapping[str, Sequence[str]]
"""Column -> the cells of the first rows that are not empty."""


def guess_mapping(header: Header, sample: Sample) -> dict[str, str]:
    """Column -> field, by names and labels first, then by values."""
    found = guess(header.names, header.labels)
    if "channel" not in found.values():
        found |= {name: "channel" for name, field in found.items() if field == "source" and _are_channels(sample[name])}
    if "rating" not in found.values():
        found |= dict.fromkeys(_scores(header, sample, found), "rating")
    _correct(found, "rating", header, sample)
    _correct(found, "said_at", header, sample)
    found |= _by_values(header, sample, found)
    free = [name for name in header.names if name not in found and _tells(name, header, sample.get(name, ()))]
    asked = [name for name in free if is_question(name, header)]
    if "text" in found.values():
        return found | {name: "text" for name in asked if name.rstrip().endswith("?") or _is_open(name, header)}
    chosen = asked or _longest(header, sample, found)
    return found | dict.fromkeys([*chosen, *_namesakes(chosen, header, sample, found)], "text")


def _namesakes(chosen: Sequence[str], header: Header, sample: Sample, taken: Mapping[str, str]) -> list[str]:
    """The other columns that stand under the same heading as one of those chosen and hold words."""
    written = dict(zip(header.names, header.written, strict=True))
    same = {written[name] for name in chosen}
    others = [name for name in header.names if name not in chosen and name not in taken and written[name] in same]
    return [name for name in others if not all(map(is_typed, sample.get(name, ())))]


_DATES = re.compile(r"date|datum|fecha|time|zeit|created|submitted|posted|日")
_OTHER_DATES = re.compile(
    r"update|modif|edit|due|clos|solved|resol|birth|expir|end|first|last|next|reply|respon|answer|ship|order|purchase|deliver|zone"
)
"""Dates of something else than of what was said."""
_OURS = re.compile(r"agent|assign|owner|to$|recipient|support|staff|team|manager|bearbeiter|zustandig")
_COMMENT = re.compile(
    r"(?:comments?|feedback|verbatims?|remarks?|reason|kommentare?|anmerkung(?:en)?|commentaires?|comentarios?|comment[oi]|opmerking(?:en)?)$"
)
_HALVES = frozenset({"pros", "cons", "advantages", "disadvantages", "likes", "dislikes", "positives", "negatives",
                     "vorteile", "nachteile", "positiv", "negativ", "avantages", "inconvenients", "ventajas",
                     "desventajas", "vantagens", "desvantagens", "pregi", "difetti"})  # fmt: skip
"""Columns that tell together what somebody said."""


def _by_values(header: Header, sample: Sample, taken: Mapping[str, str]) -> dict[str, str]:
    """Columns of names that are nobody's usual ones, known by what stands in them and a word in their name."""
    found: dict[str, str] = {}
    free = {name: base_name(name) for name in header.names if name not in taken and sample.get(name)}
    if "said_at" not in taken.values():
        dates = [name for name, called in free.items() if _DATES.search(called) and not _OTHER_DATES.search(called)]
        found |= dict.fromkeys([name for name in dates if _nearly_all(sample[name], _is_date)][:1], "said_at")
    if "author_email" not in taken.values():
        theirs = [name for name, called in free.items() if not _OURS.search(called)]
        found |= dict.fromkeys([name for name in theirs if _nearly_all(sample[name], _is_address)][:1], "author_email")
    if "text" not in taken.values():
        halves = [name for name, called in free.items() if called in _HALVES]
        comments = [name for name, called in free.items() if _COMMENT.search(called) and not _OURS.search(called)]
        worded = [name for name in (halves or comments[:1]) if not all(map(is_typed, sample[name]))]
        found |= dict.fromkeys(worded, "text")
    return found


def _are_channels(cells: Sequence[str]) -> bool:
    """Whether a column called a source tells on which channel its rows came, as help desks' do."""
    return bool(cells) and 2 * sum(1 for cell in cells if read_channel(cell)) >= len(cells)


def _nearly_all(cells: Sequence[str], fits: Callable[[str], bool]) -> bool:
    said = [cell for cell in cells if not is_filler(cell)]
    return bool(said) and sum(map(fits, said)) >= len(said) * 0.8


def _is_address(cell: str) -> bool:
    return re.fullmatch(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}\.\w{2,24}", cell.strip()) is not None


_RANGE = re.compile(r"[(\[]\s*[01]\s*(?:-|\u2013|to|bis|à|a)\s*(?:5|7|10)\s*[)\]]", re.IGNORECASE)
_SCORE = re.compile(r"(?:nps|csat|rating|score|stars?)$")
_SCORES_ELSEWHERE = """
довол удовлетвор порекоменду оцените 満足 おすすめ 推奨 勧め 評価して 满意 滿意 推荐 推薦 만족 추천 ικανοποιη συστην
מרוצ ממליצ راض الرضا توصي พึงพอใจ แนะนำ
"""
_LIKELY = re.compile(
    r"howlikely|satisf|soddisf|sadisf|zufrieden|tevreden|zadowol|nojd|tilfreds|fornoyd|tyytyvai|spokojen|elegedett|multumit"
    r"|memnun|hailong|puas|wiewahrscheinlich|probabilit[ea]|probabilidad|waarschijnlijk|prawdopodob|sannolik|sandsynlig"
    r"|recommend(?:us|our|this|the|to)|recommand(?:er|ez)|recomend(?:ar|aria)|raccomand|weiterempfehl|aanbevel|polecil"
    r"|rekommendera|anbefale|suosittel|doporuc|odporuc|tavsiye|(?:would|do)yourate|rateyour|bewertensie|wurdensie.*bewerten"
    r"|noter(?:iez|ez)vous|evalu(?:eriez|ez)vous|calificaria|valuteresti|avaliaria|"
    + "|".join(map(plain, _SCORES_ELSEWHERE.split()))
)
"""How people are asked for a score, as `plain` writes it: how likely, how satisfied, whether they recommend."""
_NO_SCORE = re.compile(r"count|number|anzahl|nombrede|numerode|cantidad|group$|id$|date|price")


def _scores(header: Header, sample: Sample, taken: Mapping[str, str]) -> list[str]:
    """The first column of numbers that is called a score (`Q1_NPS`), or asks how likely or how satisfied one is."""
    for name in header.names:
        called = base_name(name), plain(name), plain(header.labels.get(name, ""))
        asks = any(map(_LIKELY.search, called[1:])) and not _NO_SCORE.search(called[0])
        cells = sample.get(name, ())
        if (
            name not in taken
            and not is_known(name)
            and cells
            and (_SCORE.search(called[0]) or asks or _RANGE.search(name))
        ):
            numbers = [read_number(cell)[0] for cell in cells]
            if all(number is None or 0 <= number <= 10 for number in numbers) and numbers.count(None) * 2 < len(
                numbers
            ):
                return [name]
    return []


def is_question(name: str, header: Header) -> bool:
    """Whether a column's heading or label asks something, rather than to name what is in it."""
    label = header.labels.get(name, name)
    asks = label.endswith("?") or name.endswith("?") or _is_open(name, header) or len(label.split()) >= 4
    return asks and not is_known(name)


def question_of(name: str, header: Header) -> str:
    """What a column of words asks: its label, unless that only says what kind of question it is."""
    label = header.labels.get(name, "")
    return name if not label or name.endswith("?") or _is_open(name, header) else label


def _is_open(name: str, header: Header) -> bool:
    return plain(header.labels.get(name, "")) in _OPEN


def _correct(found: dict[str, str], field: str, header: Header, sample: Sample) -> None:
    """Another column of a fitting name, when no cell of the one chosen can be read."""
    chosen = [name for name, each in found.items() if each == field]
    while chosen and not any(_FITS[field](cell) for name in chosen for cell in sample.get(name, ())):
        if not any(sample.get(name) for name in chosen):
            return
        tried = {name for name in header.names if name in chosen}
        for name in chosen:
            del found[name]
        rest = [name for name in header.names if name not in found and name not in tried]
        others = guess(rest, {name: label for name, label in header.labels.items() if name in rest})
        chosen = [name for name, each in others.items() if each == field]
        header = Header(tuple(rest), tuple(rest), header.labels)
        found.update(dict.fromkeys(chosen, field))


def _is_date(cell: str) -> bool:
    try:
        read_date(cell, Habit(order="dmy"))
    except DateError:
        return is_day_count(cell) or ("calendar" not in cell and bool(re.search(r"\d{4}", cell)))
    return True


_FITS = {"rating": lambda cell: read_number(cell)[0] is not None, "said_at": _is_date}


def _is_free(cells: Sequence[str]) -> bool:
    """Whether cells are texts of people: several words, seldom the same."""
    texts = [cell for cell in cells if not is_typed(cell)]
    if not texts or len(texts) * 2 < len(cells):
        return False
    wordy = sum(1 for text in texts if len(text.split()) >= 3 or (not text.isascii() and len(text) >= 8))
    varied = len(set(texts)) / len(texts)
    return wordy * 5 >= len(texts) * 2 and (len(texts) < 10 or varied > 0.3)


_ASKS_FOR_WORDS = re.compile(
    r"what(?:did|do|could|can|should|would)(?:you|we)(?:like|dislike|enjoy|hate|love|improve|change|dobetter|think|miss)"
    r"|what(?:would|could)(?:makeit|make|have|be|you).*(?:better|improve|change)"
    r"|whatis(?:the|your)(?:main|most|primary)?(?:important)?reason|whydidyou|whyorwhynot|whynot|howc(?:an|ould)we"
    r"|anything(?:else|missing|you)|isthereanything|pleasetellus|tellusmore|pleaseexplain|pleasedescribe"
    r"|was(?:gefall|gefiel|hat|konnen|konnten|sollten|fehlt|mochten)|warum|wie(?:konnen|konnten)wir"
    r"|qu(?:e|est)?(?:cequi|cequevous|aimez|avezvousaime|pouvonsnous|pourrions)|pourquoi|commentpouvons"
    r"|que(?:legusto|lehagustado|podemos|podriamos|mejoraria)|porque|comopodemos|cosatie|cosa(?:possiamo|le)|perche"
    r"|wat(?:vond|vindt|kunnen|kan|zou)|waarom|oque(?:mais|podemos|voce)"
)
"""How questions begin, as `plain` writes them, that are answered in words and not by choosing."""


def _tells(name: str, header: Header, cells: Sequence[str]) -> bool:
    """Whether a column holds words of people: texts, or short answers to a question that asks for words."""
    if _is_free(cells) or (_is_open(name, header) and not all(map(is_typed, cells))):
        return True
    asked = _ASKS_FOR_WORDS.match(plain(header.labels.get(name, name))) is not None
    return asked and is_question(name, header) and not all(map(is_typed, cells))


def unread_words(header: Header, sample: Sample, fields: Mapping[str, str]) -> list[str]:
    """Columns that hold texts of people and are no field of an item, by their headings."""
    return [
        name
        for name in header.names
        if not fields.get(name)
        and not _NOT_WORDS.search(base_name(name))
        and not _OURS.search(base_name(name))
        and (_is_free(sample.get(name, ())) or (is_for_words(name) and not all(map(is_typed, sample.get(name, ())))))
    ]


def _longest(header: Header, sample: Sample, taken: Mapping[str, str]) -> list[str]:
    """The column of the longest texts; columns whose name says that they hold something else come last."""
    best: tuple[bool, bool, float] | None = None
    chosen: list[str] = []
    for name in header.names:
        cells = [cell for cell in sample.get(name, ()) if not is_typed(cell)]
        if name in taken or not cells or _NOT_WORDS.search(base_name(name)):
            continue
        rank = (_is_free(cells), is_question(name, header), sum(map(len, cells)) / len(cells))
        if (rank[0] or rank[1]) and (best is None or rank > best):
            best, chosen = rank, [name]
    return chosen
