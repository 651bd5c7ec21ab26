"""The one door to the outside: nothing inner is connected to, and nothing outer can hold or flood us."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.http.client import Limits, NoAnswerError, OutboundClient, lead_on
from bpm.foundation.http.destinations import (
    AllowList,
    DestinationRefusedError,
    is_public,
    parse_allow_list,
    parse_destination,
)

Serve = Callable[[socket.socket], None]
INNER = {"inner.test": ["10.0.0.7"], "both.test": ["93.184.216.34", "127.0.0.1"], "mapped.test": ["::ffff:10.1.2.3"]}
LOCAL = parse_allow_list(["127.0.0.0/8"])

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://168.63.129.16/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:53aa:64c:0:0:80ff:fffe]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://inner.test/",
    "http://INNER.test./",
    "http://both.test/",
    "http://mapped.test/",
    "http://user:pass@93.184.216.34/",
    "http://93.184.216.34@127.0.0.1/",
    "http://93.184.216.34\\@127.0.0.1/",
    "http://93.184.216.34/\r\nHost: inner.test",
    "http://93.184.216.34/a b",
    "http://exa\tmple.test/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:0/",
    "http:///nowhere",
    "http://-bad-.test/",
    "http://[::1",
    "ftp://93.184.216.34/",
    "file:///etc/passwd",
    "gopher://93.184.216.34:70/_x",
    "javascript:alert(1)",
    "//93.184.216.34/",
    "",
]


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was connected to, with nothing connected to."""
    tried: list[object] = []

    def refuse(address: object, *_args: object, **_options: object) -> socket.socket:
        tried.append(address)
        raise OSError("no connection in this test")

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


def known(host: str, port: int, seconds: float) -> Sequence[str]:
    """A name server that knows the hosts above, this machine, and addresses as they stand."""
    if host == "localhost":
        return ["127.0.0.1", "::1"]
    return INNER.get(host) or [str(ip_address(host))]


@pytest.mark.parametrize("url", HOSTILE)
def test_an_inner_or_odd_destination_is_refused_before_anything_is_connected_to(
    url: str, connects: list[object]
) -> None:
    with pytest.raises(DestinationRefusedError) as refused:
        OutboundClient(resolve=known).request("GET", url)
    assert connects == []
    assert refused.value.remedy
    assert "pass" not in refused.value.place.replace("passwd", "")
    assert "\n" not in str(refused.value)


def test_a_name_server_that_answers_otherwise_the_second_time_is_asked_once_only(connects: list[object]) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int, seconds: float) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    with pytest.raises(NoAnswerError):
        OutboundClient(resolve=rebinding).request("GET", "http://rebinding.test/")
    assert asked == ["rebinding.test"]
    assert connects == [("93.184.216.34", 80)]


def test_a_name_that_is_moved_inward_between_two_calls_is_refused_at_the_second(connects: list[object]) -> None:
    answers = iter([["93.184.216.34"], ["169.254.169.254"]])
    client = OutboundClient(resolve=lambda _host, _port, _seconds: next(answers))
    with pytest.raises(NoAnswerError):
        client.request("GET", "http://rebinding.test/")
    with pytest.raises(DestinationRefusedError):
        client.request("GET", "http://rebinding.test/")
    assert connects == [("93.184.216.34", 80)]


def test_a_name_that_nobody_knows_is_no_answer() -> None:
    def nobody(host: str, port: int, seconds: float) -> Sequence[str]:
        raise OSError("unknown")

    with pytest.raises(NoAnswerError, match="not found"):
        OutboundClient(resolve=nobody).request("GET", "http://nobody.test/")


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://Example.ORG.", "example.org", "/"),
        ("https://straße.example/a%20b?q=ü", "xn--strae-oqa.example", "/a%20b?q=%C3%BC"),
        ("https://[2606:4700::0:1]:8443/x#part", "2606:4700::1", "/x"),
        ("http://8.8.8.8", "8.8.8.8", "/"),
    ],
)
def test_a_proper_url_is_brought_to_one_spelling(url: str, host: str, target: str) -> None:
    found = parse_destination(url)
    assert (found.host, found.target) == (host, target)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_the_allow_list_takes_names_addresses_and_networks() -> None:
    allowed = parse_allow_list(["Hooks.Corp.test.", "10.2.0.0/16", "fd12::/32", "192.168.1.9"])
    assert allowed.admits("hooks.corp.test", ip_address("10.9.9.9"))
    assert allowed.admits("any.test", ip_address("10.2.3.4"))
    assert allowed.admits("any.test", ip_address("::ffff:10.2.3.4"))
    assert allowed.admits("any.test", ip_address("fd12::5"))
    assert not allowed.admits("any.test", ip_address("192.168.1.8"))
    with pytest.raises(InvalidInputError):
        parse_allow_list(["not a host"])


