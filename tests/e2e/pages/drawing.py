"""A drawing: bpmn-js draws shapes without a role, so the names of its classes stand here and nowhere else."""

from playwright.sync_api import Locator, Page


class Drawing:
    """The drawing on a page; steps go by the ids that the model gives them."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def wait(self) -> None:
        """Until it is there."""
        self._page.locator(".djs-container").wait_for()

    def step(self, element: str) -> Locator:
        """What is drawn of a step."""
        return self._page.locator(f"[data-element-id={element}]").first

    def choose(self, element: str) -> None:
        """Click on a step, wherever lines and badges lie over it."""
        self._page.locator(f"[data-element-id={element}] .djs-hit").first.click(force=True)

    def chosen(self, element: str) -> Locator:
        """The step while it is the chosen one."""
        return self._page.locator(f"[data-element-id={element}].chosen").first

    def marked(self, element: str, mark: str) -> Locator:
        """The step while it is marked as `added`, `changed` or `removed`."""
        return self._page.locator(f".djs-element.mark-{mark}[data-element-id={element}]")

    def changed_flow(self) -> Locator:
        """The line of a flow that is marked as changed."""
        return self._page.locator("g.djs-connection.mark-changed > .djs-visual > :first-child").first

    def number(self) -> Locator:
        """The first of the figures that stand at its steps."""
        return self._page.locator(".heat-label").first

    def watermark(self) -> Locator:
        """Whose library draws it, which its licence asks to show."""
        return self._page.locator(".bjs-powered-by")
