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

_BELOW = re.compile(
    r"(?:grand\s)?totals?\s(?:number\sof\s)?(?:records|rows|results|responses|cases|entries|items|tickets)\b.{0,40}"
    r"|(?:grand\s)?totals?\s\(\d.{0,40}\)|(?:records|rows|entries)\s?[:=]\s?\d+|\d+\s(?:rows|records|entries)\stotal"
    r"|(?:©|copyright\s|\(c\)\s).{4,200}|confidential\sinformation.{0,100}|all\srights\sreserved.{0,40}"
    r"|(?:generated|exported|created|erstellt|exportiert|généré|exporté|generado|exportado|gegenereerd)"
    r"\s(?:by|on|at|von|am|par|le|por|el|op|door)\b.{0,150}|(?:filter(?:ed\sby)?|source|page)\s?[:#]\s?.{0,150}"
    r"|(?:anzahl|gesamtzahl)\s(?:der\s)?(?:datensätze|zeilen|einträge)\b.{0,40}"
    r"|nombre\s(?:total\s)?d['’e]\s?(?:enregistrements|lignes|réponses)\b.{0,40}"
    r"|(?:número|total)\sde\s(?:registros|filas|respuestas)\b.{0,40}",
    re.IGNORECASE,
)
"""What programs write below a table, in its first cell alone."""

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


def why_no_words(item: RawItem, cells: Sequence[str], names: Sequence[str]) -> str:
    """Why a line without words or score is none of the table's rows; `cells` as in the file, `names` above."""
    if item.text or item.rating is not None or len(names) < 3:
        return ""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) != 1 or not cells[0].strip():
        return ""
    is_text = len(cells) == 1 and any(map(str.isalpha, filled[0])) and " " in filled[0]
    return _("a line of the report below the table") if is_text or _BELOW.fullmatch(filled[0][:300]) else ""


def why_header(cells: Sequence[str], names: Sequence[str]) -> str:
    """Why a row that says the header again is none: files were put together."""
    if len(names) < 2:
        return ""
    return _("the header again") if [" ".join(cell.split()) for cell in cells] == list(names) else ""


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
