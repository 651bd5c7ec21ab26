"""A component of a `.form` file that knows what was read of it, so that what nobody read can be named."""

from collections.abc import Iterator, Mapping
from typing import Any

from bpm.engine.forms.form_js.problems import Problems
from bpm.foundation.texts import _

_LOOKS = frozenset({"layout", "searchable", "use24h", "timeInterval", "showOutline", "verticalAlignment", "rowCount",
                    "disableCollapse", "nonCollapsedItems", "height"})  # fmt: skip
"""Settings that change how a field looks elsewhere, and nothing of what is asked."""
_SAYS_NOTHING: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(("readonly", "disabled", "searchable", "use24h", "showOutline", "disableCollapse"), (False,)),
    "isRepeating": (True,), "allowAddRemove": (True,), "defaultRepetitions": (0, 1), "timeInterval": (15,),
    "verticalAlignment": ("start",),
}  # fmt: skip
"""What these say is what happens anyway."""


class Component(Mapping[str, Any]):
    """A JSON object that marks which of its members are read; objects in it do the same."""

    def __init__(self, content: Mapping[Any, Any]) -> None:
        self._content = content
        self._read: set[str] = {"type", "id"}
        self._inner: dict[str, list[Component]] = {}
        self._strange: dict[str, Any] = {}

    def __getitem__(self, word: str) -> Any:
        value = self._content[word]
        self._read.add(word)
        if not isinstance(value, Mapping):
            return value
        return self._inner.setdefault(word, [Component(value)])[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def raw(self, word: str) -> Any:
        """The value as the file has it, read as a whole."""
        self._read.add(word)
        return self._content.get(word)

    def members(self, word: str) -> list[Any]:
        """What stands in a list: objects that mark what is read of them, and everything else as it is."""
        listed = self.raw(word)
        found = listed if isinstance(listed, list) else []
        if word not in self._inner:
            self._inner[word] = [Component(each) for each in found if isinstance(each, Mapping)]
        inner = iter(self._inner[word])
        return [next(inner) if isinstance(each, Mapping) else each for each in found]

    def parts(self, word: str) -> list["Component"]:
        """The objects in a list; what else stands in it is told as unread."""
        members = self.members(word)
        strange = ((at, each) for at, each in enumerate(members) if not isinstance(each, Component))
        self._strange |= {f"{word}[{at}]": each for at, each in strange if each not in (None, "")}
        return [each for each in members if isinstance(each, Component)]

    def unread(self) -> Iterator[tuple[str, Any]]:
        """Path and value of what says something and was not read."""
        for word, value in self._content.items():
            if word in self._read or value in (None, "", {}, []) or value in _SAYS_NOTHING.get(word, ()):
                continue
            inner = value if isinstance(value, Mapping) else {}
            yield from ((f"{word}.{name}", each) for name, each in inner.items())
            if not inner:
                yield str(word), value
        yield from self._strange.items()
        for word, parts in self._inner.items():
            if word != "components":
                yield from ((f"{word}.{path}", value) for part in parts for path, value in part.unread())


def tell_unread(component: Component, part: str, problems: Problems) -> None:
    """Name each setting of the component that nobody read; `part`: what a designer knows it by."""
    looks: list[str] = []
    for path, value in component.unread():
        word = path.partition(".")[0]
        shown = f"{path.removeprefix('properties.')} ({value!s:.60})"
        if word in _LOOKS:
            looks.append(path)
        elif word == "properties":
            problems.say(part, _("Its custom property %(name)s is not used here.") % {"name": shown},
                         _("Nothing needs to be done if it is a note; draw what it does if it is more."),
                         "info")  # fmt: skip
        else:
            problems.say(part, _("The setting %(name)s is not used here.") % {"name": shown}, _("Leave it out."))
    if looks:
        problems.say(part, _("How it looks is not taken over: %(names)s.") % {"names": ", ".join(looks)},
                     _("Nothing needs to be done."), "info")  # fmt: skip
