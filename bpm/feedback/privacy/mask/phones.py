"""Whether a run of digits is a phone number: by how it is grouped, by its beginning, by the words before it.

Sources: ITU-T E.164 (at most fifteen digits, `+`), NANP (3-3-4), Ofcom and Bundesnetzagentur (0 and area code), ARCEP
(five pairs); DIN 5008 and E.123 for how numbers are grouped. What these do not know is asked of libphonenumber.
"""

import re
from typing import Any

from bpm.feedback.privacy.mask.cues import Cue
from bpm.feedback.privacy.mask.runs import Run

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "CH", "IN", "AU")
"""Where numbers without a country code may be from."""

_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|[12]\d|3[01])[-./ ](?:19|20)\d\d"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./]\d\d)(?!\d)"
)
_INSIDE_AMERICA = re.compile(r"(?:(?:\+|00)?1[-. ]{0,2})?\(?[2-9]\d{2}[-.) ]{0,2}[2-9]\d{2}[-. ]?\d{4}")
_COUNTED = re.compile(
    r"\s*(?:%|km|gb|mb|kb|ms|usd|eur|dollars?|euros?|bytes|people|users|views|miles|rows|times)\b",
    re.IGNORECASE,
)
_FEWEST, _MOST = 7, 15


def is_phone(run: Run, cue: Cue) -> bool:
    """Whether the run, which stands alone, is one."""
    count = len(run.digits)
    if not 6 <= count <= _MOST + 1 or _COUNTED.match(run.after):
        return False
    if run.text.startswith(("+", "(+")):
        return count >= _FEWEST and _is_international(run.digits)
    if _DATE.search(run.main) and not _is_five_pairs(run):
        return False
    if cue.meaning == "phone":
        return count <= _MOST - 2 and (count >= _FEWEST or cue.named or cue.near)
    if cue.meaning:
        return cue.meaning not in ("other", "ssn") and count == 10 and len(run.groups) > 1 and _is_grouped(run)
    return count >= 8 and (_is_grouped(run) or (len(run.groups) > 1 and _is_valid_somewhere(run)))


def _is_international(digits: str) -> bool:
    """Whether a country code begins it."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return any(int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE for length in (1, 2, 3))


def _is_grouped(run: Run) -> bool:
    """By its shape alone."""
    if _looks_like_address_of_a_machine(run):
        return False
    if run.digits.startswith("00"):
        return _is_trunk(run) or (10 <= len(run.digits) <= _MOST + 2 and _is_international(run.digits[2:]))
    if _INSIDE_AMERICA.fullmatch(run.main):
        return True
    if run.groups[-3:] == (3, 3, 4) and len(run.digits) in (10, 11) and run.digits[0] != "0":
        return run.digits[-10] >= "1"
    return _is_trunk(run)


def _is_trunk(run: Run) -> bool:
    """A national number with its leading 0: nine to twelve digits in at most five groups, the first an area code."""
    count = len(run.digits)
    if not (9 <= count <= 12 and run.digits[0] == "0" and len(run.groups) <= 5):
        return False
    if _is_five_pairs(run) or run.main.startswith("("):
        return True
    if run.digits[1] == "0" and len(run.groups) == 1:
        return False
    return run.groups[0] >= 2 and min(run.groups) >= 2 and (len(run.groups) == 1 or "." not in run.separators)


def _is_five_pairs(run: Run) -> bool:
    return run.groups == (2, 2, 2, 2, 2) and run.digits[0] == "0" and run.digits[1] != "0"


def _looks_like_address_of_a_machine(run: Run) -> bool:
    """Four groups of at most three digits with dots: an IP address, or the number of a version."""
    return run.separators == {"."} and len(run.groups) >= 3 and not _is_five_pairs(run) and max(run.groups) <= 3


def _is_valid_somewhere(run: Run) -> bool:
    """Whether libphonenumber knows it as a number in use in one of the regions."""
    import phonenumbers

    if "." in run.separators or "/" in run.separators or len(run.groups) > 5 or min(run.groups) < 2:
        return False
    for region in REGIONS:
        try:
            number = phonenumbers.parse(run.main, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number_for_region(number, region) and _written_so(number, run):
            return True
    return False


def _written_so(number: Any, run: Run) -> bool:
    """Whether it is grouped as numbers of its land are."""
    import phonenumbers

    for form in (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
        groups = tuple(map(len, re.findall(r"\d+", phonenumbers.format_number(number, form))))
        if run.groups in (groups, groups[1:]):
            return True
    return False
