"""What `fluister doctor` looks at on Matrix: token, rooms, encryption, module, uploads, pace."""

import json
import time
from collections.abc import AsyncIterator, Mapping

import aiohttp
from nio.crypto import ENCRYPTION_ENABLED

from bot.adapters.base import Finding
from bot.adapters.matrix.calls import CLIENT, Calls, RefusedError, room_path, safe
from bot.adapters.matrix.gate import HELLO, SIGN, TIME, sign
from bot.adapters.matrix.locks import LEVELS
from bot.adapters.matrix.reading import part, words
from bot.adapters.matrix.room import INFINITE, Room
from bot.adapters.matrix.values import Settings, settings_from
from bot.errors import DeliveryError

_ADMIN = "/_synapse/admin/v1"


async def examine(values: Mapping[str, str]) -> tuple[Finding, ...]:
    """Look at everything; nothing is changed."""
    settings = settings_from(values)
    calls = Calls(settings.homeserver, settings.token)
    try:
        return tuple([finding async for finding in _all(settings, calls)])
    except DeliveryError as refused:
        return (Finding("matrix", False, str(refused)),)
    finally:
        await calls.close()


async def _all(settings: Settings, calls: Calls) -> AsyncIterator[Finding]:
    yield await _token(settings, calls)
    yield _encryption(settings)
    async for finding in _rooms(settings, calls):
        yield finding
    yield await _uploads(settings, calls)
    yield await _pace(settings, calls)
    yield await _module(settings)


async def _token(settings: Settings, calls: Calls) -> Finding:
    try:
        me = await calls.get(f"{CLIENT}/account/whoami")
    except RefusedError as refused:
        if not refused.expired:
            raise
        raise DeliveryError(
            "FLUISTER_MATRIX_TOKEN is not valid (any more): make a new one with"
            " deploy/matrix/register.py",
            permanent=True,
        ) from None
    if words(me, "user_id") != settings.user:
        raise DeliveryError(
            "FLUISTER_MATRIX_TOKEN belongs to another user than FLUISTER_MATRIX_USER",
            permanent=True,
        )
    return Finding("matrix token", True, f"signed in as {settings.user}")


def _encryption(settings: Settings) -> Finding:
    if not ENCRYPTION_ENABLED:
        return Finding(
            "matrix encryption", False, "encrypted rooms cannot be read: vodozemac is not installed"
        )
    kept = any(settings.folder.glob("*.db"))
    says = "keys are kept in " + settings.folder.name if kept else "no keys yet (first start)"
    return Finding("matrix encryption", True, says)


async def _rooms(settings: Settings, calls: Calls) -> AsyncIterator[Finding]:
    joined = (await calls.get(f"{CLIENT}/joined_rooms")).get("joined_rooms")
    looked = 0
    for name in joined if isinstance(joined, list) else []:
        room = await _room(calls, str(name))
        if room.space or room.replaced_by or len(room.others(settings.user)) < 2:
            continue
        looked += 1
        yield _about(settings, room)
    if not looked:
        yield Finding("matrix rooms", True, "in no group yet: invite the bot into the team's room")


async def _room(calls: Calls, name: str) -> Room:
    """A room as its state describes it."""
    room = Room(name)
    for event in await calls.listed(room_path(name, "state")):
        room.apply(event)
    return room


def _about(settings: Settings, room: Room) -> Finding:
    name = f"matrix room {room.name or room.id}"
    if room.bridged:
        says = "bridged: can be read, not closed" if settings.bridges else "bridged: left unread"
        return Finding(name, True, says)
    mine = room.power(settings.user)
    lacks = [
        f"{what} needs {needed}"
        for what, needed in (
            ("removing", room.needed("redact")),
            ("closing at night", room.needed(LEVELS)),
        )
        if mine < needed
    ]
    facts = f"version {room.version}, {'encrypted' if room.encrypted else 'not encrypted'}"
    if mine >= INFINITE:
        facts += ", made by the bot, which therefore stands above all levels"
    if lacks:
        return Finding(name, False, f"{facts}; the bot has power {mine}, but {', '.join(lacks)}")
    return Finding(name, True, f"{facts}; the bot can remove messages and close it at night")


async def _uploads(settings: Settings, calls: Calls) -> Finding:
    try:
        told = await calls.get(f"{_ADMIN}/users/{safe(settings.user)}/admin")
    except RefusedError:
        told = {}
    if told.get("admin") is True:
        return Finding("matrix uploads", True, "files of removed messages are deleted")
    return Finding(
        "matrix uploads",
        True,
        "files of removed messages stay on the server (only a server administrator may delete"
        " them; see docs/matrix.md)",
    )


async def _pace(settings: Settings, calls: Calls) -> Finding:
    try:
        path = f"{_ADMIN}/users/{safe(settings.user)}/override_ratelimit"
        told = await calls.get(path)
    except RefusedError:
        return Finding("matrix pace", True, "unknown: only a server administrator can see it")
    free = told.get("messages_per_second") == 0
    says = "not limited" if free else "limited: buttons may come late (deploy/matrix/register.py)"
    return Finding("matrix pace", True, says)


async def _module(settings: Settings) -> Finding:
    """Ask the running Fluister whether the module spoke to it lately."""
    if not settings.gate_secret:
        return Finding("matrix module", True, "not used: messages are seen before they are judged")
    body = json.dumps({"from": "doctor", "nonce": str(time.time_ns())}).encode()
    at = str(int(time.time()))
    signed = sign(settings.gate_secret.encode(), at.encode() + b"\n" + body)
    url = f"http://{settings.gate_host}:{settings.gate_port}{HELLO}"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
            session.post(url, data=body, headers={TIME: at, SIGN: signed}) as answer,
        ):
            told = part(await answer.json()) if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return Finding("matrix module", False, f"nobody listens on {url}: is Fluister running?")
    if told is None:
        return Finding("matrix module", False, "another program, or another secret, is listening")
    if told.get("module") is not True:
        return Finding(
            "matrix module", False,
            "Fluister listens, but the module in Synapse does not speak: is it installed, and"
            " its secret the same?",
        )  # fmt: skip
    return Finding("matrix module", True, f"speaks; {told.get('missed', 0)} passed unasked")
