"""Numbers that are nobody's stay: versions, dates, flights, orders, amounts, addresses of machines."""

import gzip
import json
from importlib.resources import files

import pytest

from bpm.feedback.privacy.mask import mask

NOBODYS = (
    "Version 10.4.2 (build 20230101) crashed on 2024-11-05 12:30:11.",
    "Flight LH 4512 on 12.03.2024 14:30 was three hours late, row 27, seat 12A.",
    "Invoice 2023-100-2000 says 1.234.567,89 EUR, order 112-1234567-1234567 says 1,234.",
    "order number 6114980364, tracking 1Z999AA10123456784",
    "192.168.100.200:8080 and 10.0.0.1 and fe80::1 do not answer, kernel 5.15.0-91-generic.",
    "Ich warte seit dem 01.02.2023, Bestellung 4711008150, Seite 12-34.",
    "Commande 0123456789 du 03/04/2024, colis 6A12345678901.",
    "ISBN 978-3-16-148410-0 is in https://example.org/books/5551234567?id=4155552671",
    "It took 24 - 48 hrs, then 3.14159265358979 seconds, 1700000000 since the epoch.",
    "From 1990 to 2005 I bought 20 000 000 shares at $1234567890, up 100 000 000 %.",
    "You find it at amazon dot com or at the shop, 9 to 5, seven days, one two three four five six seven.",
    "@friend@mastodon.example said so, and git@code.example failed.",
    "My account is closed for 500 days and my card for 2 weeks; I paid 1200 dollars on my account.",
    "whatever her name, your name is amazing; the file name is missing",
    "a1234567890 0xdeadbeef 550e8400-e29b-41d4-a716-446655440000 d41d8cd98f00b204e9800998ecf8427e",
    "I gave it 5/5, 10/10, 8.5 of 10; 50-60 people came at 7:30-8:15.",
    "thanks\nfor nothing",
    "The NHS 111 service, an office license 365, sin 500 euros, nie 2000 Euro, a frying pan 28 cm",
    "1\n2\n3\n4555\n6666\t7777\t8888\n415\n555\n0132",
    "item A1B2C3D4E5 at shop.example.org, this is very bad from you",
)


@pytest.mark.parametrize("text", NOBODYS)
def test_what_is_nobodys_stays_as_it_is(text: str) -> None:
    assert mask(text).text == text


def test_at_most_five_in_a_thousand_posts_lose_a_word() -> None:
    """Posts of the shipped corpus, which their publishers cleared of private data; calls hold some, made up."""
    packed = files("bpm.feedback.classification").joinpath("corpus/labelled.jsonl.gz").read_bytes()
    rows = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    posts = [row["text"] for row in rows if row["channel"] != "call"]
    masks = [(span, text) for text in posts for span in mask(text).spans]
    assert len(posts) > 2000
    assert len(masks) <= len(posts) * 5 / 1000, masks
