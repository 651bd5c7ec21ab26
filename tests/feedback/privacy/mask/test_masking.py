"""The promises of `mask`: offsets, once is enough, nothing stays, any text, in time that grows with its length."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bpm.cli import cli
from bpm.feedback.privacy.mask import KINDS, mask

PIECES = st.sampled_from(
    ["+49 30 123456", "4111 1111 1111 1111", "GB33BUKB20201555555555", "078-05-1120", "ann@example.org", " ", "\n",
     "my name is Ann Lee", "account 4711", "at gmail dot com", "1", "0", ".", "-", "(", "x", "Straße 5\n12345 Köln"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=12).map("".join))


@given(TEXTS)
def test_spans_are_in_order_and_the_masked_text_is_the_rest(text: str) -> None:
    masked = mask(text)
    rest, done = "", 0
    for span in masked.spans:
        assert span.type in KINDS
        assert done <= span.start < span.end <= len(text)
        rest, done = rest + text[done : span.start] + f"[{span.type}]", span.end
    assert masked.text == rest + text[done:]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Mr Clifford Jennings called (710)827-3464x686.", "Mr [name] called [phone]."),
        ("GB33 BUKB 2020 1555 5555 55, NINO AB 12 34 56 C", "[iban], NINO [ssn]"),
        ("NIR 1 85 05 78 006 084 91; Steuer-ID 65929970489", "NIR [ssn]; Steuer-ID [ssn]"),
        ("Call 01 23 45 67 89 / 06 12 34 56 78", "Call [phone] / [phone]"),
        ("ann(at)example(dot)com or ann [at] example [dot] org", "[email] or [email]"),
        ("Thanks,\nAnn Lee", "Thanks,\n[name]"),
        ("Mit freundlichen Grüßen\nJörg von der Aue", "Mit freundlichen Grüßen\n[name]"),
        ("My phone: ٠١٢٣", "My phone: ٠١٢٣"),
        ("sort code 12-34-56", "sort code [account]"),
        ("IBAN DE89 3704 0044\n0532 0130 00, card 4111 1111 1111\n1111", "IBAN [iban], card [card]"),
        ("call 07700\n900123 now, rows 10\n200\n3000", "call [phone] now, rows 10\n200\n3000"),
        ("Tel：（０３０）１２３４５６７８", "Tel：[phone]"),
        ("ann\u200b.lee＠example.org", "[email]"),
        ("a n n @ g m a i l . c o m or a-n-n at gmail", "[email] or [email]"),
        ("ask ann.lee at example.com, ann [dot] lee [at] example [dot] com", "ask [email], [email]"),
        ("DNI 12345678Z, RSSMRA85T10A562S, 85.07.30-033.28", "DNI [ssn], [ssn], [ssn]"),
        ("756.9217.0769.85 131052-308T 529.982.247-25 2345 6789 0124", "[ssn] [ssn] [ssn] [ssn]"),
        ("passport number C01X00T47, NHS number 943 476 5919", "passport number [ssn], NHS number [ssn]"),
        (
            "customer number AB-12345-X, the last four are 4 2 4 2",
            "customer number [account], the last four are [card]",
        ),
        ("this is Peter Lee calling, dear Mr. van der Berg", "this is [name] calling, dear Mr. [name]"),
    ],
)
def test_values_as_people_write_them(text: str, left: str) -> None:
    assert mask(text).text == left
    assert mask(left).text == left


HOSTILE = (
    "1", "1 ", "1.", "(1", "a@", "@", " at ", " at a dot com", "one ", "name is ", "my name is A ", "mailcom ", "www.",
    "DE12 ", "12345 A", "CA 12345 ", "5 a A1 1AA ", "rue a ", "Thanks\nA", "card 1234 ", '"@', "Herr A ", "a-", "\n",
)  # fmt: skip


def test_hostile_texts_are_masked_in_the_processor_time_of_a_bounded_child() -> None:
    """Fifty thousand characters of each: whatever grows with the square of it would take minutes."""
    program = (
        "import json, resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (40, 40));"
        "from bpm.feedback.privacy.mask import mask;"
        "[mask(piece * (50_000 // len(piece))) for piece in json.load(sys.stdin)]"
    )
    ended = subprocess.run([sys.executable, "-c", program], input=json.dumps(HOSTILE), text=True, check=False)
    assert ended.returncode == 0


def test_the_command_masks_a_text_a_line() -> None:
    answer = CliRunner().invoke(cli, ["mask"], input="Call +49 30 123456\r\n\nÜber 5 Sterne\n")
    assert answer.exit_code == 0
    assert [json.loads(line) for line in answer.output.splitlines()] == [
        {"masked": "Call [phone]", "spans": [{"type": "phone", "start": 5, "end": 18}]},
        {"masked": "", "spans": []},
        {"masked": "Über 5 Sterne", "spans": []},
    ]
