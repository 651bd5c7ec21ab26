"""Who of two speakers offers help when a call or chat begins, as nobody does who calls a company."""

import re
from collections.abc import Sequence

from bpm.feedback.channels.calls.turns import Turn

FIRST_TURNS = 2
"""Turns of each speaker in which an offer is looked for."""

_THANKS = (
    r"(?:thank you|thanks) for (?:calling|contacting|choosing|reaching out|getting in touch)(?! (?:me|us|back|again))"
)
_OFFERS = re.compile(
    r"\b(?:" + _THANKS + r"|how (?:can|may|could) (?:i|we) (?:help|assist|be of)|what can (?:i|we) do for you"
    r"|wie kann ich (?:ihnen |dir )?(?:weiter)?helfen|was (?:kann|darf) ich für sie tun|womit kann ich helfen"
    r"|danke für ihren anruf"
    r"|(?:comment|en quoi|que) puis je (?:vous aider|faire pour vous)|merci (?:de|pour) votre appel"
    r"|(?:en qué|cómo) (?:le |te |lo |la )?puedo ayudar|gracias por (?:llamar|su llamada|comunicarse|contactar)"
    r"|come posso (?:aiutar|esser)|in (?:che )?cosa posso (?:aiutar|esser)"
    r"|grazie per aver(?:ci)? (?:chiamato|contattato)"
    r"|(?:em que|como) posso (?:ajudar|ser útil)|obrigad[oa] por (?:ligar|contactar|entrar em contato)"
    r"|(?:waarmee|hoe|waar) kan ik (?:u |je )?(?:mee )?(?:van dienst|helpen)"
    r"|(?:hur|vad) kan jag hjälpa|(?:hvordan|hvad|hva) kan jeg hj(?:æ|e)lpe"
    r"|w czym mogę pomóc|jak (?:vám )?mohu pomoci|s čím (?:vám )?mohu pomoci|čím môžem pomôcť"
    r"|miben segíthetek|cu ce vă pot ajuta|nasıl yardımcı olabilirim|kuinka voin auttaa|miten voin auttaa"
    r"|чем (?:я )?(?:могу|можем) (?:вам )?помочь|чим (?:я )?можу допомогти"
    r"|πώς μπορώ να (?:σας )?(?:βοηθήσω|εξυπηρετήσω)"
    r")"
)
_UNSPACED = ("お電話ありがとうございます", "いかがなさいましたか", "ご用件", "有什么可以帮", "为您服务",
             "為您服務", "有什麼可以幫",
             "무엇을 도와드릴까요", "어떻게 도와드릴까요")  # fmt: skip


def who_offers_help(turns: Sequence[Turn]) -> str:
    """The one of exactly two speakers who offers help in the first turns; empty where none or both do."""
    first: dict[str, list[str]] = {}
    for turn in turns:
        said = first.setdefault(turn.speaker, [])
        if len(said) < FIRST_TURNS:
            said.append(turn.text)
    if len(first) != 2 or "" in first:
        return ""
    offering = [speaker for speaker, said in first.items() if any(map(_offers, said))]
    return offering[0] if len(offering) == 1 else ""


def _offers(text: str) -> bool:
    plain = " ".join(re.findall(r"[^\W_]+", text[:2000].casefold()))
    return bool(_OFFERS.search(plain)) or any(each in text for each in _UNSPACED)
