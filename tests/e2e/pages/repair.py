"""The repair menu of a case."""

from playwright.sync_api import Locator, Page


class Repair:
    """What an operator can do to one case; each way is opened by its name and is a form of that name."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, way: str) -> Locator:
        """Open a way to repair, by keyboard; its form."""
        self._page.get_by_text(way, exact=True).first.press("Enter")
        return self._page.get_by_role("form", name=way)

    def send(self, form: Locator, *, reason: str) -> None:
        """Give the reason and send the form with the Enter key."""
        box = form.get_by_label("Reason")
        box.fill(reason)
        box.press("Enter")
