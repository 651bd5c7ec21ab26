"""Check digits and shapes of cards, bank accounts and national numbers; digits come without separators.

Sources: ISO/IEC 7812-1 (Luhn), ISO 13616 and ISO 7064 (IBAN), SSA POMS RM 10201 (SSN), HMRC NIM39110 (NINO),
§ 139b AO and ISO 7064 MOD 11,10 (Steuer-ID), VKVV § 2 (Versicherungsnummer), INSEE (NIR).
"""

import re
from collections import Counter

_BRANDS = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"30[0-5]|3095|36|3[89]"), (14, 15, 16, 17, 18, 19)),
    (re.compile(r"35|2131|1800"), (15, 16, 17, 18, 19)),
    (re.compile(r"6011|62|64[4-9]|65"), (16, 17, 18, 19)),
    (re.compile(r"0604|50|5[6-9]|6[0-9]"), (12, 13, 14, 15, 16, 17, 18, 19)),
)
"""First digits of the networks (Visa, Mastercard, American Express, Diners, JCB, Discover and UnionPay, Maestro)."""

_IBAN_LENGTHS = {
    **dict.fromkeys(("NO",), 15),
    **dict.fromkeys(("BE",), 16),
    **dict.fromkeys(("DK", "FI", "FO", "GL", "NL", "SD"), 18),
    **dict.fromkeys(("MK", "SI"), 19),
    **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "XK", "MN"), 20),
    **dict.fromkeys(("CH", "CR", "HR", "LI", "LV"), 21),
    **dict.fromkeys(("BG", "BH", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "OM", "SO", "TL"), 23),
    **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("LY", "PT", "ST"), 25),
    **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("BI", "DJ", "FR", "GR", "IT", "MC", "MR", "SM"), 27),
    **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HU", "LB", "NI", "PL", "SV"), 28),
    **dict.fromkeys(("BR", "EG", "PS", "QA", "UA"), 29),
    **dict.fromkeys(("JO", "KW", "MU", "YE"), 30),
    **dict.fromkeys(("MT", "SC"), 31),
    **dict.fromkeys(("LC",), 32),
    **dict.fromkeys(("RU",), 33),
}
"""Characters of an IBAN by country (SWIFT IBAN registry)."""


def iban_length(country: str) -> int:
    """Characters of an IBAN of this country; 0 where there is none."""
    return _IBAN_LENGTHS.get(country, 0)


def is_iban(written: str) -> bool:
    """Whether this is one, letters in capitals: its country's length and the check digits."""
    if len(written) != iban_length(written[:2]):
        return False
    moved = written[4:] + written[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % 97 == 1


def is_card(digits: str) -> bool:
    """Whether a network issues cards of this beginning and length, with a right check digit."""
    return any(len(digits) in lengths and first.match(digits) for first, lengths in _BRANDS) and is_luhn(digits)


def is_luhn(digits: str) -> bool:
    doubled = sum(sum(divmod(2 * int(each), 10)) for each in digits[-2::-2])
    return (doubled + sum(int(each) for each in digits[::-2])) % 10 == 0


def is_ssn(digits: str) -> bool:
    """United States: nine digits, no part all zeros. Numbers from 9 on are taxpayers' (ITIN): as private."""
    return len(digits) == 9 and digits[:3] not in ("000", "666") and digits[3:5] != "00" and digits[5:] != "0000"


def is_nino(written: str) -> bool:
    """United Kingdom: two letters, six digits, one letter. ZZ ... T is how test numbers are written."""
    shape = re.fullmatch(r"([A-Z]{2})\d{6}([A-DFMPT])", written)
    if shape is None:
        return False
    return shape[1] == "ZZ" or not (set(shape[1]) & set("DFIQUV") or shape[1][1] == "O" or shape[1] in _NO_NINO)


_NO_NINO = frozenset({"BG", "GB", "NK", "KN", "NT"})


def is_tax_id(digits: str) -> bool:
    """Germany, Steuer-ID: eleven digits, one of the first ten twice or thrice, ISO 7064 MOD 11,10."""
    if len(digits) != 11 or digits[0] == "0":
        return False
    often = sorted(Counter(digits[:10]).values(), reverse=True)
    if often[0] not in (2, 3) or often[1:2] != [1]:
        return False
    product = 10
    for each in digits[:10]:
        total = (int(each) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(digits[10])


def is_pension_number(written: str) -> bool:
    """Germany, Versicherungsnummer: area, date of birth, letter, serial, check digit."""
    shape = re.fullmatch(r"(\d{8})([A-Z])(\d{3})", written)
    if shape is None:
        return False
    digits = f"{shape[1]}{ord(shape[2]) - 64:02}{shape[3][:2]}"
    factors = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
    total = sum(sum(divmod(int(each) * factor, 10)) for each, factor in zip(digits, factors, strict=True))
    return total % 10 == int(shape[3][2])


def is_nir(written: str) -> bool:
    """France: fifteen places with a key, sex and month sound; 2A and 2B are Corsica."""
    if not re.fullmatch(r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{8}", written):
        return False
    digits = written.replace("2A", "19", 1).replace("2B", "18", 1) if not written.isdigit() else written
    return 97 - int(digits[:13]) % 97 == int(digits[13:])
