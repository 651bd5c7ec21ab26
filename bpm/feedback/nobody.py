"""Who is nobody: the words, addresses and numbers that stand where no person is named.

What people type to get on (none@none.com, 000000), what tools write for accounts that are gone ([deleted]) and what
machines send from (noreply@) would make one person of many strangers. A placeholder is kept with the item's words and
names nobody.
"""

import re
import unicodedata
from functools import lru_cache

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
    acustomer averifiedcustomer verifiedcustomer verifiedbuyer redditor redditdeleted ghost deletedgithubuser
    eingooglenutzer googlenutzer unutilisateurdegoogle utilisateurgoogle unusuariodegoogle usuariodegoogle
    unutentegoogle utentegoogle umusuariodogoogle usuariodogoogle eengooglegebruiker googlegebruiker uzytkownikgoogle
    facebookuser facebooknutzer facebookmember instagramuser twitteruser trustpilotuser trustpilotnutzer
    trustpilotreviewer yelpuser appleuser appstoreuser nutzer benutzer utilisateur usuario utente utilizador gebruiker
    uzytkownik kunde kundin klant cliente klient kund asiakas zakaznik ugyfel musteri
    nocallerid callerid callerunknown privatecaller privatename withheldnumber numberwithheld unavailable
    unterdruckt unterdrueckt unbekannterteilnehmer anonymeranrufer numeroprive numeromasque numerooculto
    numeroprivato nn namenlos sansnom sinnombre senzanome semnome zondernaam beznazwiska
    匿名 匿名用户 匿名使用者 匿名希望 匿名さん 名無し 名無しさん 非公開 未知 不明 未登録 已注销 游客 訪客 访客 ゲスト
    익명 익명사용자 비공개 알수없음 게스트 анон аноним анонимно анонимныи неизвестно неизвестныи гость пользователь
    анонім анонімно невідомо гість ανωνυμοσ αγνωστοσ επισκεπτησ אנונימי אורח לאידוע مجهول ضيف غيرمعروف
    ไม่ระบุชื่อ ไม่ระบุ khach andanh tanpanama anonimowy anonimowo nevtelen anonymni misafir isimsiz
    noreply donotreply noemail nomail nophone noname test testuser asdf asdfasdf qwerty xxx xx x foo foobar aaa abc
    """.split()  # noqa: SIM905 (a list to be read)
)
_ABBREVIATED = re.compile(r"k\.\s?a\.?|n\.\s?n\.?|s\.\s?o\.?|-1", re.IGNORECASE)
"""What would be a name without its dots or sign: `k.A.`, `N.N.`, and the number of programs for nobody."""

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
    if not folded or folded in _placeholders():
        return True
    return bool(re.fullmatch(r"0+|([^\W\d])\1{3,}", folded) or _ABBREVIATED.fullmatch(written[:20].strip()))


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
    return plain in _LOCAL_PARTS or (plain in _placeholders() and plain == _folded(domain.partition(".")[0]))


_SPELT = frozenset(("266696687", "7378742833", "2562533", "8566696", "8656696", "86282452253"))
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN (two ways) and UNAVAILABLE on a telephone's keys, as networks send them."""


def is_nobodys_phone(digits: str) -> bool:
    """Whether a number is what people type to get on, one digit over and over or counting, or a word of a network."""
    bare = re.sub(r"\D", "", digits)
    if bare.lstrip("0") in _SPELT:
        return True
    ends = (bare, bare[1:], bare[2:], bare[3:])
    return any(
        len(part) >= 5 and (len(set(part)) == 1 or part in "01234567890123456789" or part in "98765432109876543210")
        for part in ends
    )


@lru_cache(maxsize=1)
def _placeholders() -> frozenset[str]:
    return frozenset(map(_folded, _WORDS))


def _folded(written: str) -> str:
    """Letters and digits alone, without marks and case."""
    beginning = written[:400]
    plain = beginning.lower() if beginning.isascii() else unicodedata.normalize("NFKD", beginning).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
