"""A person who has a keyboard and no mouse: everything is reached by Tab, arrows and the keys of the page."""

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 250
"""Tabs after which something counts as out of reach."""
IS_IT = "(it) => it === document.activeElement"


class Keyboard:
    """The keys that a person presses on a page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._used = False
        page.expose_function("noteTheMouse", self._note)
        page.add_init_script(
            "for (const kind of ['mousedown', 'pointerdown', 'touchstart'])"
            " addEventListener(kind, () => noteTheMouse(), true);"
        )

    def _note(self) -> None:
        self._used = True

    def mouse_was_used(self) -> bool:
        """Whether a page saw a press of anything but a key."""
        return self._used

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self._page.keyboard.press(key)

    def go_to(self, name: str) -> None:
        """Go to a page by the palette."""
        self.press("Control+k")
        palette = self._page.get_by_role("dialog", name="Go anywhere")
        expect(palette.get_by_role("combobox")).to_be_focused()
        self._page.keyboard.type(name)
        expect(palette.get_by_role("option", selected=True)).to_contain_text(name)
        with self._page.expect_navigation():
            self.press("Enter")

    def open(self, name: str) -> None:
        """Open what is folded under this name."""
        self._reach(self._page.get_by_text(name, exact=True).first)
        self.press("Enter")

    def activate(self, role: str, name: str) -> None:
        """Press a button or follow a link."""
        self._reach(self._page.get_by_role(role, name=name, exact=True).first)  # type: ignore[arg-type]  # any role
        self.press("Enter")

    def choose(self, role: str, name: str) -> None:
        """Tick a box or choose one of several."""
        box = self._page.get_by_role(role, name=name)  # type: ignore[arg-type]  # any role
        self._reach(box)
        self.press("Space")
        expect(box).to_be_checked()

    def type_into(self, label: str, text: str) -> None:
        """Type into a field."""
        self._reach(self._page.get_by_label(label, exact=True))
        self._page.keyboard.type(text)

    def _reach(self, wanted: Locator) -> None:
        """By Tab alone; AssertionError where that leads round without coming to it."""
        wanted.wait_for()
        for _step in range(MOST_STEPS):
            if wanted.evaluate(IS_IT):
                return
            self.press("Tab")
        raise AssertionError(f"{wanted} cannot be reached by Tab on {self._page.url}")
