"""Whether a text asks for private data: numbers of cards and accounts, passwords, addresses, phones. Pure."""

import re

_WHAT = (
    r"(?:(?P<card>(?:credit |debit |bank )?card (?:number|details|no)\b|cvv|cvc|security code|expiry date|kartennummer)"
    r"|(?P<account>(?:bank |customer |your )?account (?:number|details|no|#)|iban|sort code|routing number|"
    r"policy number|kontonummer|kundennummer)"
    r"|(?P<ssn>ssn|social security(?: number)?|national insurance number|tax (?:id|number)|passport number|"
    r"driver'?s licen[cs]e(?: number)?|date of birth|birthday|geburtsdatum|maiden name)"
    r"|(?P<password>password|passcode|pin(?: number| code)?\b|one[- ]time code|passwort)"
    r"|(?P<address>(?:home |postal |street |billing |shipping |e-?mail )?address|zip code|post ?code|adresse|anschrift)"
    r"|(?P<phone>(?:tele|cell ?|mobile )?phone(?: number)?|mobile number|number to (?:call|reach)|telefonnummer|"
    r"handynummer)"
    r"|(?P<name>full name|last name|surname))"
)
_ASK = (
    r"(?:send|give|tell|share|provide|post|reply with|respond with|answer with|confirm|let (?:me|us) (?:have|know)|"
    r"dm|message|need|require|want|may i have|can i have|could i have|can we have|could you|can you|would you|please|"
    r"what(?:'s| is| are)|which is|schick\w*|nenn\w*|teil\w* \w+ mit|brauch\w*|bitte)"
)
_ASKS = re.compile(rf"\b{_ASK}\b[^.!?\n]{{0,90}}?\b{_WHAT}", re.IGNORECASE)
_BARE = re.compile(rf"\b(?:your|ihre?|deine?) {_WHAT}[^.!?\n]{{0,40}}\?", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:never|don'?t|do not|not|no need to|without|nobody will|nie|nicht|kein\w*)\b[^.!?\n]{0,60}\Z", re.IGNORECASE
)
_ELSEWHERE = re.compile(
    r"\b(?:private(?:ly)?|direct message|by dm|via dm|in a dm|private link|link below|not here)\b", re.IGNORECASE
)
LONGEST = 20_000
NAMES = {
    "card": "a card number", "account": "an account number", "ssn": "a national number or a date of birth",
    "password": "a password or code", "address": "an address", "phone": "a phone number", "name": "a full name",
}  # fmt: skip
"""What is asked for, in words."""


def asked_for(text: str) -> tuple[str, ...]:
    """Kinds of private data that the text asks its reader for, in order; nothing for "never send us your password"."""
    found: dict[str, None] = {}
    said = text[:LONGEST].replace("’", "'")
    for pattern in (_ASKS, _BARE):
        for match in pattern.finditer(said):
            begins = max(said.rfind(mark, 0, match.start()) for mark in ".!?\n") + 1
            ends = min((at for mark in ".!?\n" if (at := said.find(mark, match.end())) >= 0), default=len(said))
            sentence = said[begins:ends]
            if _NOT.search(said[begins : match.start() + 12]) or _says_not(sentence):
                continue
            if _ELSEWHERE.search(sentence):
                continue
            kind = next(name for name, value in match.groupdict().items() if value)
            found[kind] = None
    return tuple(found)


def _says_not(sentence: str) -> bool:
    return re.search(r"\b(?:never|do not|don'?t|please don'?t|nie|nicht)\b", sentence, re.IGNORECASE) is not None
