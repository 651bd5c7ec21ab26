"""What was typed when the session ended: it travels with the sign-in form, kept nowhere else."""

import json
from dataclasses import dataclass
from typing import Any

from flask import request

from web.core.targets import is_safe

FIELD = "kept"
LARGEST = 200_000
"""Characters of a form that is carried along."""
_OURS = {"csrf_token", "command_key", FIELD}


@dataclass(frozen=True)
class KeptForm:
    """A form that came without a session: where it was sent, what stood in it, and files to be chosen anew."""

    action: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()

    def as_text(self) -> str:
        return json.dumps({"action": self.action, "fields": self.fields, "files": self.files})


@dataclass(frozen=True)
class SignInPage:
    """The page of signing in; `again` when a session ended."""

    username: str = ""
    problem: str = ""
    next: str = ""
    again: bool = False
    kept: KeptForm | None = None
    lost: bool = False
    """Whether a form came that is too large to be carried along."""


@dataclass(frozen=True)
class ProofPage:
    """The page that asks once more who one is."""

    by_code: bool
    problem: str = ""
    next: str = ""
    kept: KeptForm | None = None


def form_as_sent() -> KeptForm | None:
    """The form of this request without our own fields and passwords; None when it holds nothing or too much."""
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _OURS and "password" not in name and name != "code"
    )
    files = tuple(file.filename for _, file in request.files.items(multi=True) if file.filename)
    kept = KeptForm(request.full_path.rstrip("?"), fields, files)
    return kept if (fields or files) and len(kept.as_text()) <= LARGEST and is_safe(kept.action) else None


def read_kept(text: str) -> KeptForm | None:
    """What `KeptForm.as_text` made; None for anything else."""
    try:
        read: Any = json.loads(text) if len(text) <= LARGEST else None
        kept = KeptForm(
            str(read["action"]),
            tuple((str(name), str(value)) for name, value in read["fields"]),
            tuple(str(name) for name in read["files"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return kept if is_safe(kept.action) else None
