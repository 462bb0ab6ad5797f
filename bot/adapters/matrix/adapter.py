"""Matrix as a platform: check who we are, hear, hand on, act."""

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import assert_never

from bot.adapters.base import (
    Action,
    AdapterState,
    Done,
    LockGroup,
    OnIncoming,
    Post,
    RemoveMessage,
    ShowPrivately,
    Snooze,
    UnlockGroup,
)
from bot.adapters.kept import Kept
from bot.adapters.matrix.arriving import Arriving
from bot.adapters.matrix.calls import CLIENT, Calls, RefusedError, keep_quiet
from bot.adapters.matrix.content import read_ref
from bot.adapters.matrix.crypto import Crypto, open_file
from bot.adapters.matrix.gate import Gate
from bot.adapters.matrix.inbox import Inbox
from bot.adapters.matrix.judging import Judging
from bot.adapters.matrix.locks import Locks
from bot.adapters.matrix.marks import Marks
from bot.adapters.matrix.nights import Nights
from bot.adapters.matrix.posts import Posts
from bot.adapters.matrix.reading import words
from bot.adapters.matrix.removing import Removing
from bot.adapters.matrix.rooms import Rooms
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.syncing import EXPIRED, EXPIRED_PAUSE, FIRST_PAUSE, LONGEST_PAUSE, Syncing
from bot.adapters.matrix.values import LARGEST_FILE, PLATFORM, Settings
from bot.adapters.matrix.whispers import Whispers
from bot.core.capabilities import Capabilities
from bot.core.events import Account, Attachment, ChatRef
from bot.errors import DeliveryError, StorageError

NO_LIMIT = timedelta(days=36_500)
SWEEP_SECONDS = 3600.0
GUARD_SECONDS = 60.0
_log = logging.getLogger(__name__)


