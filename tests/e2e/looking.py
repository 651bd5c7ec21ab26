"""What every page is held to in a browser: no complaint, nothing that axe finds, no sideways scrolling."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

from tests.e2e.pages.sign_in import sign_in
from tests.thoroughness import TIMES

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

WINDOWS: dict[str, dict[str, Any]] = {
    "desktop": {"width": 1280},
    "dark": {"width": 1280, "dark": True},
    "phone": {"width": 390, "height": 844},
    "phone-dark": {"width": 390, "height": 844, "dark": True},
}
IN_TURN = (("desktop", "phone-dark"), ("dark", "phone"))
"""One page is looked at in the first two, the next one in the others: what all pages share is seen in all four, the
page's own at both sizes and in both colours. Pictures and `make proof` take all four of each page."""
ANEW = ("color-contrast", "target-size", "scrollable-region-focusable")
"""The markup is the same in every window, so a page is opened once, and made dark and narrow where it stands: colours,
sizes and what scrolls are looked at anew."""

OF_LEAVING = ("Failed to load resource", "htmx:afterRequest", "htmx:sendAbort", "htmx:sendError")
"""What a browser says of answers that are no pages, and of requests that a page leaves behind when it is left."""


class Looker:
    """One window of a person."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._looked_at = 0
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(OF_LEAVING):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto("/sign-in")
        sign_in(self.page, username, password)
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def become(self, *, width: int = 1280, height: int = 860, dark: bool = False) -> None:
        """Another size and colour scheme of the window, with the page that is open."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if dark else "light")

    def visit(self, path: str, *, status: int = 200) -> Page:
        """Open a page that answers with `status`, and wait until its drawings are there."""
        answer = self.page.goto(path, wait_until="load")
        assert answer is None or answer.status == status, f"{path} answers {answer.status}"
        self.settle()
        return self.page

    def settle(self) -> None:
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('[data-diagram]')].every((box) =>"
            " !box.checkVisibility() || box.getBoundingClientRect().top > innerHeight + 400"
            " || box.dataset.drawn === 'done' || box.querySelector('.waiting[data-why]'))"
        )

    def check(self, name: str = "", *, only: Sequence[str] = ()) -> None:
        """No violation of accessibility rules, nothing wider than the window; keeps a picture when asked to.

        `only`: the rules that can come to something else than in a window where all of them were looked at.
        """
        self.keep(name)
        found = self.violations(only)
        assert not found, "\n".join(found)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"

    def check_in_every_window(self, name: str) -> None:
        """The page that is open, at a desk and on a phone, light and dark; the window is as at a desk afterwards."""
        everywhere = TIMES > 1 or "SCREENSHOTS" in os.environ
        windows = tuple(WINDOWS) if everywhere else IN_TURN[self._looked_at % len(IN_TURN)]
        self._looked_at += 1
        for window in windows:
            self.become(**WINDOWS[window])
            self.settle()
            self.check(f"{name}-{window}", only=() if window == windows[0] else ANEW)
        self.become()

    def keep(self, name: str) -> None:
        """A picture into the folder that SCREENSHOTS names, if it names one."""
        folder = os.environ.get("SCREENSHOTS")
        if folder and name:
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def violations(self, only: Sequence[str] = ()) -> list[str]:
        """What axe finds by all rules, or by those alone."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        run = {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": RULES}
        found: dict[str, Any] = self.page.evaluate(
            "(run) => axe.run({exclude: [['.djs-container']]}, {runOnly: run, resultTypes: ['violations']})", run
        )
        return [
            f"{self.page.url} {each['id']}: {node['target']} {node.get('failureSummary', '')}"
            for each in found["violations"]
            for node in each["nodes"]
        ]
