"""The part of a mail that its sender wrote this time: without quotes of earlier mail and without signature."""

import re

_HEADER_BLOCK = re.compile(
    r"^\s*(-{2,}\s*(original message|urspr.ngliche nachricht|forwarded message)\s*-{2,}|_{10,})\s*$", re.IGNORECASE
)
_OUTLOOK = re.compile(r"^\s*(from|von|de):\s.+$", re.IGNORECASE)
_OUTLOOK_NEXT = re.compile(r"^\s*(sent|gesendet|date|envoy.):\s.+$", re.IGNORECASE)
_WROTE = re.compile(r"^\s*(on|am|le)\s.{0,300}\b(wrote|schrieb|a écrit)\b.{0,80}:\s*$", re.IGNORECASE | re.DOTALL)
_MAY_BEGIN = re.compile(r"^\s*+(on|am|le)(\s|$)", re.IGNORECASE)
_DEVICE = re.compile(r"^\s*(sent from (my|mail for)|get outlook for|von meinem .* gesendet)\b.*$", re.IGNORECASE)


def customer_words(body: str) -> str:
    """`body` without quoted lines, reply headers and signature; answers between quotes stay."""
    lines = body.split("\n")
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if line.rstrip("\r") in ("-- ", "--") or _starts_old_mail(lines, place):
            break
        length = _attribution(lines, place)
        if length:
            place += length
            continue
        if not line.startswith(">") and not _DEVICE.match(line):
            kept.append(line.rstrip())
        place += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _starts_old_mail(lines: list[str], place: int) -> bool:
    if _HEADER_BLOCK.match(lines[place]):
        return True
    after = lines[place + 1] if place + 1 < len(lines) else ""
    return bool(_OUTLOOK.match(lines[place]) and _OUTLOOK_NEXT.match(after))


def _attribution(lines: list[str], place: int) -> int:
    """How many lines `On ..., somebody wrote:` takes here (mail programs wrap it), 0 when it is none."""
    if not _MAY_BEGIN.match(lines[place]):
        return 0
    for length in (1, 2, 3):
        if _WROTE.match("\n".join(lines[place : place + length])):
            return length
    return 0
