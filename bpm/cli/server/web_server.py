"""The web application under waitress: serves until told to stop, then answers what was asked and ends."""

import logging
import socket
import time
from threading import Event
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.task import ThreadedTaskDispatcher

from bpm.app import App
from bpm.cli.server.web_connections import Server, connections_allowed
from bpm.queue import EVERYTHING

BACKLOG = 4_096
"""Connections that wait to be accepted; the system may keep fewer (net.core.somaxconn)."""
ABOVE_ALL = 100
"""Connections above those allowed at which no more are accepted: when all that are open are being answered."""
DRAIN_FOR = 20.0
"""Seconds that requests under way have to come to their end; streams of news end at once."""


def listen_together(host: str, port: int, processes: int) -> list[socket.socket]:
    """A socket for each process, all at one address: the system shares new connections out among them evenly.

    At one socket that all of them watched, whoever happened to look first took nearly all.
    """
    first = listen(host, port, together=True)
    at = first.getsockname()[1]
    return [first, *(listen(host, at, together=True) for _ in range(processes - 1))]


def listen(host: str, port: int, *, together: bool = False) -> socket.socket:
    """The socket that requests come in by. Whoever knocks before `serve` is waited upon then, not turned away."""
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if together:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind((host, port))
    listening.listen(BACKLOG)
    return listening


def serve(app: App, web: Any, listening: socket.socket) -> None:
    """Answer on `listening` until `app.stopping` is set; then take nothing new, finish what is under way, return."""
    logging.getLogger("waitress").addFilter(_is_no_hang_up)
    server = _server(app, web, listening)
    _loop(server, until=app.stopping)
    wasyncore.dispatcher.close(server)  # the listening socket alone: the server's own close would cut the rest off
    app.queue.nudge(EVERYTHING)
    ends = time.monotonic() + DRAIN_FOR
    while _is_busy(server) and time.monotonic() < ends:
        _turn(server)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(server._map)  # noqa: SLF001 (as below)


def _is_no_hang_up(record: logging.LogRecord) -> bool:
    """Not that a browser went away while it was answered, which every page with a stream does when it is left."""
    return not (record.levelno <= logging.INFO and record.getMessage().startswith("Client disconnected"))


def _server(app: App, web: Any, listening: socket.socket) -> Server:
    most = connections_allowed()
    bounds = Adjustments(
        threads=app.settings.threads,
        ident="Earshot",
        backlog=BACKLOG,
        connection_limit=most + ABOVE_ALL,
        cleanup_interval=1,
        **_behind(app.settings.trusted_proxy),
    )
    threads = ThreadedTaskDispatcher()
    threads.set_thread_count(bounds.threads)
    at = (listening.family, listening.type, listening.proto, listening.getsockname())
    server = Server(web, {}, _sock=listening, dispatcher=threads, adj=bounds, sockinfo=at, bind_socket=False)
    server.most = most
    return server


def _behind(proxy: str) -> dict[str, Any]:
    """Whom to believe who asks: without a proxy nobody's word, for anybody can send such headers."""
    if not proxy:
        return {}
    believed = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": proxy, "trusted_proxy_headers": believed, "clear_untrusted_proxy_headers": True}


def _loop(server: Any, *, until: Event) -> None:
    while not until.is_set():
        _turn(server)


def _turn(server: Any) -> None:
    wasyncore.loop(timeout=0.5, use_poll=True, map=server._map, count=1)  # noqa: SLF001 (waitress names no other)


def _is_busy(server: Any) -> bool:
    return any(channel.requests or channel.total_outbufs_len for channel in list(server.active_channels.values()))
