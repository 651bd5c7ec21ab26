"""Who speaks in a mail: its sender, or the customer for whom a form, a group or a list sent it."""

import re
from dataclasses import dataclass
from email.message import Message

from bpm.feedback.channels.mbox.headers import addresses, all_of, first_address

_MACHINE = re.compile(
    r"(?:no|not|do-?not|dont|nicht|keine?|ne-?pas|non|nao)[-_.]?(?:reply|replies|responder?|repondre|antwort(?:en)?|"
    r"rispondere|answer)\b|"
    r"(?:no-?reply|web-?form(?:s|ular)?|web-?site|www(?:-data|user)?|forms?|form-?mailer|formmail|formular|"
    r"kontakt-?formular|contact-?form|formulaire|formulario|wordpress|typo3|drupal|joomla|notifications?|notify|"
    r"mailer|auto-?mailer|system|robot|apache|nginx|nobody|postmaster|web-?master|web|cgi|shop-?system)"
    r"(?:[-_.+]|$)",
    re.IGNORECASE,
)
"""Local parts that machines send from: nobody is behind them."""

_VIA = re.compile(
    r"""^\s*['"‘“]?(.{1,200}?)['"’”]?\s+"""
    r"""(?:via|über|par|durch|tramite|przez|за допомогою|через)\s+.{1,200}$""",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|rocketmail|aol|icloud|me|mac|gmx|web|mail|email|inbox|"
    r"freenet|t-online|posteo|mailbox|proton|protonmail|pm|tutanota|tuta|zoho|fastmail|hey|yandex|ya|bk|list|rambler|"
    r"qq|163|126|sina|naver|daum|hanmail|orange|wanadoo|free|laposte|sfr|libero|virgilio|tiscali|alice|tin|wp|o2|onet|"
    r"interia|seznam|centrum|email|abv|ukr|i|btinternet|sky|virginmedia|comcast|verizon|att|sbcglobal|cox|bigpond|"
    r"optusnet|telenet|skynet|ziggo|kpnmail|xs4all|telia|bredband|online|freemail|citromail|uol|bol|terra)"
    r"\.(?:[a-z]{2,4}|co\.[a-z]{2}|com\.[a-z]{2}|ne\.jp)",
    re.IGNORECASE,
)
"""Domains at which anybody may have a mailbox: two addresses there are two strangers."""


@dataclass(frozen=True)
class Sender:
    """Who speaks."""

    name: str
    address: str
    """Empty: nobody knows."""


@dataclass(frozen=True)
class House:
    """Whose mailbox it is: addresses and `@domain`s that are the company's own for certain."""

    own: frozenset[str]

    def has(self, address: str) -> bool:
        """Whether the address is one of the company's own."""
        address = address.lower()
        return address in self.own or f"@{_domain(address)}" in self.own

    def is_near(self, address: str, message: Message) -> bool:
        """Whether the address is the company's own, or of the domain of its mailbox or of whom the mail went to."""
        domain = _domain(address.lower())
        if self.has(address):
            return True
        if not domain or _FREE.fullmatch(domain):
            return False
        if any(domain == _domain(each) for each in self.own):
            return True
        return any(domain == _domain(each.lower()) for each in recipients(message, ("to",)))

    def went_out(self, address: str, message: Message) -> bool:
        """Whether somebody at the mailbox's own domain wrote to somebody outside: the company's own words."""
        domain = _domain(address.lower())
        if not domain or _FREE.fullmatch(domain) or not any(domain == _domain(each) for each in self.own):
            return False
        to = recipients(message, ("to",))
        return bool(to) and not any(_domain(each.lower()) == domain for each in to)


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def recipients(message: Message, names: tuple[str, ...] = ("to", "cc")) -> list[str]:
    """Addresses that the mail went to; at most 50."""
    return [each for name in names for line in all_of(message, name)[:3] for _, each in addresses(line)][:50]


def is_machine(address: str) -> bool:
    """Whether the address is one that no person reads."""
    return bool(_MACHINE.match(address.partition("@")[0]))


def sender_of(message: Message, house: House) -> Sender | None:
    """Who speaks; None when the mail names nobody at all."""
    name, address = _written_sender(message)
    original = _of_group(message, name, address)
    if original is not None:
        return original
    if not address:
        return None
    if not is_machine(address) and not house.is_near(address, message):
        return Sender(name, address)
    reply = _reply_to(message, house, address)
    if reply is not None:
        return reply
    return Sender(name, "") if is_machine(address) and not house.has(address) else Sender(name, address)


def _written_sender(message: Message) -> tuple[str, str]:
    for name in ("from", "sender", "reply-to"):
        found = first_address(message, name)
        if found[1]:
            return found
    return "", ""


def _of_group(message: Message, name: str, address: str) -> Sender | None:
    """Who wrote to a group or list that put its own address into From."""
    via = _VIA.match(name)
    reply_name, reply = first_address(message, "reply-to")
    for header in ("x-original-from", "x-original-sender"):
        person, original = first_address(message, header)
        if original and original.lower() != address.lower() and (via or _is_listed(message)):
            known = reply_name if reply.lower() == original.lower() else ""
            return Sender(person or known or (via[1] if via else ""), original)
    if via and reply and reply.lower() != address.lower():
        return Sender(reply_name or via[1], reply)
    return None


def _is_listed(message: Message) -> bool:
    return any(message.get(each) for each in ("List-Id", "List-Post", "X-Google-Group-Id", "X-Original-Sender"))


def _reply_to(message: Message, house: House, address: str) -> Sender | None:
    for line in all_of(message, "reply-to")[:1]:
        for name, found in addresses(line)[:5]:
            if found.lower() != address.lower() and not is_machine(found) and not house.is_near(found, message):
                return Sender(name, found)
    return None