class MatrixAdapter:
    """One bot on one homeserver.

    Whether a message was delivered says each event itself, so `hold_before_delivery` stays off:
    what the module let pass has been seen.
    """

    name = PLATFORM
    capabilities = Capabilities(
        delete_others=NO_LIMIT,
        dm_first=True,
        lock=True,
        silent=True,
        buttons=True,
        sees_edits=True,
        sees_deletes=True,
    )

    def __init__(self, settings: Settings, on_incoming: OnIncoming, state: AdapterState) -> None:
        keep_quiet()
        self._settings = settings
        self._calls = calls = Calls(settings.homeserver, settings.token)
        self._rooms = rooms = Rooms(state, settings.user)
        self._crypto = crypto = Crypto(settings, state, calls)
        self._sender = sender = Sender(calls, crypto)
        self._marks = marks = Marks(sender, state)
        self._whispers = whispers = Whispers(sender, rooms, marks)
        self._posts = posts = Posts(sender, rooms)
        self._removing = removing = Removing(sender, rooms, crypto, state)
        locks = Locks(sender, state, settings.user)
        self._nights = nights = Nights(state, locks, rooms)
        kept = Kept(posts.post, self.fetch, whispers.answer)
        self._inbox = inbox = Inbox(on_incoming, state, rooms, crypto, sender, whispers, kept,
                                    marks, removing, nights, bridges=settings.bridges)  # fmt: skip
        self._arriving = Arriving(settings, state, rooms, sender, crypto, locks, inbox)
        judging = Judging(inbox, rooms, removing, nights)
        inbox.settled = judging.settled
        self._gate = Gate(settings, judging.judge)
        self._syncing = Syncing(calls, state, rooms, crypto, inbox, self._arriving)
        self._connected = False
        self._pause = FIRST_PAUSE

    async def connect(self) -> None:
        """Load what is remembered, check the token, learn the rooms, open the gate.

        A homeserver that does not answer now, or does not know the token any more, is waited for
        in `receive`: stopping would only have us started again, and again.
        """
        for kept in (self._rooms, self._marks, self._removing, self._nights, self._inbox,
                     self._arriving):  # fmt: skip
            await kept.load()
        await self._gate.open()
        try:
            await self._begin()
        except DeliveryError as refused:
            if refused.permanent:
                raise
            self._pause = _waiting(refused, FIRST_PAUSE)

    async def receive(self) -> None:
        """Hand events on until cancelled."""
        beside = [asyncio.create_task(self._sweep()), asyncio.create_task(self._guard())]
        try:
            await self._connecting()
            await self._syncing.run()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _begin(self) -> None:
        """Everything that needs the homeserver to answer; it may be done again."""
        device = await self._sign_in()
        await self._crypto.close()
        await self._crypto.open(device)
        self._whispers.encrypts = self._crypto.available
        await self._syncing.start()
        self._connected = self._gate.ready = True

    async def _connecting(self) -> None:
        """Come in where `connect` could not, however long that takes."""
        while not self._connected:
            await asyncio.sleep(self._pause)
            try:
                await self._begin()
            except DeliveryError as refused:
                self._pause = _waiting(refused, min(LONGEST_PAUSE, self._pause * 2))
            except StorageError:
                self._pause = min(LONGEST_PAUSE, self._pause * 2)
            else:
                _log.warning("matrix: the homeserver answers")

    async def act(self, action: Action, key: str) -> Done:
        """Carry one action out; only `DeliveryError` leaves."""
        if not self._connected:
            raise DeliveryError("matrix: not connected yet", permanent=False)
        try:
            return await self._carry_out(action, key)
        except (DeliveryError, StorageError):
            raise
        except Exception as error:  # noqa: BLE001 - an answer of a shape nobody knows
            raise DeliveryError(
                f"matrix: {type(action).__name__}: {type(error).__name__}",
                permanent=False,
                uncertain=True,
            ) from None

    async def _carry_out(self, action: Action, key: str) -> Done:
        match action:
            case ShowPrivately():
                return await self._whispers.show(action, key)
            case RemoveMessage():
                return await self._removing.remove(action, key)
            case Post():
                return await self._posts.post(action, key)
            case LockGroup():
                notice = await self._nights.lock(action, key, gate=self._gate.alive)
                return await self._posts.post(notice, key) if notice is not None else Done()
            case UnlockGroup(chat):
                await self._nights.unlock(chat)
                return Done()
            case Snooze():
                raise DeliveryError("matrix: nobody can be silenced", permanent=True)
            case _:
                assert_never(action)

    async def fetch(self, attachment: Attachment) -> bytes:
        """Return a file's bytes, decrypted; too large, gone or changed is a permanent error."""
        if (attachment.size or 0) > LARGEST_FILE:
            raise DeliveryError("matrix: a file larger than 20 MB", permanent=True)
        url, locked = read_ref(attachment.ref)
        content = await self._calls.download(url, LARGEST_FILE)
        await self._removing.copied(url)
        return open_file(content, locked) if locked is not None else content

    async def member_count(self, chat: ChatRef) -> int | None:
        room = self._rooms.find(self._rooms.now(chat))
        return len(room.people(self._settings.user)) if room is not None else None

    async def is_member(self, chat: ChatRef, account: Account) -> bool | None:
        room = self._rooms.find(self._rooms.now(chat))
        return account.user in room.members if room is not None else None

    async def close(self) -> None:
        self._connected = False
        self._gate.ready = False
        await self._gate.close()
        await self._marks.close()
        await self._crypto.close()
        await self._calls.close()

    @property
    def gate_alive(self) -> bool:
        """Whether the Synapse module spoke in the last minute."""
        return self._gate.alive

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            with contextlib.suppress(DeliveryError, StorageError):
                await self._inbox.sealed.sweep()
                await self._removing.sweep()

    async def _guard(self) -> None:
        """Close the groups that rest when the module that should hold messages is silent."""
        while self._settings.gate_secret:
            await asyncio.sleep(GUARD_SECONDS)
            if not self._connected or self._gate.alive:
                continue
            with contextlib.suppress(DeliveryError, StorageError):
                async for post, key in self._nights.guard():
                    await self._posts.post(post, key)

    async def _sign_in(self) -> str:
        """The device this token belongs to."""
        try:
            me = await self._calls.get(f"{CLIENT}/account/whoami")
        except DeliveryError as refused:
            if refused.permanent:
                raise DeliveryError(
                    f"matrix: FLUISTER_MATRIX_HOMESERVER does not answer as one ({refused})",
                    permanent=True,
                ) from None
            raise
        if not words(me, "user_id"):
            raise DeliveryError("matrix: GET whoami: an answer that is none", permanent=False)
        return self._ours(words(me, "user_id"), words(me, "device_id"))

    def _ours(self, user: str, device: str) -> str:
        if user != self._settings.user:
            raise DeliveryError(
                "matrix: FLUISTER_MATRIX_TOKEN belongs to another user than FLUISTER_MATRIX_USER",
                permanent=True,
            )
        return device


def _waiting(refused: DeliveryError, pause: float) -> float:
    """Say why the homeserver is waited for; for how long, at the least `pause`."""
    if isinstance(refused, RefusedError) and refused.expired:
        _log.error(EXPIRED)
        return EXPIRED_PAUSE
    if refused.permanent:
        _log.error("%s", refused)
        return EXPIRED_PAUSE
    _log.warning("matrix: the homeserver does not answer; waiting for it (%s)", refused)
    return max(pause, refused.retry_after or 0.0)
