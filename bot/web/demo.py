"""The demo's pages: three phones, a mailbox and a clock, live."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.templating import Jinja2Templates

from bot.adapters.demo.room import Room
from bot.adapters.demo.values import TEAM, RoomFile, private_chat
from bot.errors import SettingError
from bot.texts import LANGUAGES, catalogue, text
from bot.web.demo_forms import Form, read_form
from bot.web.demo_moments import QUICK, NextMorning, moments, next_weekday_morning, written_moment
from bot.web.demo_state import (
    SHOWN_IMAGES,
    Json,
    ReceivedMail,
    clock_state,
    mail_list,
    mail_whole,
    room_state,
)
from bot.web.demo_story import Story, follow
from bot.work.clock import MovableClock

SAY_LIMIT = 21_000_000
_WATCHING_AT_MOST = 24
_SIGN_OF_LIFE = 15.0
_BURST = 0.03
_LANGUAGE_COOKIE = "fluister_language"

Answer = Callable[[Request], Awaitable[Response]]


class Mailbox(Protocol):
    """The mail of team@, read back from the server it was delivered to, newest first.

    Everything happens on the app's event loop.
    """

    def messages(self) -> Sequence[ReceivedMail]: ...

    def message(self, number: int) -> ReceivedMail | None: ...

    def mark_read(self, number: int) -> None: ...

    def on_mail(self, listener: Callable[..., None]) -> None: ...


def demo_routes(
    room: Room,
    mailbox: Mailbox,
    clock: MovableClock,
    after_move: Callable[[], Awaitable[None]],
    story: bool = True,
    next_morning: NextMorning = next_weekday_morning,
    manage: str = "",
) -> list[BaseRoute]:
    """Return the demo's routes; `after_move` is awaited after the clock was put elsewhere.

    `next_morning` finds the next working moment after a given one (both aware UTC). `manage` is
    where an admin's pages are, if there are any.
    """
    demo = _Demo(room, mailbox, clock, after_move, story, next_morning, manage)
    return [
        Route("/", demo.page),
        Route("/live", demo.live),
        Route("/state", demo.state),
        Route("/say", _kindly(demo.say), methods=["POST"]),
        Route("/edit", _kindly(demo.edit), methods=["POST"]),
        Route("/delete", _kindly(demo.delete), methods=["POST"]),
        Route("/press", _kindly(demo.press), methods=["POST"]),
        Route("/clock", _kindly(demo.move_clock), methods=["POST"]),
        Route("/story", _kindly(demo.tell_story), methods=["POST"]),
        Route("/mail", demo.mails),
        Route("/mail/{number:int}", demo.mail),
        Route("/file/{line_id}/{index:int}", demo.file),
    ]


class _Demo:
    """The pages of one room. Everything runs on the app's event loop."""

    def __init__(
        self,
        room: Room,
        mailbox: Mailbox,
        clock: MovableClock,
        after_move: Callable[[], Awaitable[None]],
        story: bool,
        next_morning: NextMorning,
        manage: str,
    ) -> None:
        self._manage = manage
        self._room = room
        self._mailbox = mailbox
        self._clock = clock
        self._after_move = after_move
        self._moments = moments(next_morning)
        self._story = Story(shown=story)
        self._seen = 0
        self._nudges: set[asyncio.Event] = set()
        folder = Path(str(resources.files("bot.web"))) / "templates"
        self._templates = Jinja2Templates(directory=folder)
        mailbox.on_mail(self._mail_came)

    # Looking

    async def page(self, request: Request) -> Response:
        language = _language(request)
        context = {
            "language": language,
            "languages": LANGUAGES,
            "t": lambda key, **values: text(f"demo.{key}", language, **values),
            "texts": _texts(language),
            "token": request.app.state.token,
            "people": self._room.people,
            "title": self._room.title,
            "moments": list(self._moments),
            "quick": QUICK,
            "manage": self._manage,
        }
        answer = self._templates.TemplateResponse(request, "demo.html", context)
        if "lang" in request.query_params:
            answer.set_cookie(_LANGUAGE_COOKIE, language, httponly=True, samesite="strict")
        return answer

    async def state(self, request: Request) -> Response:
        del request
        return JSONResponse(self._state())

    async def live(self, request: Request) -> Response:
        """Stream the whole state whenever something changed: reconnecting misses nothing."""
        del request
        if len(self._nudges) >= _WATCHING_AT_MOST:
            return Response(status_code=503, headers={"retry-after": "5"})
        return StreamingResponse(self._states(), media_type="text/event-stream")

    async def mails(self, request: Request) -> Response:
        del request
        return JSONResponse(mail_list(self._mailbox.messages()))

    async def mail(self, request: Request) -> Response:
        mail = self._mailbox.message(request.path_params["number"])
        if mail is None:
            return _unkind(404, "demo.errors.gone", _language(request))
        self._catch_up()
        self._mailbox.mark_read(mail.number)
        self._story.mail_was_read()
        self._nudge()
        return JSONResponse(mail_whole(mail))

    async def file(self, request: Request) -> Response:
        line = self._room.line(request.path_params["line_id"])
        index = request.path_params["index"]
        if line is None or index >= len(line.files):
            return _unkind(404, "demo.errors.gone", _language(request))
        return _file(line.files[index])

    # Doing

    async def say(self, form: Form) -> None:
        who = form.value("who")
        chat = TEAM if form.value("chat") == "group" else private_chat(who)
        files = [
            RoomFile(file.filename or "bestand", _mime(file.content_type), await file.read())
            for file in form.files
        ]
        self._room.say(who, chat, form.value("text"), files, form.value("reply_to") or None)

    async def edit(self, form: Form) -> None:
        self._room.edit(form.value("who"), form.value("line"), form.value("text"))

    async def delete(self, form: Form) -> None:
        self._room.delete(form.value("who"), form.value("line"))

    async def press(self, form: Form) -> None:
        self._room.press(form.value("who"), form.value("token"))

    async def move_clock(self, form: Form) -> None:
        named = self._moments.get(form.value("moment"))
        moment = named(self._clock.now()) if named else written_moment(form.value("moment"))
        if moment is None:
            raise SettingError("demo.errors.moment")
        self._clock.set(moment)
        self._nudge()
        await self._after_move()
        self._nudge()

    async def tell_story(self, form: Form) -> None:
        self._catch_up()
        match form.value("do"):
            case "skip":
                self._story.skip()
            case "restart":
                self._story.restart()
            case "close":
                self._story.put_away()
            case _:
                raise SettingError("demo.errors.unknown")
        self._nudge()

    # Keeping the page live

    def _state(self) -> Json:
        self._catch_up()
        return {
            **room_state(self._room),
            "clock": clock_state(self._clock.now()),
            "mails": mail_list(self._mailbox.messages()),
            "story": {
                "shown": self._story.shown,
                "step": self._story.step.value,
                "number": self._story.number,
                "total": self._story.total,
            },
        }

    async def _states(self) -> AsyncIterator[str]:
        nudge = asyncio.Event()
        self._nudges.add(nudge)
        watching = asyncio.create_task(self._watch(nudge))
        await asyncio.sleep(0)
        try:
            while not watching.done():
                nudge.clear()
                yield f"retry: 800\ndata: {json.dumps(self._state())}\n\n"
                await asyncio.sleep(_BURST)
                while not await _within(nudge.wait(), _SIGN_OF_LIFE):
                    yield ": still here\n\n"
        finally:
            self._nudges.discard(nudge)
            watching.cancel()

    async def _watch(self, nudge: asyncio.Event) -> None:
        async for _ in self._room.subscribe():
            nudge.set()
        nudge.set()

    def _catch_up(self) -> None:
        follow(self._story, self._room.changes.since(self._seen))
        self._seen = self._room.changes.number

    def _nudge(self) -> None:
        for nudge in self._nudges:
            nudge.set()

    def _mail_came(self, *_mail: object) -> None:
        self._catch_up()
        self._story.mail_came()
        self._nudge()


