"""A drawing: bpmn-js draws shapes without a role, so the names of its classes stand here and nowhere else."""

from playwright.sync_api import Locator, Page

SMALLEST = """() => {
  const texts = [...document.querySelectorAll('.djs-container text')].filter((it) => it.textContent.trim());
  const scale = ({ a, b }) => Math.hypot(a, b);
  return Math.min(...texts.map((it) => parseFloat(getComputedStyle(it).fontSize) * scale(it.getScreenCTM())));
}"""
HOLDS = """(id) => {
  const it = document.querySelector(`.djs-shape[data-element-id=${id}]`).getBoundingClientRect();
  const box = document.querySelector('[data-diagram]').getBoundingClientRect();
  return it.left >= box.left && it.right <= box.right && it.top >= box.top && it.bottom <= box.bottom;
}"""
WIDE = """async (pixels) => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return document.querySelector('[data-diagram]').clientWidth >= pixels;
}"""
FILLS = "all => all.map((it) => getComputedStyle(it).fill)"
SEEN = "all => all.filter((it) => it.checkVisibility()).map((it) => it.dataset.elementId)"
MATRIX = "() => document.querySelector('.djs-container .viewport').getCTM()"


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

    def smallest_name(self) -> float:
        """Pixels in which the smallest of the names is read."""
        return float(self._page.evaluate(SMALLEST))

    def holds(self, element: str) -> bool:
        """Whether all of a step can be seen in the box of the drawing."""
        return bool(self._page.evaluate(HOLDS, element))

    def wait_until_it_holds(self, element: str) -> None:
        """Until all of a step can be seen in the box of the drawing."""
        self._page.wait_for_function(HOLDS, arg=element)

    def wait_until_wide(self, pixels: int) -> None:
        """Until the box of the drawing is at least so wide, and what follows a new width has been done."""
        self._page.wait_for_function(WIDE, arg=pixels)

    def seen(self) -> set[str]:
        """Ids of the elements that can be seen, once there are some."""
        self._page.locator(".djs-container .djs-element").first.wait_for(state="attached")
        return set(self._page.eval_on_selector_all(".djs-element", SEEN))

    def fills(self, element: str) -> list[str]:
        """The colours with which a step is filled, as the browser writes them."""
        return self._colours(f".djs-shape[data-element-id={element}] .djs-visual > rect")

    def inks(self, element: str) -> list[str]:
        """The colours in which the names of a step are written."""
        return self._colours(f".djs-shape[data-element-id={element}] text")

    def _colours(self, selector: str) -> list[str]:
        return list(self._page.eval_on_selector_all(selector, FILLS))

    def zoom(self) -> float:
        """How large it is drawn; 1: as in the file."""
        return float(self._page.evaluate(f"({MATRIX})().a"))

    def left(self) -> float:
        """Pixels by which the drawing is pushed to the right."""
        return float(self._page.evaluate(f"({MATRIX})().e"))
