"""`earshot mask`: private data of texts replaced by the names of its kinds, without a database."""

from typing import BinaryIO

import click
import orjson

from bpm.feedback.privacy.mask import Masked, mask


@click.command("mask")
@click.argument("file", type=click.File("rb"), default="-")
def mask_(file: BinaryIO) -> None:
    """Mask FILE (or standard input), one text a line; JSON Lines out.

    Each line is {"masked", "spans": [{"type", "start", "end"}]}: offsets in characters of the input line, types phone,
    card, iban, ssn (and other national numbers), email, name, address, account.
    """
    for line in file:
        text = line.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
        click.echo(_line_of(mask(text)))


def _line_of(masked: Masked) -> str:
    spans = [{"type": span.type, "start": span.start, "end": span.end} for span in masked.spans]
    return orjson.dumps({"masked": masked.text, "spans": spans}).decode()
