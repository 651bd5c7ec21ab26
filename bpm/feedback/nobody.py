"""Who is nobody: the words, addresses and numbers that stand where no person is named.

What people type to get on (none@none.com, 000000), what tools write for accounts that are gone ([deleted]) and what
machines send from (noreply@) would make one person of many strangers. A placeholder is kept with the item's words and
names nobody.
"""

import re
import unicodedata

_WORDS = frozenset(
    """
    anonymous anonym anonyme anonimo anon anonymus anoniem anonymized anonymised anonymoususer anonyymi anonim
    unknown unbekannt inconnu inconnue desconocido desconhecido sconosciuto onbekend okand ukjent ukendt tuntematon
    nieznany bilinmiyor unknownuser unknownsender unknowncaller unknownnumber
    deleted removed suspended deactivated deleteduser deletedaccount removeduser formeruser geloescht geloschtesmitglied
    supprime eliminado excluido redacted withheld hidden private privatenumber restricted blocked masked
    na none null nil undefined nan notavailable notapplicable notprovided notgiven notset notknown nichtangegeben
    keine keineangabe ninguno ninguna aucun nessuno nenhum geen unspecified blank empty missing tbd tba
    nobody noname noone someone somebody niemand user customer client guest visitor gast invite invitado visitante
    guestuser webuser appuser websitevisitor agoogleuser googleuser einnutzer amazoncustomer kindlecustomer
    acustomer averifiedcustomer verifiedcustomer verifiedbuyer redditor redditdeleted
    noreply donotreply noemail nomail nophone noname test testuser asdf asdfasdf qwerty xxx xx x foo foobar aaa abc
    """.split()  # noqa: SIM905 (a list to be read)
)
_LOCAL_PARTS = frozenset(
    """
    noreply donotreply dontreply doesnotreply neverreply replynot nonreply notreply autoreply autoresponder
    keineantwort nichtantworten bittenichtantworten nepasrepondre pasdereponse noresponder norespondas noresponda
    naoresponda naoresponder nonrispondere nietbeantwoorden nietreageren geenantwoord svaraej svarej svaraikke ikkesvar
    mailerdaemon postmaster bounce bounces bounced mailerbounce notification notifications notify automailer mailer
    none null nil na noemail nomail nomailaddress unknown anonymous anon anonym nobody noone undefined invalid
    test asdf qwerty xxx xx x aaa abc abcd a foo fake nope no
    """.split()  # noqa: SIM905 (a list to be read)
)
_SURE_LOCAL = re.compile(r"(no|do-?not|dont|never)[._-]?(reply|responder|answer)|mailer-?daemon|bounces?[+=-]")
_DOMAINS = re.compile(
    r"(.+\.)?(none|null|nomail|noemail|no-?mail|no-?email|no|na|nowhere|nope|fake|asdf|xxx|test)\.\w+"
)
_ENDINGS = (".invalid", ".test", ".localhost", ".none")
_ODD_LOCALS = frozenset(("test", "a", "x", "xx", "no", "na", "abc", "abcd", "aaa", "foo", "fake", "nope"))
"""Local parts that are somebody's at a house of their own, so they are nobody's only at these domains."""
_ANYWHERE = frozenset(("test.com", "a.com", "b.com", "x.com", "aa.com", "abc.com", "mail.com", "email.com"))


def is_nobody(written: str) -> bool:
    """Whether a name, handle or id is a placeholder; empty is one, too."""
    folded = _folded(written)
    return not folded or folded in _WORDS or bool(re.fullmatch(r"0+|([^\W\d])\1{3,}", folded))


def is_nobodys_email(address: str) -> bool:
    """Whether a plain address (local@domain, lower case) is a placeholder or a machine's."""
    local, _at, domain = address.partition("@")
    plain = _folded(re.split(r"[+]", local)[0])
    if plain.endswith(("noreply", "donotreply")):
        return True
    if _SURE_LOCAL.match(local) or domain.endswith(_ENDINGS) or _DOMAINS.fullmatch(domain):
        return True
    if plain in _ODD_LOCALS:
        return domain in _ANYWHERE
    return plain in _LOCAL_PARTS


def is_nobodys_phone(digits: str) -> bool:
    """Whether a number is what people type to get on: one digit over and over, or counting up or down."""
    bare = re.sub(r"\D", "", digits)
    ends = (bare, bare[1:], bare[2:], bare[3:])
    return any(
        len(part) >= 5 and (len(set(part)) == 1 or part in "01234567890123456789" or part in "98765432109876543210")
        for part in ends
    )


def _folded(written: str) -> str:
    """Letters and digits alone, without marks and case."""
    beginning = written[:400]
    plain = beginning.lower() if beginning.isascii() else unicodedata.normalize("NFKD", beginning).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
