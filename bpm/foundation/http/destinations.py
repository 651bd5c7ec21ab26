"""Where a request to the outside may go: pure rules over URLs and addresses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urlsplit

import idna

from bpm.foundation.errors import InvalidInputError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_PORTS = {"http": 80, "https": 443}
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff\\]")
_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"(.*\.)?(\d+|0x[0-9a-f]*)")
"""A last label that is a number makes all of it an IPv4 address (WHATWG URL, "ends in a number")."""
_EMBEDDING = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))
"""IPv6 networks that carry an IPv4 address in their last 32 bits (RFC 6052, 8215, 4291)."""
_NEVER = (ip_network("168.63.129.16/32"), ip_network("192.88.99.0/24"), ip_network("fec0::/10"))
"""Public by number alone: the inner service of a cloud, relays, and what once was site-local."""


class DestinationRefusedError(InvalidInputError):
    """A request may not go there; nothing was connected to."""


@dataclass(frozen=True)
class Destination:
    """A URL taken apart and found well-formed; `host` is lower case, without the final dot, in ASCII."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query, quoted."""

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """What stands in the Host header (RFC 9110, 7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


@dataclass(frozen=True)
class AllowList:
    """Destinations inside the own network that may be reached all the same."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def admits(self, host: str, address: Address) -> bool:
        """Whether a request to `host`, which is at `address`, may go out."""
        inner = embedded(address)
        named = host in self.hosts or any(each in network for each in (address, inner) for network in self.networks)
        return named or (is_public(address) and is_public(inner))


def parse_allow_list(entries: Iterable[str]) -> AllowList:
    """Host names, addresses and networks (10.1.0.0/16); InvalidInputError names the entry that is none."""
    hosts, networks = set(), []
    for entry in entries:
        try:
            networks.append(ip_network(entry.strip("[]")))
        except ValueError:
            hosts.add(_host(entry, entry))
    return AllowList(frozenset(hosts), tuple(networks))


def parse_destination(url: str) -> Destination:
    """Take `url` apart; DestinationRefusedError unless it is a plain http or https URL without credentials."""
    if _UNPRINTABLE.search(url):
        raise _refused(url, "It holds blanks, backslashes or control characters.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused(url, f"It is no URL: {error}.") from error
    if parts.scheme not in _PORTS:
        raise _refused(url, "Only http and https are spoken.")
    if "@" in parts.netloc:
        raise _refused(url, "It carries credentials; keep them as a secret.")
    if not parts.hostname or port == 0:
        raise _refused(url, "It names no host and port.")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
        f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
    )
    return Destination(parts.scheme, _host(parts.hostname, url), port or _PORTS[parts.scheme], target)


def _host(name: str, url: str) -> str:
    """The host as it is looked up: an address, or a name in ASCII (UTS 46) without its final dot."""
    bare = name.lower()
    if ":" in bare:
        return _literal(bare, url)
    try:
        ascii_only = bare if bare.isascii() else idna.encode(bare, uts46=True).decode()
    except idna.IDNAError as error:
        raise _refused(url, f"{name!r} is no host name: {error}.") from error
    ascii_only = ascii_only.removesuffix(".")
    if _NUMBER.fullmatch(ascii_only):
        return _literal(ascii_only, url)
    if not _NAME.fullmatch(ascii_only):
        raise _refused(url, f"{name!r} is no host name.")
    return ascii_only


def _literal(text: str, url: str) -> str:
    """An address in its one plain form; octal, hexadecimal, shortened and scoped ones are refused."""
    try:
        address = ip_address(text)
    except ValueError as error:
        raise _refused(url, f"{text!r} is no address in its plain form.") from error
    if "%" in text:
        raise _refused(url, "An address with a zone belongs to this machine alone.")
    return str(address)


def embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address carries (mapped, 6to4, Teredo, NAT64, compatible), or the address."""
    if isinstance(address, IPv4Address):
        return address
    teredo = address.teredo
    inner = address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
    if inner is not None:
        return inner
    if any(address in network for network in _EMBEDDING):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether the address is one of the internet's: not private, loopback, link-local, multicast or reserved."""
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    if isinstance(address, IPv6Address) and embedded(address) != address:
        return is_public(embedded(address))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _refused(url: str, why: str) -> DestinationRefusedError:
    bare = re.sub(r"//[^/?#]*@", "//", url.partition("?")[0])  # credentials and queries are not for messages
    return DestinationRefusedError(
        _printable(why), place=_printable(bare), remedy="Give an address such as https://example.org/path."
    )


def _printable(text: str) -> str:
    """The text without a character that could break a line or hide another."""
    return re.sub(r"[^ -~]", "?", text.encode("ascii", "backslashreplace").decode())[:200]
