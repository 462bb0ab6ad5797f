"""Signing in: a one-time link from the private chat, then a cookie that only this site sees.

Looking at the link changes nothing, so that a chat's preview cannot use it up; the page's button
does. Every change needs the session's own token in a header beside the page's.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.templating import Jinja2Templates

from bot.core.events import Account
from bot.delivery.house import House
from bot.errors import SettingError
from bot.storage.records import Refusal, Session
from bot.texts import LANGUAGES, catalogue, has, text

CSRF_HEADER = "x-fluister-session"
LASTS = timedelta(hours=8)
Page = Callable[[Request, "Guest"], Awaitable[Response]]
Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever is signed in; without an account they came from the terminal."""

    session: Session = field(repr=False)
    admin: bool
    language: str

    @property
    def account(self) -> Account | None:
        return self.session.account


class Door:
    """Lets people in and asks every time who they are."""

    def __init__(self, house: House) -> None:
        self._house = house
        folder = Path(__file__).parent.parent / "templates" / "admin"
        self._templates = Jinja2Templates(directory=folder)

    def open_to(self, page: Page, *, admin: bool) -> Answer:
        """Wrap a page so that only who is signed in sees it, or only an admin."""

        async def answer(request: Request) -> Response:
            guest = await self.guest(request)
            if guest is None:
                return await self._closed(request)
            if admin and not guest.admin:
                return await self._refused(request, guest)
            if request.method != "GET" and not _csrf_fits(request, guest.session):
                return self._wrong("beheer.error.session", guest.language, 403)
            try:
                return await page(request, guest)
            except SettingError as wrong:
                return self._wrong(wrong.key, guest.language, 422, **wrong.values)

        return answer

    async def guest(self, request: Request) -> Guest | None:
        """Who asks, if they are signed in."""
        token = request.cookies.get(self._cookie(), "")
        if not 0 < len(token) <= 200:
            return None
        session = await self._house.repository.session(token, self._house.clock.now())
        if session is None:
            return None
        account = session.account
        admin = account is None or await self._house.repository.is_admin(account)
        return Guest(session, admin, await self._language(request))

    async def link(self, request: Request) -> Response:
        """Show the button that uses a link; the link itself does nothing."""
        language = await self._language(request)
        return self.page(request, "door.html", language, link=request.path_params["token"])

    async def enter(self, request: Request) -> Response:
        """Use a link up and open a session."""
        language = await self._language(request)
        form = await request.form(max_files=0, max_fields=2, max_part_size=1_000)
        token = str(form.get("link", ""))[:200]
        opened = await self._house.repository.redeem_sign_in(token, self._house.clock.now())
        if isinstance(opened, Refusal):
            return self._wrong(f"beheer.door.{opened.value}", language, 403)
        answer = JSONResponse({"ok": True})
        answer.set_cookie(
            self._cookie(), opened.token, max_age=int(LASTS.total_seconds()), path="/",
            secure=self._secure(), httponly=True, samesite="strict",
        )  # fmt: skip
        return answer

    async def leave(self, request: Request, guest: Guest) -> Response:
        """End the session, here and in the database."""
        del request
        await self._house.repository.end_session(guest.session.token)
        answer = JSONResponse({"ok": True})
        answer.delete_cookie(
            self._cookie(), path="/", secure=self._secure(), httponly=True, samesite="strict"
        )
        return answer

    def mark(self, guest: Guest) -> str:
        """Who changed something, as the record keeps it: a hash, or "web" from the terminal."""
        account = guest.account
        return "web" if account is None else self._house.repository.account_mark(account)

    def page(
        self, request: Request, name: str, language: str, guest: Guest | None = None, **more: object
    ) -> Response:
        """Answer with a page in a language; scripts find their texts in it."""
        context = {
            "language": language,
            "t": lambda key, **values: text(f"beheer.{key}", language, **values),
            "texts": _texts(language),
            "token": request.app.state.token,
            "csrf": guest.session.csrf if guest else "",
            "guest": guest,
            **more,
        }
        return self._templates.TemplateResponse(request, name, context)

    async def _closed(self, request: Request) -> Response:
        language = await self._language(request)
        if request.method != "GET" or "json" in request.headers.get("accept", ""):
            return self._wrong("beheer.error.signed_out", language, 401)
        answer = self.page(request, "door.html", language, link="")
        answer.status_code = 401
        return answer

    async def _refused(self, request: Request, guest: Guest) -> Response:
        if request.method == "GET" and "json" not in request.headers.get("accept", ""):
            return RedirectResponse("/beheer/mijn", 303)
        return self._wrong("setup.only_admin", guest.language, 403)

    def _wrong(self, key: str, language: str, status: int, **values: str) -> Response:
        shown = key if has(key) else "beheer.error.unknown"
        return JSONResponse({"error": text(shown, language, **values)}, status_code=status)

    def _secure(self) -> bool:
        return self._house.web.url.startswith("https:")

    def _cookie(self) -> str:
        return "__Host-fluister" if self._secure() else "fluister"

    async def _language(self, request: Request) -> str:
        asked = request.query_params.get("lang") or request.cookies.get("fluister_language")
        if asked in LANGUAGES:
            return str(asked)
        return (await self._house.school()).school.language


def _csrf_fits(request: Request, session: Session) -> bool:
    sent = request.headers.get(CSRF_HEADER, "")
    return hmac.compare_digest(sent.encode("utf-8", "replace"), session.csrf.encode())


def _texts(language: str) -> dict[str, str]:
    """The texts the scripts need, by key, their gaps still open."""
    keys = [key for key in catalogue("nl") if key.startswith("beheer.live.")]
    return {
        key.removeprefix("beheer.live."): catalogue(language).get(key, catalogue("nl")[key])
        for key in keys
    }
