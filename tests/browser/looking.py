"""How the tests of this folder open a page, wait for it and judge what it looks like."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from dashboards.pages import pages_of
from tests.worlds.homes import PASSWORD

ADDRESSES = {
    "olga": [*(f"/{page.path}" for page in pages_of("operator_admin")), "/vendors?vendor=v-002"],
    "mueller": [f"/{page.path}" for page in pages_of("vendor_owner")],
    "newcomer": ["/"],
}


def signed_in(chromium: Browser, url: str, name: str, **how: object) -> BrowserContext:
    context = chromium.new_context(**how)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{url}/login")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button")
    page.wait_for_selector(".k-heading, .k-empty")
    page.close()
    return context


def wait_for(page: Page) -> None:
    page.wait_for_selector(".k-heading, .k-empty")
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")


def overflow(page: Page) -> int:
    return int(
        page.evaluate(
            "Math.max(...[document.documentElement, ...document.querySelectorAll('.stMain')]"
            ".map(part => part.scrollWidth - part.clientWidth))"
        )
    )


def violations(page: Page) -> list[str]:
    """Return what axe-core finds: its rule, and the element."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def cut_off(page: Page) -> list[str]:
    """Return the texts of a page that its box hides a part of, or that leave the screen.

    What stands in a region that scrolls by itself, by keyboard too, is not lost.
    """
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".stMain *, .stSidebar *")].filter((part) => {
            const own = [...part.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
            const box = part.getBoundingClientRect(), style = getComputedStyle(part);
            if (!own || box.width < 2 || !part.checkVisibility() || part.closest("svg"))
                return false;
            // Headings of columns are for ears alone where each cell says its own.
            const head = part.closest("thead");
            if (head && getComputedStyle(head).clipPath.includes("50%")) return false;
            const isClipped = /hidden|clip/.test(style.overflowX)
                && part.scrollWidth > part.clientWidth + 1;
            const leaves = box.right > innerWidth + 1 && !part.closest(".k-matrix[tabindex='0']");
            return isClipped || (part.closest(".stMain") && leaves);
        }).map((part) => part.textContent.trim().slice(0, 80))"""
    )
    return found
