"""What kind of file some bytes are: by their first bytes alone, never by the name or what the sender says."""

UNKNOWN = "application/octet-stream"

SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
"""What a browser may show; everything else is saved."""

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
    (b"{\\rtf", "application/rtf"),
)
_OFFICE: tuple[tuple[bytes, str], ...] = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."
READ = 4096
"""Bytes that are looked at."""


def media_type_of(beginning: bytes) -> str:
    """The media type of a file that begins like this (its first `READ` bytes)."""
    beginning = beginning[:READ]
    for start, media_type in _BEGINNINGS:
        if beginning.startswith(start):
            return media_type
    if beginning.startswith(b"PK\x03\x04"):
        return _of_archive(beginning)
    if beginning[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(beginning[8:12], UNKNOWN)
    if beginning[4:8] == b"ftyp":
        return "image/heic" if beginning[8:12] in {b"heic", b"heix", b"mif1"} else "video/mp4"
    return "text/plain" if _is_text(beginning) else UNKNOWN


def _of_archive(beginning: bytes) -> str:
    if _OPEN_DOCUMENT in beginning[:120]:
        kind = beginning[beginning.index(_OPEN_DOCUMENT) + len(_OPEN_DOCUMENT) :]
        for name in (b"text", b"spreadsheet", b"presentation"):
            if kind.startswith(name):
                return f"application/vnd.oasis.opendocument.{name.decode()}"
    for folder, media_type in _OFFICE:
        if folder in beginning and b"[Content_Types].xml" in beginning:
            return media_type
    return "application/zip"


def _is_text(beginning: bytes) -> bool:
    """UTF-8 without control characters; a letter that is cut at the end is no fault."""
    if not beginning:
        return False
    try:
        text = beginning.decode()
    except UnicodeDecodeError as error:
        if error.start < len(beginning) - 3:
            return False
        text = beginning[: error.start].decode()
    return all(each.isprintable() or each in "\t\r\n\f\ufeff" or ord(each) > 0x9F for each in text)
