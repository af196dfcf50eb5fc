"""Takes the language and the theme that somebody chose in the user menu, and goes back."""

from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboards import resources
from dashboards.gate.requests import in_language, local_path, small_form
from dashboards.gate.responses import refusal
from dashboards.words.languages import known_language
from dashboards.words.messages import message
from operations.kernel import By, Refused
from operations.preferences import NOTHING_CHOSEN, THEMES, Preferences, prefer
from operations.sessions import Session  # noqa: TC001 - as in the other routes


def routes() -> list[Route]:
    """Return the route for the application."""
    return [Route("/preferences", choose, methods=["POST"])]


async def choose(request: Request) -> Response:
    """Keep the choice with the account, and show the page again where it was made."""
    session: Session = request.scope["kontor.session"]
    form = await small_form(request)
    theme = next((known for known in THEMES if known == form.get("theme")), None)
    chosen = Preferences(known_language(form.get("language")), theme)
    if chosen == NOTHING_CHOSEN:
        return refusal(request.scope, 400, message("There is no such choice."))
    by = By(session.account_name, resources.now())
    try:
        await run_in_threadpool(prefer, resources.current().store, chosen, by)
    except Refused:  # the account was closed a moment ago
        return refusal(request.scope, 403, message("Please sign in."))
    return RedirectResponse(_came_from(request), status_code=303)


def _came_from(request: Request) -> str:
    """Return the page where the form was; what its address said of the language is overruled."""
    try:
        page = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # no browser's
        return "/"
    return in_language(local_path(f"{page.path}?{page.query}"), None)
