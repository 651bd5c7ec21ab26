"""What systems and tools leave behind in folders and archives: it is named and left out, and stops nothing."""

_FILES = frozenset(
    {".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", ".localized", ".directory",
     ".gitignore", ".gitattributes", ".gitkeep", ".editorconfig"}
)  # fmt: skip
FOLDERS = frozenset(
    {"__macosx", ".appledouble", ".spotlight-v100", ".trashes", ".fseventsd", "$recycle.bin", "@eadir",
     ".git", ".svn", ".hg", ".idea", ".vscode"}
)  # fmt: skip
"""Names of folders of which nothing belongs to a process, in small letters."""
_BEGINNINGS = ("._", "~$", ".~lock.")
"""Resource forks as a Mac writes them beside each file on foreign disks, and the locks of office programs."""


def is_left_behind(path: str) -> bool:
    """Whether a file is none that a person put there, by its path with `/` between folders."""
    *folders, name = path.lower().split("/")
    return name in _FILES or name.startswith(_BEGINNINGS) or not FOLDERS.isdisjoint((*folders, name))
