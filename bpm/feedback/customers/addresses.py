"""Contact points as sources write them, brought into one notation each."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import idna
import phonenumbers

from bpm.feedback.nobody import is_nobody, is_nobodys_email, is_nobodys_phone
from bpm.feedback.raw_item import RawItem

LONGEST_WRITTEN = 400
"""Characters of an address that are looked at."""
_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"']{1,64}@[^@\s<>()\[\],;:\"']+\.[^@\s<>()\[\],;:\"'.]{2,}")
_EXTENSION = r"(?:\s*(?:;?\s*(?:ext|extn|extension|x|app|dw|durchwahl|poste)\.?[\s:=]*|#)(\d{1,6}))?"
_PHONE = re.compile(rf"(\+?[\d\s()./\u2010-\u2015\-\u00a0]+?){_EXTENSION}\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """A contact point, normalised; `scope` is the source for ids and handles, which are unique only there."""

    kind: str
    scope: str
    value: str


def addresses_of(raw: RawItem, region: str = "", own: Collection[Address] = ()) -> list[Address]:
    """The contact points that an item tells, the surest first.

    What is no address, a placeholder (see `bpm.feedback.nobody`) or the company's own is left out. `region` is where
    numbers without a country are dialled (ISO 3166, such as GB; empty: they stay as they are).
    """
    told = (
        ("id", raw.source, "" if not raw.author_id or is_nobody(raw.author_id) else raw.author_id.strip()),
        ("email", "", email_of(raw.author_email) if raw.author_email else ""),
        ("phone", "", phone_of(raw.author_phone, region) if raw.author_phone else ""),
        ("handle", raw.source, handle_of(raw.author_handle) if raw.author_handle else ""),
    )
    found = [Address(kind, scope, value) for kind, scope, value in told if value]
    return [each for each in found if each not in own and _anywhere(each) not in own] if own else found


def _anywhere(address: Address) -> Address:
    """The company's own account is its own on every source, unless it says where."""
    return Address(address.kind, "", address.value)


def email_of(written: str) -> str:
    """The address in `Ann <ann@example.org>`, `mailto:ann@example.org?subject=...` and the like; empty for none.

    The domain is compared as it is asked for (IDNA 2008), the local part without case, as every large house does.
    """
    text = re.sub(r"(?i)^\s*<?\s*mailto:", "", written[:LONGEST_WRITTEN]).split("?")[0]
    found = _EMAIL.search(text)
    if found is None or len(found[0]) > 320:
        return ""
    local, _at, domain = found[0].lower().strip(".").partition("@")
    value = f"{local}@{_domain(domain)}"
    return "" if is_nobodys_email(value) else value


def _domain(written: str) -> str:
    if written.isascii():
        return written
    try:
        return idna.encode(written, uts46=True).decode()
    except idna.IDNAError:
        return written


def phone_of(written: str, region: str = "") -> str:
    """The number by ITU E.164 (`+491711234567`), with `;ext=12` for an extension; empty for none.

    A number without a country and without a `region` keeps its digits: nobody knows whose of many lands it is.
    """
    text = re.sub(r"(?i)^\s*<?\s*(tel|callto|sms|whatsapp):", "", written[:100]).strip(" <>")
    text = re.sub(r"\(0\)", "", text)
    found = _PHONE.fullmatch(text)
    if found is None:
        return ""
    return _number(found[1].strip(), found[2] or "", region)


@lru_cache(maxsize=4096)
def _number(number: str, extension: str, region: str) -> str:
    digits = re.sub(r"\D", "", number)
    if number.startswith("00") and not region:
        number = f"+{digits[2:]}"
    if not 6 <= len(digits) <= 17 or is_nobodys_phone(digits):
        return ""
    value = _e164(number, region) or (f"+{digits}" if number.startswith("+") else digits)
    if is_nobodys_phone(value) or len(re.sub(r"\D", "", value)) > 15:
        return ""
    return f"{value};ext={extension}" if extension else value


def _e164(number: str, region: str) -> str:
    try:
        parsed = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def is_region(code: str) -> bool:
    """Whether numbers of that land are known (ISO 3166, two letters)."""
    return code in phonenumbers.SUPPORTED_REGIONS


def handle_of(written: str) -> str:
    """An account's name without @ and case; empty for placeholders."""
    value = written.strip().lstrip("@").lower()
    return "" if is_nobody(value) else value


def parse_address(written: str, region: str = "") -> Address | None:
    """What a person typed: an e-mail address, a phone number or an @account; None when it is nothing of the kind."""
    text = written.strip()
    if value := email_of(text):
        return Address("email", "", value)
    if value := phone_of(text, region):
        return Address("phone", "", value)
    account = re.fullmatch(r"@([^\s@]{1,100}(@[^\s@]{1,200})?)", text)
    return Address("handle", "", handle_of(account[1])) if account and handle_of(account[1]) else None
