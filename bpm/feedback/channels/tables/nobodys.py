"""Rows of a table in which no customer speaks: sums below the answers, posts that are gone, what a program wrote."""

import re
from collections.abc import Mapping, Sequence

from bpm.feedback.channels.values.plain import plain
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_TOTALS = re.compile(
    r"(?:grand[\s-]?|sub-?\s?)?totals?(?:\s\((?:\d+|all)\))?|sum|average|avg\.?|mean|median|count|overall"
    r"|gesamt(?:summe|ergebnis|zahl)?|zwischensumme|summe|mittelwert|durchschnitt|anzahl|insgesamt"
    r"|total\sgénéral|sous-total|moyenne|somme|total\sgeneral|promedio|suma(?:\skońcowa)?|razem"
    r"|total\sgeral|soma|média|media|somma|totale(?:\scomplessivo)?|gemiddelde|(?:eind)?totaal|som"
    r"|i\salt|totalt|summa|medelvärde|gennemsnit|gjennomsnitt|yhteensä|keskiarvo|celkem|součet|spolu|összesen"
    r"|(?:genel\s)?toplam|ortalama|итого?|всего|сумма|среднее|разом|σύνολο|合計|合计|总计|總計|総計|平均|합계|총계|รวม"
    r"|المجموع|סה״כ",
    re.IGNORECASE,
)
"""What stands in front of sums, in the languages of the programs that write them."""

_FIGURE = re.compile(r"[-+−(]?[^\w\s]?\s?\d[\d.,'’\s\u00a0\u202f]*\s?[^\w\s]?\)?|[-–—]|n/a|#.{2,10}!", re.IGNORECASE)
"""A figure as it stands in a row of sums: grouped, in per cent or money, or none."""

_END = re.compile(
    r"[-=*#~_<>\s]*(?:end\sof\s(?:the\s)?(?:report|file|data|export|list|document|results?)|ende\sdes\sberichts?"
    r"|fin\s(?:du\srapport|del\sinforme)|fim\sdo\srelatório|fine\s(?:del\s)?(?:report|rapporto)|einde\srapport|eof"
    r"|\(?\d+\s(?:rows?|records?)(?:\s(?:affected|selected|returned|exported|in\sset))?\)?)[-=*#~_<>.!\s]*",
    re.IGNORECASE,
)
"""The line with which programs end a report."""

_GONE = frozenset(("[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]", "[ removed by reddit ]"))
_IS_A_BOT = "i am a bot, and this action was performed automatically"
_BOTS = frozenset(("automoderator",))


def why_nobodys(item: RawItem, cells: Sequence[str] = ()) -> str:
    """Why an item of a table is nobody's voice, by itself and by the cells of its row; empty when it is somebody's."""
    words = item.text.strip()
    if words.casefold() in _GONE:
        return _("deleted or removed: its words are gone")
    if item.author_handle.casefold() in _BOTS or _IS_A_BOT in words[:5_000].casefold():
        return _("a bot's words")
    known = (item.natural_key, item.author_name, item.author_handle, item.author_email, item.author_phone)
    alone = item.said_at is None and not any(known) and not item.author_id
    if why := why_no_row(cells):
        return why
    return _("a row of totals") if alone and _TOTALS.fullmatch(words.rstrip(": ")) else ""


def why_no_row(cells: Sequence[str]) -> str:
    """Why a line of a table is none of its rows: a word for sums before figures alone, or the end of the report."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled or len(cells) < 2:
        return ""
    if len(filled) > 1 and _is_sum(filled[0]) and all(_FIGURE.fullmatch(cell[:40]) for cell in filled[1:]):
        return _("a row of totals")
    if len(filled) == 1 and _END.fullmatch(filled[0][:100]):
        return _("the end of the report")
    return ""


_NO_RESPONDENT = {
    **dict.fromkeys(("surveypreview", "surveytest", "preview", "offlinepreview", "1", "2", "9", "17"), "preview"),
    **dict.fromkeys(("spam", "possiblespam", "importedspam", "offlinespam", "8", "12", "24"), "spam"),
}
"""What Qualtrics writes under Status, in words or as a number, when no customer answered."""


def why_no_respondent(record: Mapping[str, str]) -> str:
    """Why a row of a survey's export is no customer's answer by what the survey tool says of it; "" when it is one."""
    said = {plain(name): cell for name, cell in record.items()}
    if not {"responseid", "recordeddate", "status"} <= said.keys():
        return ""
    kind = _NO_RESPONDENT.get(plain(said["status"]))
    if kind == "preview" or plain(said.get("distributionchannel", "")) == "preview":
        return _("a preview of the survey, not an answer")
    return _("spam, as the survey tool says") if kind else ""


def _is_sum(cell: str) -> bool:
    return _TOTALS.fullmatch(cell[:40].rstrip(": ")) is not None
