"""Who is nobody: what forms, exports and services write where a name, address, number or id would stand."""

import re

_WORDS = frozenset(
    """
    anonymous anonym anonyme anónimo anonimo anoniem anonymous-user anonymoususer anonymous_user anon unknown unbekannt
    inconnu desconocido desconhecido sconosciuto onbekend none null nil nan na n/a n.a. n.a #n/a undefined empty blank
    deleted removed [deleted] [removed] (deleted) <deleted> deleted_user deleteduser [deleted-user] deletedaccount
    gelöscht supprimé eliminado guest gast invitado user nobody no-one noname noone not-given notgiven keine ohne test
    tba tbd private withheld redacted [redacted] hidden x xx xxx
    """.split()  # noqa: SIM905 -- a table of words
)
_PHRASES = frozenset(
    (
        "not provided", "not available", "not applicable", "no name", "no email", "google user", "a google user",
        "ein google-nutzer", "deleted user", "deleted account", "facebook user", "name withheld", "keine angabe",
        "anonymous user", "guest user", "unknown user", "unknown caller", "private number", "no reply",
    )
)  # fmt: skip
_LOCAL_NOBODY = re.compile(
    r"(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|donotreply|mailer-daemon|postmaster|bounces?|notifications?"
    r"|none|noone|nobody|null|no|na|n/a|noemail|no-?email|nomail|anonymous|anon|unknown|deleted|test|x{2,3}|a{2,3}|abc|asdf)"
    r"(?:[+._-].*)?"
)
_ALWAYS_NOBODY = re.compile(r"(?:no-?_?\.?reply|do-?_?\.?not-?_?\.?reply|donotreply|mailer-daemon)(?:[+._-].*)?")
_DOMAIN_NOBODY = re.compile(
    r"(?:none|no|noemail|nomail|na|null|test|mail|email|example|unknown|anonymous|x{1,3}|a{1,3}|abc)"
    r"\.(?:com|org|net|de|invalid|local|test)"
)


def is_nobody(written: str) -> bool:
    """Whether a name, handle or id stands for nobody in particular: `[deleted]`, N/A, a dash, zeros."""
    plain = " ".join(written.split()).strip("\"'").casefold()
    if not plain or not any(sign.isalnum() for sign in plain):
        return True
    return plain in _WORDS or plain.strip("[]()<>{}-_.") in _WORDS | {""} or plain in _PHRASES or not plain.strip("0-")


def is_nobodys_email(address: str) -> bool:
    """Whether nobody in particular is reached there: noreply@..., none@none.com."""
    local, at, domain = address.strip().casefold().rpartition("@")
    if not at:
        return is_nobody(address)
    if _ALWAYS_NOBODY.fullmatch(local) or local.endswith(("-noreply", ".noreply", "_noreply", "-no-reply")):
        return True
    return domain.endswith(".invalid") or bool(_LOCAL_NOBODY.fullmatch(local) and _DOMAIN_NOBODY.fullmatch(domain))


def is_nobodys_phone(digits: str) -> bool:
    """Whether a number is what people type to get on: one digit again and again, or counted up."""
    plain = re.sub(r"\D", "", digits)
    if len(set(plain)) <= 1:
        return True
    counted = "01234567890123456789"
    return len(plain) >= 6 and (plain in counted or plain in counted[::-1])