def _kindly(do: Callable[[Form], Awaitable[None]]) -> Answer:
    """Wrap what a form asks for, so that a refusal is told in the reader's language."""

    async def answer(request: Request) -> Response:
        try:
            async with read_form(request) as form:
                await do(form)
        except SettingError as error:
            return _unkind(422, error.key, _language(request), **error.values)
        return JSONResponse({"ok": True})

    return answer


def _unkind(status: int, key: str, language: str, **values: str) -> Response:
    return JSONResponse({"error": text(key, language, **values)}, status_code=status)


def _language(request: Request) -> str:
    wanted = request.query_params.get("lang") or request.cookies.get(_LANGUAGE_COOKIE, "nl")
    return wanted if wanted in LANGUAGES else "nl"


def _texts(language: str) -> dict[str, str]:
    """Return the texts the scripts need, by key."""
    keys = [key for key in catalogue("nl") if key.startswith(("demo.live.", "demo.story."))]
    return {key.removeprefix("demo."): text_as_written(key, language) for key in keys}


def text_as_written(key: str, language: str) -> str:
    """Return a text with its gaps left open; the page fills them."""
    return catalogue(language).get(key, catalogue("nl")[key])


def _mime(content_type: str | None) -> str:
    mime = (content_type or "").partition(";")[0].strip().lower()
    return mime if mime.isascii() and mime.count("/") == 1 else "application/octet-stream"


def _file(file: RoomFile) -> Response:
    """Answer with a file that can only ever be a picture or a download."""
    shown = file.mime in SHOWN_IMAGES
    headers = {"content-security-policy": "default-src 'none'; sandbox"}
    if not shown:
        headers["content-disposition"] = "attachment"
    mime = file.mime if shown else "application/octet-stream"
    return Response(file.content, media_type=mime, headers=headers)


async def _within(waiting: Awaitable[object], seconds: float) -> bool:
    try:
        await asyncio.wait_for(waiting, seconds)
    except TimeoutError:
        return False
    return True
