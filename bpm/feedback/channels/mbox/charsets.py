"""Bytes of a mail as text: in the charset that it names, oddly or wrongly, or in the likeliest one."""

import re

_REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs"})
"""Charsets of no mail; some cost the square of what they read."""

_SUPERSETS = {
    "gb2312": "gb18030", "gb_2312_80": "gb18030", "gbk": "gb18030", "x_gbk": "gb18030", "cp936": "gb18030",
    "big5": "cp950", "x_x_big5": "cp950", "shift_jis": "cp932", "x_sjis": "cp932", "sjis": "cp932",
    "windows_31j": "cp932", "euc_kr": "cp949", "ks_c_5601_1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949",
    "iso_8859_1": "cp1252", "latin1": "cp1252", "latin_1": "cp1252", "l1": "cp1252", "us_ascii": "cp1252",
    "ascii": "cp1252", "ansi_x3.4_1968": "cp1252", "ansi": "cp1252", "iso_8859_9": "cp1254", "tis_620": "cp874",
    "iso_8859_11": "cp874", "iso_8859_8_i": "cp1255", "iso_8859_8_e": "cp1255", "iso_8859_8": "cp1255",
    "x_mac_roman": "mac_roman", "macintosh": "mac_roman", "utf8mb4": "utf_8", "x_utf8": "utf_8", "unicode": "utf_16",
    "iso_2022_jp_ms": "iso2022_jp_ext", "iso_2022_jp": "iso2022_jp_ext", "cp50220": "iso2022_jp_ext",
    "euc_jp": "euc_jis_2004", "x_euc_jp": "euc_jis_2004", "unicode_1_1_utf_7": "utf_7", "utf7": "utf_7",
}  # fmt: skip
"""What programs write, and the larger charset that they mean (as browsers read it)."""

_UNTOLD = frozenset({"", "cp1252", "utf_8", "utf8", "unknown_8bit", "x_unknown", "default", "binary", "8bit", "none"})
"""Charsets that are named when nobody looked."""

_JAPANESE = re.compile(rb"\x1b(?:\$[@B]|\([IJ]|\$\()")
_KOREAN = re.compile(rb"\x1b\$\)C")


def decoded(data: bytes, charset: str, *, hint: str = "") -> str:
    """The text of these bytes; `hint` is another charset that the same mail uses."""
    name = _name(charset)
    if name in _UNTOLD:
        return _untold(data, "" if name == "cp1252" and "ascii" not in charset.lower() else hint)
    try:
        return data.decode(name)
    except (LookupError, ValueError):
        pass
    if len(name) > 40 or name in _REFUSED or name == "utf_7" or not _is_known(name):
        return _untold(data, hint)
    text = data.decode(name, "replace")
    return text if text.count("\ufffd") <= max(2, len(text) // 50) else _untold(data, hint)


def _name(charset: str) -> str:
    """The charset's name as Python knows it; `charset` itself where nothing is known of it."""
    plain = re.sub(r"[-\s.]+", "_", charset.strip().strip("'\"").lower()[:60]).strip("_")
    plain = _SUPERSETS.get(plain, _SUPERSETS.get(plain.removeprefix("x_"), plain))
    if plain in _REFUSED or plain.replace("_", "") in {"unicodeescape", "rawunicodeescape"}:
        return ""
    numbered = re.fullmatch(r"(?:x_)?(?:windows|win|cp|ibm|dos|microsoft_cp)_?(\d{3,5})", plain)
    return f"cp{numbered[1]}" if numbered else plain


def _is_known(name: str) -> bool:
    try:
        b"".decode(name)
    except (LookupError, ValueError):
        return False
    return True


def _untold(data: bytes, hint: str) -> str:
    """Text of a charset that nobody named, or named wrongly."""
    if _KOREAN.search(data[:20_000]):
        return data.decode("iso2022_kr", "replace")
    if _JAPANESE.search(data[:20_000]):
        return data.decode("iso2022_jp_ext", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    other = _name(hint)
    if other not in _UNTOLD and _is_known(other):
        try:
            return data.decode(other)
        except ValueError:
            pass
    # One line of another charset must not spoil the others.
    return "".join(_line(line) for line in data.splitlines(keepends=True))


def _line(line: bytes) -> str:
    for name in ("utf-8", "cp1252"):
        try:
            return line.decode(name)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")
