"""The gates of an improvement."""

from playwright.sync_api import Page


class Gates:
    """What each gate asks for, and who signs."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def write(self, check: str, words: str) -> None:
        """Write down what a check asks for, in words."""
        form = self._page.get_by_role("form", name=check, exact=True)
        self._page.get_by_text(f"Write it {check}", exact=True).click()
        form.get_by_role("textbox").fill(words)
        form.get_by_role("button", name="Keep").click()

    def sign(self, note: str) -> None:
        """Sign off with a note."""
        form = self._page.get_by_role("form", name="Sign-off of a social strategist")
        form.get_by_label("Note").fill(note)
        form.get_by_role("button").click()

    def pass_gate(self) -> None:
        """Ask for the gate to be passed."""
        self._page.get_by_role("button", name="Pass the gate").click()