# A server of this very machine, reached because it is allowed.


@contextmanager
def serving(serve: Serve) -> Iterator[str]:
    """A server that takes each connection with `serve`; gives its URL."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                taken, _ = listening.accept()
            except OSError:
                return
            with taken:
                try:
                    taken.recv(65536)
                    serve(taken)
                except OSError:
                    pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def saying(text: str) -> Serve:
    return lambda taken: taken.sendall(text.replace("\n", "\r\n").encode())


def client(allowed: AllowList = LOCAL, **limits: float) -> OutboundClient:
    return OutboundClient(allowed=allowed, limits=Limits(**limits))  # type: ignore[arg-type]  # arguments of one dict


def test_an_allowed_destination_answers_past_any_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(saying("HTTP/1.1 200 OK\nContent-Length: 5\nX-Kind: a\n\nhello")) as url:
        answer = client().request("POST", f"{url}/path?x=1", headers={"Authorization": "Bearer t"}, body=b"{}")
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (200, b"hello", "a")


def test_a_host_allowed_by_name_may_be_inside() -> None:
    with serving(saying("HTTP/1.1 204 No Content\n\n")) as url:
        named = OutboundClient(allowed=parse_allow_list(["hooks.corp.test"]), resolve=lambda *_: ["127.0.0.1"])
        assert named.request("GET", url.replace("127.0.0.1", "hooks.corp.test")).status == 204
        with pytest.raises(DestinationRefusedError, match="not an address of the internet"):
            named.request("GET", url.replace("127.0.0.1", "other.corp.test"))


@pytest.mark.parametrize(
    "framing",
    ["Content-Length: 5000", "Transfer-Encoding: chunked", "Connection: close"],
    ids=["length", "chunks", "end"],
)
def test_an_answer_over_the_size_is_not_taken(framing: str) -> None:
    body = "x" * 5000
    sent = f"1388\n{body}\n0\n\n" if "chunked" in framing else body
    with serving(saying(f"HTTP/1.1 200 OK\n{framing}\n\n{sent}")) as url, pytest.raises(NoAnswerError, match="larger"):
        client(size=4000).request("GET", url)


def drip(first: bytes, drop: bytes) -> Serve:
    """Sends a drop again and again until the other side hangs up."""

    def serve(taken: socket.socket) -> None:
        taken.sendall(first)
        taken.settimeout(0.02)
        for _ in range(1000):
            taken.sendall(drop)
            try:
                if not taken.recv(1):
                    return
            except TimeoutError:
                continue

    return serve


@pytest.mark.parametrize(
    "serve",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        lambda taken: taken.recv(1),
    ],
    ids=["body", "headers", "continue", "silence"],
)
def test_an_answer_in_drops_ends_with_the_time_of_the_whole_call(serve: Serve) -> None:
    with serving(serve) as url, pytest.raises(NoAnswerError):
        client(total=0.3, read=0.2).request("GET", url)


def test_a_server_that_is_not_there_or_talks_nonsense_is_no_answer() -> None:
    with serving(saying("nonsense\n\n")) as url, pytest.raises(NoAnswerError):
        client().request("GET", url)
    with pytest.raises(NoAnswerError):
        client().request("GET", url)
    with pytest.raises(NoAnswerError):
        client().request("GET", url.replace("http:", "https:"))


def test_a_header_cannot_smuggle_a_second_one() -> None:
    with serving(saying("HTTP/1.1 204 No Content\n\n")) as url, pytest.raises(NoAnswerError):
        client().request("GET", url, headers={"X-A": "b\r\nX-Evil: c"})


def test_a_redirect_loop_ends_with_an_error() -> None:
    with (
        serving(saying("HTTP/1.1 302 Found\nLocation: /again\nContent-Length: 0\n\n")) as url,
        pytest.raises(NoAnswerError, match="3 times"),
    ):
        client().request("GET", url)


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/", "http://[::1]/", "http://2130706433/", "file:///etc/passwd", "//10.0.0.1/"],
)
def test_a_redirect_inward_is_refused(target: str) -> None:
    only = AllowList(networks=parse_allow_list(["127.0.0.1"]).networks)
    moved = saying(f"HTTP/1.1 302 Found\nLocation: {target}\nContent-Length: 0\n\n")
    with serving(moved) as url, pytest.raises(DestinationRefusedError):
        client(only).request("GET", url)


def test_what_was_posted_is_not_sent_on_and_the_redirect_is_the_answer() -> None:
    with serving(saying("HTTP/1.1 307 Temporary\nLocation: /elsewhere\nContent-Length: 0\n\n")) as url:
        assert client().request("POST", url, body=b"{}").status == 307


def test_credentials_do_not_follow_a_redirect_to_another_origin() -> None:
    heard: list[bytes] = []

    def note(taken: socket.socket) -> None:
        taken.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as other:

        def listen() -> None:
            taken, _ = other.accept()
            with taken:
                heard.append(taken.recv(65536))
                note(taken)

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        onward = f"http://127.0.0.1:{other.getsockname()[1]}/"
        with serving(saying(f"HTTP/1.1 302 Found\nLocation: {onward}\nContent-Length: 0\n\n")) as url:
            sent = {"Authorization": "Bearer token", "X-Api-Key": "key", "Accept": "text/plain"}
            assert client().request("GET", url, headers=sent).status == 204
        thread.join(5)
    (request,) = heard
    assert b"Bearer" not in request
    assert b"key" not in request
    assert b"text/plain" in request


def certify(name: str, folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for that name which nobody else vouches for: its file, and what a server needs to show it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, private = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, private)
    return file, context


@contextmanager
def serving_tls(context: ssl.SSLContext) -> Iterator[int]:
    """A server of this machine that answers 204 over TLS to whoever believes its certificate."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                plain, _ = listening.accept()
            except OSError:
                return
            with suppress(OSError), plain, context.wrap_socket(plain, server_side=True) as taken:
                taken.recv(65536)
                taken.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def test_tls_is_verified_against_the_name_though_the_address_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, context = certify("hooks.corp.test", tmp_path)
    going = OutboundClient(allowed=LOCAL, resolve=lambda *_: ["127.0.0.1"])
    with serving_tls(context) as port:
        with pytest.raises(NoAnswerError, match="certificate"):
            going.request("GET", f"https://hooks.corp.test:{port}/")
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert going.request("GET", f"https://Hooks.Corp.test.:{port}/").status == 204
        with pytest.raises(NoAnswerError, match="certificate"):
            going.request("GET", f"https://other.corp.test:{port}/")


def test_from_https_nothing_leads_on_to_http() -> None:
    with pytest.raises(DestinationRefusedError, match="from https to http"):
        lead_on(parse_destination("https://example.test/a"), "http://example.test/b")
    assert lead_on(parse_destination("https://example.test/a/b"), "../c").url == "https://example.test/c"


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "http://[", "http://1.1.1.1", "//"]))
def test_whatever_is_given_as_an_address_is_refused_or_brought_to_a_spelling_that_stays(text: str, begun: str) -> None:
    found = None
    with suppress(DestinationRefusedError):
        found = parse_destination(begun + text)
    if found is None:
        with pytest.raises(DestinationRefusedError) as refused:
            parse_destination(begun + text)
        assert str(refused.value).isprintable()
        return
    assert found.url.isascii()
    assert parse_destination(found.url) == found
    with suppress(DestinationRefusedError):
        assert lead_on(found, text).scheme in {"http", "https"}
