"""What the words before a number say that it is: an account, a card, a phone, or none of anybody's business.

The words are read backwards from the number: words that only lead up to it ("number", "is", "ending in") are passed
over, the first other word decides. At most twelve words are looked at.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bpm.feedback.privacy.mask.words import words

Meaning = Literal["phone", "card", "ssn", "account", "iban", "other", ""]

_LINKS = words(
    "is was are its it's be in with of my the a an your our his her their at on to : = as this also and or "
    "me us him them i ist lautet meine mein die der den dem unter von est mon ma le la les au du de mes ce "
    "under reads says following here new old first second other another current correct full it "
    "please directly back should would will must has have had i make sure linked associated registered"
)
_NUMBER_NOUNS = words(
    "number numbers numbr numb no nos nr num nums # ending ends end finishing last four five six 4 digits digit id ids "
    "nummer nummern endet auf letzten vier ziffern numéro numero n° no. nr. n chiffres derniers quatre finissant par "
    "starting starts beginning code"
)
_MEANINGS: dict[str, Meaning] = {
    **dict.fromkeys(
        words(
            "phone telephone tel mobile cell cellphone landline call callback ring text whatsapp sms fax reach contact "
            "ph dial telefon telefonnummer handy handynummer mobil mobilnummer rufnummer festnetz anrufen "
            "erreichbar rückruf téléphone telephone portable tél appeler appelez joindre joignable mob "
            "phonenumber mobilenumber signal telegram hotline"
        ),
        "phone",
    ),
    **dict.fromkeys(
        words(
            "card cards visa mastercard amex maestro credit debit creditcard cvv cvc csc kreditkarte karte "
            "kartennummer kreditkartennummer carte cartes bancaire bleue"
        ),
        "card",
    ),
    **dict.fromkeys(
        words(
            "ssn social ssn's nino itin taxpayer steuer-id steuerid steueridentifikationsnummer idnr "
            "sozialversicherungsnummer rentenversicherungsnummer versicherungsnummer sécu sécurité securite nir "
            "dni nif bsn burgerservicenummer pesel personnummer fødselsnummer cpr cpr-nummer hetu henkilötunnus "
            "fiscale rijksregisternummer niss insz ahv ahv-nummer avs aadhaar aadhar cpf tfn ppsn svnr reisepassnummer "
            "ausweisnummer"
        ),
        "ssn",
    ),
    **dict.fromkeys(
        words(
            "account accounts acct accts bank insurance acc ac a/c checking savings routing sort konto "
            "kontonummer kundennummer kundenkonto bankleitzahl blz compte client pin member membership policy customer "
            "vertragskonto rib"
        ),
        "account",
    ),
    **dict.fromkeys(
        words(
            "order orders ticket flight invoice version v build bug booking confirmation conformation reference ref "
            "tracking case serial model part item isbn issue release port claim zip postcode pincode patch commit rev "
            "revision room seat gate train bus route line kernel driver firmware sku product article parcel shipment "
            "package transaction bestellung bestellnummer rechnung rechnungsnummer vorgang vorgangsnummer sendung "
            "sendungsnummer auftrag auftragsnummer buchung buchungsnummer artikel artikelnummer flug zug kapitel seite "
            "commande facture dossier réf référence colis billet vol suivi réservation train ean vin imei page chapter "
            "year years since until date dated ip pid uid timestamp epoch bytes size about around over under than only "
            "approximately roughly costs cost paid pay price $ € £"
        ),
        "other",
    ),
}
_WORD = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*°?|[#$€£:=]")
_YES = words("yes yeah yep sure ok okay ya hi hello so um uh well certainly course here's oh sorry ja oui voici")
_LOOSE = words(
    "about around over under than only line year years date size case page since until part item model issue"
)
_WINDOW = 90
_LAST = frozenset({"last", "ending", "ends", "end", "letzten", "endet", "derniers", "finissant"})
_FOUR = frozenset({"four", "4", "digits", "vier", "ziffern", "quatre", "chiffres"})


@dataclass(frozen=True)
class Cue:
    """What a number is by the words before it, and whether they speak of its being a number at all."""

    meaning: Meaning = ""
    named: bool = False
    """A word such as "number" or "ending" stood between; `last_four` is the same for its end alone."""
    last_four: bool = False
    near: bool = False
    """The deciding word stands right before the number, with at most two others between."""


def cue_of_question(asked: str) -> Cue:
    """What a number is that answers a question: the last thing that was asked for."""
    for word in reversed(_WORD.findall(asked[-300:].casefold())):
        if (meaning := _meaning(word)) and not (meaning == "other" and word in _LOOSE):
            return Cue(meaning, named=True, near=True)
    return Cue()


def leads_up(text: str, start: int) -> bool:
    """Whether nothing but words that lead up to a number stands before `start`: it answers what was asked."""
    said = _WORD.findall(text[:start].casefold()) if start <= _WINDOW else ["?"]
    return all(word in _LINKS or word in _NUMBER_NOUNS or word in _YES for word in said)


def cue_before(text: str, start: int) -> Cue:
    """What the words before `start` make of a number there."""
    return _cue_at_end_of(text[max(0, start - _WINDOW) : start])


@lru_cache(maxsize=4096)
def _cue_at_end_of(written: str) -> Cue:
    """The same words stand before many numbers: of one form, one signature, one kind of question."""
    window = written.casefold()
    cut = max(window.rfind(". "), window.rfind("! "), window.rfind("? "))
    sentence = window[cut + 1 :] if cut >= 0 and not _abbreviated(window[:cut]) else window
    words = _WORD.findall(sentence)[-12:]
    passed: list[str] = []
    for place in range(len(words) - 1, -1, -1):
        word = words[place]
        meaning = _meaning(word)
        if meaning:
            national = word == "insurance" and words[max(0, place - 1)] == "national"
            return _cue("ssn" if national else meaning, passed)
        if word not in _LINKS and word not in _NUMBER_NOUNS:
            break
        passed.append(word)
    return _cue("", passed)


def _meaning(word: str) -> Meaning:
    return _MEANINGS.get(word) or _MEANINGS.get(word.removesuffix("'s").removesuffix("s"), "")


def _abbreviated(before: str) -> bool:
    return before.endswith((" no", " nr", "tel", "tél", "acc", "acct", "ph", " a", "mob"))


def _cue(meaning: Meaning, passed: list[str]) -> Cue:
    """`passed` are the words between, nearest to the number first."""
    nouns = [word for word in passed if word in _NUMBER_NOUNS]
    last = _LAST.intersection(nouns) and (_FOUR.intersection(nouns) or meaning)
    return Cue(meaning, bool(nouns), bool(last), len(passed) <= 2)
