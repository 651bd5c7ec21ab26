"""What a child process does about itself: it bounds its memory and time, and speaks in frames."""

import resource
import signal
import struct
import sys
from typing import IO, BinaryIO


def bound_memory(most_bytes: int) -> None:
    """In the child: at most so many bytes of data, no core file, nothing written to disk."""
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def bound_cpu(seconds: float) -> None:
    """In the child: the kernel ends it after so many further seconds of processor time; 0 takes the bound away.

    Processor time and not the clock's, so that a busy machine does not make a harmless record look like a bad one.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)


def frames() -> tuple[BinaryIO, BinaryIO]:
    """In the child: where requests come from and where answers go; what is printed goes to standard error instead."""
    answers, requests = sys.stdout.buffer, sys.stdin.buffer
    sys.stdout = sys.stderr
    write_frame(answers, b"ready")
    return requests, answers


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Four bytes of length, then the data."""
    stream.write(struct.pack(">I", len(data)) + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """One frame; None at the end of the stream."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    return stream.read(struct.unpack(">I", head)[0])
