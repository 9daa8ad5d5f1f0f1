"""The page's files and its small API under /sandbox/: JSON for what is asked, a websocket for what happens."""

import secrets
import unicodedata
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web
from yarl import URL

from sandbox.errors import ApiError, ClientRefused, NotAnswered
from sandbox.page.acting import ACTIONS, Acting
from sandbox.page.cast import MAX_NAME, Cast, Part
from sandbox.page.forms import Form, read_form
from sandbox.page.suggestion import Suggestion
from sandbox.page.tabs import Tab
from sandbox.page.views import commands_view, history_view, person_view, pins_view
from sandbox.page.workbench import Workbench
from sandbox.person import Person

if TYPE_CHECKING:
    from sandbox.server import Sandbox

PREFIX: Final = "/sandbox"
HISTORY: Final = 100
_STATIC: Final = Path(__file__).parent / "static"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """Serves the page of one sandbox; `run` tells tabs whether it is still the same one."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.cast = Cast(sandbox)
        self.workbench = Workbench(sandbox)
        self.suggestion: Suggestion | None = None
        self.sockets: set[web.WebSocketResponse] = set()
        self.run = secrets.token_hex(8)
        self._acting = Acting(sandbox)

    def mount(self, app: web.Application) -> None:
        """Add the routes; requests that another site's page could make are turned away."""
        get, post = app.router.add_get, app.router.add_post
        get("/", _to_page)
        get(PREFIX, _to_page)
        get(f"{PREFIX}/", _guarded(self._index))
        get(f"{PREFIX}/socket", _guarded(self._socket))
        get(f"{PREFIX}/history", _guarded(self._history))
        get(f"{PREFIX}/pins", _guarded(self._pins))
        get(f"{PREFIX}/commands", _guarded(self._commands))
        get(f"{PREFIX}/suggested/{{option}}", _guarded(self._suggested))
        get(f"{PREFIX}/workbench", _guarded(self._workbench))
        post(f"{PREFIX}/act/{{action}}", _guarded(self._act))
        post(f"{PREFIX}/people", _guarded(self._add_person))
        post(f"{PREFIX}/workbench/{{what}}", _guarded(self._change))
        app.router.add_static(f"{PREFIX}/static/", _STATIC)
        app.on_response_prepare.append(_harden)

    async def close(self) -> None:
        """Say goodbye to every tab."""
        for socket in tuple(self.sockets):
            await socket.close(code=1001)

    def _person(self, request: web.Request) -> Person:
        self.cast.ensure()
        found = self.cast.find(request.query.get("as", ""), request.query.get("name", ""))
        if found is None:
            raise ClientRefused("unknown_person", request.query.get("as", ""))
        return found

    async def _index(self, request: web.Request) -> web.StreamResponse:
        self.cast.ensure()
        return web.FileResponse(_STATIC / "index.html")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        self.cast.ensure()
        found = self.cast.find(request.query.get("as", ""), request.query.get("name", ""))
        return await Tab(self, found or self.cast.first()).serve(request)

    async def _history(self, request: web.Request) -> web.Response:
        person = self._person(request)
        channel = self._acting.channel(person, request.query.get("channel"))
        before = request.query.get("before", "")
        return _json(history_view(person, channel, int(before) if before.isdecimal() else None, HISTORY))

    async def _pins(self, request: web.Request) -> web.Response:
        person = self._person(request)
        return _json(pins_view(person, self._acting.channel(person, request.query.get("channel"))))

    async def _commands(self, request: web.Request) -> web.Response:
        person = self._person(request)
        return _json(commands_view(person, self._acting.channel(person, request.query.get("channel"))))

    async def _suggested(self, request: web.Request) -> web.Response:
        files = {} if self.suggestion is None else self.suggestion.files
        upload = files.get(request.match_info["option"])
        if upload is None:
            raise web.HTTPNotFound
        return web.Response(body=upload.data)

    async def _workbench(self, request: web.Request) -> web.Response:
        return _json(self.workbench.state())

    async def _act(self, request: web.Request) -> web.Response:
        action = ACTIONS.get(request.match_info["action"])
        if action is None:
            raise web.HTTPNotFound
        person = self._person(request)
        return _json(await action(self._acting, person, await read_form(request)))

    async def _add_person(self, request: web.Request) -> web.Response:
        form = await read_form(request)
        name = " ".join(form.text("name").split())
        # Marks that nobody sees make no name.
        if not 1 <= len(name) <= MAX_NAME or all(unicodedata.category(one)[0] in "CZM" for one in name):
            raise ClientRefused("wrong_length", "name", (1, MAX_NAME))
        if self.cast.find("", name) is not None:
            raise ClientRefused("taken", name)
        part = Part(name, form.text("locale") or "en-US", bool(form.body.get("instructor")))
        return _json(person_view(self.cast.add(part)))

    async def _change(self, request: web.Request) -> web.Response:
        form, what = await read_form(request), request.match_info["what"]
        if what == "clock":
            self.workbench.advance(float(form.body["seconds"]))
        elif what == "trouble":
            self.workbench.begin(form.text("id"))
        elif what == "permission":
            self.workbench.permit(form.text("name"), allowed=bool(form.body.get("allowed")))
        elif what == "calm":
            self.workbench.calm()
        else:
            self._change_channel(request, form, what)
        return _json(self.workbench.weather())

    def _change_channel(self, request: web.Request, form: Form, what: str) -> None:
        if what == "add-channel":
            self.sandbox.guild.add_channel(form.text("name") or "general")
        elif what == "delete-channel":
            self.workbench.delete_channel(self._acting.channel(self._person(request), form.body.get("channel")))
        else:
            raise web.HTTPNotFound


def _json(body: object) -> web.Response:
    return web.json_response(body)


async def _to_page(request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": f"{PREFIX}/"})


def _guarded(serve: Serve) -> Serve:
    """Serve only what this machine's own page asks for, and tell refusals as JSON.

    A refusal is an outcome and no failure of the request, so its status is 200; browsers log every other one as an
    error of the page.
    """

    async def guarded(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if URL(f"http://{request.host}").host not in _LOOPBACK or (origin and URL(origin).authority != request.host):
            return web.Response(status=403, text="The sandbox answers only its own page on this machine.")
        try:
            return await serve(request)
        except ClientRefused as refused:
            reason = {"rule": refused.rule, "subject": refused.subject, "limit": refused.limit}
            return _json({"refused": reason})
        except NotAnswered:
            return _json({"silent": True})
        except ApiError as error:
            return _json({"refused": {"rule": "api", "subject": error.message, "limit": None}})

    return guarded


async def _harden(request: web.Request, response: web.StreamResponse) -> None:
    if request.path.startswith(PREFIX):
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "no-cache")
