"""Sends one answer as a mail.

Its Message-ID is made from the key of the `Outgoing`, so that it is the same at every try: mail programs show it once,
and a report about it names the message, even one that comes before our own record of the sending. In-Reply-To and
References are those of RFC 5322, 3.6.4. What the author writes stands in the text; nothing of it becomes a header.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from bpm import mail
from bpm.feedback.connectors.connection import Connection, Kept
from bpm.feedback.connectors.mail.answered import answered
from bpm.feedback.connectors.sending import Accepted, NotNowError, Outgoing, RefusedError, WayOut
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

OWN_ID = r"<[0-9a-f]{40}@[^<>\s]{1,253}>"
"""How `message_id_of` looks."""
CONVERSATION = "conversation"
PLACES = ("smtp", "second_smtp", "third_smtp")
"""Beginnings of the settings of a sender's mail servers, in the order in which they are tried."""
UNSUBSCRIBE = "List-Unsubscribe"
"""The one header that a caller may set: an address that takes a POST without further questions (RFC 8058)."""
MOST_BYTES = 18_000_000
"""Of all files of a mail: many servers take 25 MB with the encoding."""


class PerhapsSentError(EarshotError):
    """The connection broke when all was said: nobody knows whether the server took it."""


def settings_of(work: Work, address: str) -> tuple[dict[str, str], dict[str, str]]:
    """(settings, secrets) of a connection that sends as that address; for an unknown one as the company's.

    EarshotError when there is no mail server for it.
    """
    sender = mail.find_sender(work, address)
    if sender is None:
        raise EarshotError(_("Mail is not set up."), remedy=mail.NOT_SET_UP)
    servers = mail.servers_of(work, sender)
    settings = {
        "address": sender.address,
        "name_pattern": sender.name_pattern,
        "reply_to": sender.reply_to,
        "signature": sender.signature,
    }
    secrets = {}
    for place, server in zip(PLACES, servers, strict=False):
        told = {"host": server.host, "port": str(server.port), "tls": server.tls, "user": server.user}
        settings |= {f"{place}_{name}": value for name, value in told.items()}
        secrets[f"{place}_password"] = server.password
    return settings, secrets


def own_addresses(work: Work) -> tuple[str, ...]:
    """Every address that mails of ours come from: what arrives from there is nobody's voice."""
    company = mail.company_sender(work)
    return (*([company.address] if company else []), *(each.address for each in mail.list_senders(work)))


def message_id_of(key: str, address: str) -> str:
    """The Message-ID of the mail with that key, sent as that address."""
    told = hashlib.sha256(key.encode()).hexdigest()[:40]
    return f"<{told}@{address.rpartition('@')[2]}>"


def _send(connection: Connection, outgoing: Outgoing) -> Accepted:
    if connection.kept is None:
        with Kept() as kept:
            return _send(replace(connection, kept=kept), outgoing)
    letter = _letter(connection.settings, outgoing, connection)
    answer = connection.kept.get(mail.Line).hand_over(_servers(connection), letter)
    if answer.outcome is mail.Outcome.SENT:
        return Accepted(letter.message_id)
    if answer.outcome is mail.Outcome.LATER:
        raise NotNowError(answer.words, remedy=_("It is tried again by itself."))
    if answer.outcome is mail.Outcome.REFUSED:
        raise RefusedError(answer.words, remedy=_("Look at the address, and whether this sender may write there."))
    raise PerhapsSentError(answer.words, remedy=_("Look whether it arrived, before you send it again."))


def _servers(connection: Connection) -> list[mail.Server]:
    settings, secrets = connection.settings, connection.secrets
    return [
        mail.Server(
            settings[f"{place}_host"],
            int(settings[f"{place}_port"]),
            settings[f"{place}_tls"],
            settings["address"],
            settings.get(f"{place}_user", ""),
            secrets.get(f"{place}_password", ""),
        )
        for place in PLACES
        if settings.get(f"{place}_host")
    ]


def _letter(settings: Mapping[str, str], outgoing: Outgoing, connection: Connection) -> mail.Letter:
    """RefusedError when no mail can be like this: whatever would be another header is no address and no subject."""
    if sum(len(each.content) for each in outgoing.files) > MOST_BYTES:
        told = {"number": MOST_BYTES // 1_000_000}
        raise RefusedError(_("Its files are larger than %(number)s MB.") % told, remedy=_("Send a link to them."))
    odd = set(outgoing.headers) - {UNSUBSCRIBE}
    if odd:
        raise RefusedError(_("A mail of ours has no header %(name)s.") % {"name": min(odd)[:40]})
    is_conversation = outgoing.kind == CONVERSATION
    name = outgoing.from_name
    pattern = settings.get("name_pattern") or "{author}"
    shown = mail.one_line(pattern.replace("{author}", name)) if is_conversation and name else mail.one_line(name)
    text = mail.with_signature(outgoing.text, settings.get("signature", ""))
    thread = outgoing.answers
    try:
        return mail.Letter(
            sender=mail.named(shown, settings["address"]),
            to=mail.check_address(outgoing.to),
            subject=mail.check_subject(outgoing.subject or _("Your message to us")),
            text=text,
            html=outgoing.html or mail.html_of(text),
            message_id=message_id_of(outgoing.key, settings["address"]),
            written_at=connection.now,
            unsubscribe_url=_unsubscribe(outgoing.headers.get(UNSUBSCRIBE, "")),
            one_click=True,
            copies=tuple(mail.check_address(each) for each in outgoing.copies),
            reply_to=settings.get("reply_to", ""),
            in_reply_to=thread.remote_id,
            references=(*thread.references, *([thread.thread_id] if not thread.references else [])),
            files=tuple(mail.Enclosed(each.name, each.media_type, each.content) for each in outgoing.files),
            automatic=not is_conversation,
            language=outgoing.language,
        )
    except InvalidInputError as error:
        raise RefusedError(error.message, remedy=error.remedy) from error


def _unsubscribe(address: str) -> str | None:
    if not address:
        return None
    if not address.isascii() or not address.isprintable() or set(address) & set("<> ,"):
        raise InvalidInputError(_("This is no address that takes people off a list."), place=UNSUBSCRIBE)
    return address


WAY_OUT = WayOut(_send, answered=answered, shows_author=True, takes_files=True)
