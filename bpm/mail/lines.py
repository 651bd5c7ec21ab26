"""Open connections to mail servers that the mails of one block go over, one after the other."""

from collections.abc import Sequence

from bpm.foundation.telemetry import logger
from bpm.mail.composing import Letter
from bpm.mail.server import Server
from bpm.mail.smtp import Answer, MailServerError, Outcome, Post

log = logger(__name__)


class Line:
    """Each server is connected to for its first mail and let go with the block.

    One that could not be reached is left alone till then, so that the mails behind do not wait for it again.
    """

    def __init__(self) -> None:
        self._posts: dict[Server, Post] = {}
        self._away: dict[Server, MailServerError] = {}

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_error: object) -> None:
        for post in self._posts.values():
            post.__exit__()

    def hand_over(self, servers: Sequence[Server], letter: Letter) -> Answer:
        """Give one mail to the first server that can be reached and lets us in; LATER when none does.

        REFUSED when the mail cannot be composed. What a server said about the mail itself counts: no other is tried.
        """
        words: list[str] = []
        for server in servers:
            try:
                return self._open(server).send(letter)
            except MailServerError as error:
                words.append(error.message)
            except (ValueError, LookupError, UnicodeError) as error:
                log.exception("a mail cannot be composed")
                return Answer(Outcome.REFUSED, f"It cannot be composed: {type(error).__name__}.")
        return Answer(Outcome.LATER, " ".join(words))

    def _open(self, server: Server) -> Post:
        if server in self._away:
            raise self._away[server]
        post = self._posts.setdefault(server, Post(server))
        try:
            post.open()
        except MailServerError as error:
            log.warning("a mail server is not to be had", host=server.host, because=error.message)
            self._away[server] = error
            raise
        return post
