"""What the provider gave is kept here while a second proof is owed: a token may be longer than a cookie can be.

The cookie holds a word of 128 random bits; what it stands for is sealed under the word's hash, is taken once, and goes
after a while where nobody comes for it.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

import orjson

from bpm.foundation.errors import NotFoundError, SecretUnreadableError
from bpm.foundation.work import Transactions, Work
from bpm.secrets import Owner, forget_secret, forget_secrets, get_secret, put_secret

KIND = "provider_arrival"
KEPT_FOR = timedelta(minutes=10)
"""How long a second proof may take."""
LONGEST = 1_000_000
"""Characters of what a provider gives at most; answers of other systems are shorter."""


@dataclass(frozen=True)
class FromProvider:
    """What the provider calls its session, and the token that it gave; both empty for another way in."""

    session: str = ""
    id_token: str = field(default="", repr=False)


def keep_arrival(work: Work, came_by: FromProvider) -> str:
    """Keep it until the second proof; gives the word by which it is taken up."""
    word = secrets.token_urlsafe(16)
    put_secret(work, _owner(word), orjson.dumps([came_by.session, came_by.id_token]).decode(), longest=LONGEST)
    return word


def take_arrival(work: Work, word: str) -> FromProvider:
    """What was kept under the word, which opens nothing afterwards; empty where nothing is, or it is too long ago."""
    owner = _owner(word)
    try:
        kept = FromProvider(*orjson.loads(get_secret(work, owner, since=work.now() - KEPT_FOR)))
    except (NotFoundError, SecretUnreadableError):
        return FromProvider()
    forget_secret(work, owner)
    return kept


def forget_arrivals(transactions: Transactions) -> int:
    """Delete what nobody came for; gives 0: it is no work that anybody waits for."""
    forget_secrets(transactions, KIND, older_than=KEPT_FOR)
    return 0


def _owner(word: str) -> Owner:
    return Owner(KIND, hashlib.sha256(word.encode(errors="surrogatepass")).hexdigest())
