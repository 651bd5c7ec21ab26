"""The files of an upload form as a bundle: chosen one by one, chosen as a folder, or dropped."""

from collections.abc import Sequence

from werkzeug.datastructures import FileStorage

from bpm.engine import api as engine
from bpm.engine.checking import kept_name
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _


def read_sent(files: Sequence[FileStorage], paths: Sequence[str] = ()) -> engine.Received:
    """The files of a form, sorted; a browser gives paths where a folder was chosen, and `paths` where it was dropped.

    RefusedError names each file that does not fit, InvalidInputError says that paths and files are not as many.
    """
    sent = [(file.filename or "", file.read()) for file in files]
    there = [(name or kept_name(name), content) for name, content in sent if name or content]
    if not there:
        raise InvalidInputError(_("There is no file in what you sent."), remedy=_("Choose the files, or a folder."))
    if paths and len(paths) != len(there):
        raise InvalidInputError(_("The files did not come as they were dropped."), remedy=_("Drop the folder again."))
    if paths:
        there = [(path, content) for path, (_name, content) in zip(paths, there, strict=True)]
    return engine.read_bundle(there, whole=bool(there) and all("/" in name for name, _content in there))
