"""A checked model kept with its upload, so that it is checked once: packed, bounded, and of this release only."""

from importlib.metadata import version

import orjson
import zstandard

from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.check_process import from_plain, to_plain

LARGEST = 4_000_000
"""Bytes, packed: what comes to more is checked again."""
LARGEST_UNPACKED = 100_000_000


def pack(prepared: Prepared, digest: str) -> bytes | None:
    """The check of the bundle with that digest as bytes; None where they are too many."""
    plain = {"release": version("earshot"), "digest": digest, "prepared": to_plain(prepared)}
    packed = zstandard.compress(orjson.dumps(plain))
    return packed if len(packed) <= LARGEST else None


def unpack(packed: bytes | None, source: bytes, digest: str) -> Prepared | None:
    """What `pack` kept; None where it is of another bundle or of another release."""
    if packed is None:
        return None
    try:
        plain = orjson.loads(zstandard.ZstdDecompressor().decompress(packed, max_output_size=LARGEST_UNPACKED))
        if (plain["release"], plain["digest"]) != (version("earshot"), digest):
            return None
        return from_plain(plain["prepared"], source)
    except (zstandard.ZstdError, ValueError, TypeError, LookupError):
        return None  # a release in between kept it in another shape
