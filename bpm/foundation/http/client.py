"""The one door to the outside: requests that go only where they may, within limits of time and size.

How a request is kept from inner addresses
1. The URL is taken apart once (`bpm.foundation.destinations`); odd spellings of addresses are refused, not guessed at.
2. Its host is looked up once. If any address of it is not public, nothing is connected to, unless the setting
   EARSHOT_OUTBOUND_ALLOWED names the host or the network.
3. The connection goes to the addresses that were looked at, never to the name, so that a second answer of the name
   server cannot lead elsewhere. TLS is verified against the name.
4. Where an answer leads on, the new URL goes through all of this again. Proxies of the environment are ignored.
"""

import socket
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from time import monotonic
from typing import Any
from urllib.parse import urljoin

import httpcore

from bpm.foundation.errors import EarshotError
from bpm.foundation.http.destinations import AllowList, Destination, DestinationRefusedError, parse_destination

Resolver = Callable[[str, int, float], Sequence[str]]
"""Gives the addresses of (host, port) within so many seconds; OSError when there are none."""

_NEUTRAL = frozenset({"accept", "accept-language", "user-agent"})
"""Headers that may follow a redirect to another origin: nothing that could be a credential."""
_LEADS_ON = frozenset({301, 302, 303, 307, 308})


class NoAnswerError(EarshotError):
    """The other side did not answer, not in time, or with more than is taken; it may have got the request."""


class NotReachedError(NoAnswerError):
    """Nothing was said to the other side: its name or the way to it was not found."""


@dataclass(frozen=True)
class Limits:
    """Of one call, redirects included: seconds, bytes of the answer's body, and how often it may lead on."""

    connect: float = 5.0
    read: float = 10.0
    total: float = 20.0
    size: int = 1_000_000
    redirects: int = 3


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers are lower case. `url` is where it came from in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def look_up(host: str, port: int, seconds: float) -> Sequence[str]:
    """The addresses that the system's resolver gives; it has no time limit of its own, so a thread waits for it."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            found.append(error)

    asking = threading.Thread(target=ask, name="earshot-look-up", daemon=True)
    asking.start()
    asking.join(seconds)
    if not found:
        raise TimeoutError(f"no answer within {seconds:.0f} s")
    if isinstance(found[0], OSError):
        raise found[0]
    return list(dict.fromkeys(str(entry[4][0]) for entry in found[0]))


@dataclass(frozen=True)
class OutboundClient:
    """Asks other systems over HTTP/1.1. Each call has a connection of its own."""

    allowed: AllowList = field(default_factory=AllowList)
    limits: Limits = field(default_factory=Limits)
    resolve: Resolver = look_up

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """Send and give the answer, whatever its status.

        GET and HEAD are led on by redirects; for other methods the redirect itself is the answer. Raises
        DestinationRefusedError (nothing was sent there) or NoAnswerError.
        """
        deadline = monotonic() + self.limits.total
        going, sending = parse_destination(url), {name.lower(): value for name, value in (headers or {}).items()}
        for _ in range(self.limits.redirects + 1):
            answer = self._once(method, going, sending, body, deadline)
            target = answer.headers.get("location", "")
            if not (method in {"GET", "HEAD"} and answer.status in _LEADS_ON and target):
                return answer
            onward = lead_on(going, target)
            if onward.origin != going.origin:
                sending = {name: value for name, value in sending.items() if name in _NEUTRAL}
            going = onward
        raise NoAnswerError(
            f"It led on more than {self.limits.redirects} times.", place=going.authority, remedy="Look at its address."
        )

    def addresses_of(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be connected to, for who speaks something else than HTTP there.

        Connect to these and never to the name. Raises DestinationRefusedError or NoAnswerError.
        """
        named = f"[{host}]" if ":" in host else host
        return self._addresses(parse_destination(f"http://{named}:{port}/"), monotonic() + self.limits.total)

    def _once(
        self, method: str, going: Destination, headers: Mapping[str, str], body: bytes | None, deadline: float
    ) -> Answer:
        backend = _Pinned(self._addresses(going, deadline), deadline)
        sending = [
            *{"user-agent": "Earshot", **headers, "host": going.authority, "accept-encoding": "identity"}.items()
        ]
        waits = {"connect": self.limits.connect, "read": self.limits.read, "write": self.limits.read}
        try:
            with (
                httpcore.ConnectionPool(network_backend=backend) as pool,
                pool.stream(
                    method, going.url, headers=sending, content=body, extensions={"timeout": waits}
                ) as response,
            ):
                received = self._read(response, going)
        except (httpcore.TimeoutException, TimeoutError) as error:
            raise _kind_of(error)("It did not answer in time.", place=going.authority, remedy="Try later.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
            said = " ".join(str(error).split())[:200]
            raise _kind_of(error)(
                f"It could not be asked: {said}.",
                place=going.authority,
                remedy="Look at its address and whether it is up.",
            ) from error
        names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return Answer(response.status, names, received, going.url)

    def _read(self, response: httpcore.Response, going: Destination) -> bytes:
        received = bytearray()
        for chunk in response.iter_stream():
            received += chunk
            if len(received) > self.limits.size:
                raise NoAnswerError(
                    f"Its answer is larger than {self.limits.size} bytes.",
                    place=going.authority,
                    remedy="Ask for less at once.",
                )
        return bytes(received)

    def _addresses(self, going: Destination, deadline: float) -> list[str]:
        """What the host's name stands for, looked up once; refused as a whole when one of them may not be reached."""
        try:
            found = self.resolve(going.host, going.port, max(0.0, min(self.limits.connect, deadline - monotonic())))
            addresses = [ip_address(each.partition("%")[0]) for each in found]
        except (OSError, ValueError) as error:
            raise NotReachedError(
                "Its name was not found.", place=going.authority, remedy="Look at its spelling and the name server."
            ) from error
        for address in addresses:
            if not self.allowed.admits(going.host, address):
                raise DestinationRefusedError(
                    f"{address} is not an address of the internet.",
                    place=going.authority,
                    remedy="If requests may go there, name it in EARSHOT_OUTBOUND_ALLOWED.",
                )
        return [str(address) for address in addresses]


def _kind_of(error: Exception) -> type[NoAnswerError]:
    """Whether anything was said to the other side before it went wrong."""
    return NotReachedError if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout) else NoAnswerError


def lead_on(going: Destination, target: str) -> Destination:
    """Where a redirect from `going` leads; DestinationRefusedError for no destination, or from https to http."""
    try:
        joined = urljoin(going.url, target)
    except ValueError:
        joined = target
    onward = parse_destination(joined)
    if going.scheme == "https" and onward.scheme == "http":
        raise DestinationRefusedError(
            "It leads on from https to http.", place=onward.authority, remedy="Ask its operator for an https address."
        )
    return onward


class _Pinned(httpcore.NetworkBackend):
    """Connects to the addresses that were looked at, whatever host is asked for, and ends all at the deadline."""

    def __init__(self, addresses: Sequence[str], deadline: float) -> None:
        self._addresses, self._deadline, self._sockets = addresses, deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError("its name stands for no address")
        for address in self._addresses:
            try:
                left = _left(self._deadline, timeout)
                return _Timed(self._sockets.connect_tcp(address, port, left, local_address), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


class _Timed(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline, so that an answer in drops cannot hold it open."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    """Seconds that may still be waited; httpcore.ReadTimeout when there are none."""
    left = deadline - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time for the whole call is over")
    return left if timeout is None else min(left, timeout)
