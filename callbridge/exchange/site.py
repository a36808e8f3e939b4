"""The exchange's web application: REST, control API and the browser phone, on loopback only."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from callbridge.exchange.control import Control
from callbridge.exchange.delivery import is_loopback
from callbridge.exchange.rest import Recorder, Rest
from callbridge.exchange.switchboard import Exchange
from callbridge.exchange.tuning import Tuning
from callbridge.exchange.watching import Watching

PHONE = Path(__file__).parent / "static" / "phone"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; media-src 'self'; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_NO_PHONE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Exchange</title>
<h1>Telephone exchange</h1>
<p>The browser phone is not installed here. The control API is at <a href="/exchange">/exchange</a>,
its description in docs/exchange.md.</p></html>
"""


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse pages of other origins and names that merely resolve to this machine."""
    origin = request.headers.get("Origin")
    if not is_loopback(f"http://{request.host}"):
        return web.Response(status=403, text="This exchange answers on loopback only.\n")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return web.Response(status=403, text="Pages of other origins may not use the exchange.\n")
    try:
        response = await handler(request)
    except web.HTTPException as refusal:
        refusal.headers.update(HEADERS)
        raise
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


async def phone(_: web.Request) -> web.StreamResponse:
    """Show the browser phone, or say where the API is."""
    page = PHONE / "index.html"
    if page.is_file():
        return web.FileResponse(page)
    return web.Response(text=_NO_PHONE, content_type="text/html")


async def phone_file(request: web.Request) -> web.StreamResponse:
    """Serve what the browser phone's page names beside itself."""
    file = PHONE / request.match_info["file"]
    if not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file)


def make_site(exchange: Exchange, recorder: Recorder | None = None) -> web.Application:
    """Put the application together; it closes the exchange when it stops."""
    site = web.Application(middlewares=[guard], client_max_size=256 * 1024)
    site.add_routes([web.get("/", phone)])
    for part in (Control(exchange), Tuning(exchange), Watching(exchange)):
        site.add_routes(part.routes())
    site.add_routes(Rest(exchange, recorder).routes())
    site.add_routes([web.get("/{file:[a-z0-9-]+\\.(?:js|css|svg|png|mp3)}", phone_file)])

    async def close(_: web.Application) -> None:
        await exchange.close()

    site.on_cleanup.append(close)
    return site


async def listen(site: web.Application, *, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Serve on loopback; return the runner and the address.

    Raises ValueError for other hosts and OSError for a port that is taken; the site is then
    cleaned up.
    """
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        _refuse_elsewhere(host)
        await web.TCPSite(runner, host, port, backlog=1024).start()
    except (OSError, ValueError):
        await runner.cleanup()
        raise
    bound = runner.addresses[0][1]
    return runner, f"http://{f'[{host}]' if ':' in host else host}:{bound}"


def _refuse_elsewhere(host: str) -> None:
    if not is_loopback(f"http://{f'[{host}]' if ':' in host else host}"):
        raise ValueError(f"the exchange listens on loopback only, not on {host}")
