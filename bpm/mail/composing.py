"""A mail as bytes: headers, text and HTML as RFC 5322 and MIME want them; pure."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

_POLICY = SMTP.clone(cte_type="7bit", raise_on_defect=True)
"""Lines end with CRLF, and what is not ASCII is encoded, so that no extension of the server is needed."""


@dataclass(frozen=True)
class Letter:
    """What a mail says, and to whom."""

    sender: str
    """With or without a name before it: Earshot <earshot@example.com>."""
    to: str
    subject: str
    text: str
    html: str | None
    message_id: str
    written_at: datetime
    unsubscribe_url: str | None = None


def compose(letter: Letter) -> bytes:
    """The mail, ready for DATA except for its dots."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines leave it alone
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message.as_bytes()
