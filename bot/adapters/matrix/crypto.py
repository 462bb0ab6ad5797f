"""Encrypted rooms: matrix-nio keeps the keys, in a file of its own in the data folder.

What that file holds is encrypted with a key from the adapter's state. Everybody's devices get the
keys: a school has no way to verify each phone with a bot, and the server's word is what counts.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from nio import AsyncClient, AsyncClientConfig, MegolmEvent, SyncResponse
from nio.crypto import ENCRYPTION_ENABLED
from nio.crypto.attachments import decrypt_attachment, encrypt_attachment
from nio.rooms import MatrixRoom

from bot.adapters.base import AdapterState
from bot.adapters.matrix.calls import CLIENT, Calls
from bot.adapters.matrix.content import Locked
from bot.adapters.matrix.reading import Payload, objects, part, words
from bot.adapters.matrix.room import Room
from bot.adapters.matrix.values import Settings
from bot.errors import DeliveryError

_KEY = "crypto-key"
_ABOUT_DEVICES = ("device_lists", "device_one_time_keys_count")
_log = logging.getLogger(__name__)


class Crypto:
    """The bot's device. Where the libraries cannot encrypt, it says so and reads nothing."""

    def __init__(self, settings: Settings, state: AdapterState, calls: Calls) -> None:
        self._settings = settings
        self._state = state
        self._calls = calls
        self._client: AsyncClient | None = None
        self._turn = asyncio.Lock()

    @property
    def available(self) -> bool:
        return self._client is not None and self._client.olm is not None

    async def open(self, device: str) -> None:
        """Load this device's keys, or make them."""
        if not ENCRYPTION_ENABLED or not device:
            return
        folder = self._settings.folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        client = AsyncClient(
            self._settings.homeserver,
            self._settings.user,
            store_path=str(folder),
            config=AsyncClientConfig(
                max_limit_exceeded=3,
                max_timeouts=2,
                request_timeout=30,
                pickle_key=await self._pickle_key(),
            ),
        )
        kept = _restored(client, device, self._settings)
        _protect(folder)
        told = kept and (client.olm is None or client.olm.account.shared)
        if told or (kept and not await self._had(device)):
            self._client = client
        else:
            _log.error(
                "matrix: the keys of this token are gone from %s, so encrypted rooms cannot be"
                " read. Make a new token (deploy/matrix/register.py) and set FLUISTER_MATRIX_TOKEN",
                folder.name,
            )
            await client.close()

    async def _had(self, device: str) -> bool:
        """Whether this device had keys before; new ones under its name nobody would trust."""
        user = self._settings.user
        found = await self._calls.post(f"{CLIENT}/keys/query", {"device_keys": {user: [device]}})
        return bool(part(found, "device_keys", user, device))

    async def _pickle_key(self) -> str:
        await self._state.compare_and_set(_KEY, None, secrets.token_urlsafe(24).encode())
        return (await self._state.get(_KEY) or b"").decode()

    async def take(self, answer: Payload) -> None:
        """Take the keys and changes of devices out of a sync, and do what they ask for."""
        client = self._client
        if client is None or client.olm is None:
            return
        if not await _fed(client, answer):
            # One event of a shape the library does not know must not cost all the other keys.
            for part_of in _keys_apart(answer):
                await _fed(client, part_of)
        await self.upkeep()

    async def upkeep(self) -> None:
        """Upload, ask for and answer with keys, as far as the server lets us now."""
        client = self._client
        if client is None or client.olm is None:
            return
        async with self._turn:
            try:
                await client.send_to_device_messages()
                if client.should_upload_keys:
                    await client.keys_upload()
                if client.should_query_keys:
                    await client.keys_query()
                if client.should_claim_keys:
                    await client.keys_claim(client.get_users_for_key_claiming())
            except Exception as error:  # noqa: BLE001 - asked again after the next sync
                _log.warning("matrix: keys could not be exchanged (%s)", type(error).__name__)

    def decrypt(self, room: str, event: Payload) -> Payload | None:
        """The event inside an encrypted one; nothing while its key is not here."""
        client = self._client
        if client is None or client.olm is None:
            return None
        try:
            sealed = MegolmEvent.from_dict(dict(event))
            if not isinstance(sealed, MegolmEvent):
                return None
            sealed.room_id = room
            opened = client.decrypt_event(sealed)
        except Exception:  # noqa: BLE001 - a missing key, or nonsense from anybody
            return None
        return _merged(event, cast(Payload, opened.source))

    async def encrypt(self, room: Room, kind: str, content: Payload) -> tuple[str, Payload]:
        """The content as only the devices in this room can read it."""
        client = self._client
        if client is None or client.olm is None:
            raise DeliveryError("matrix: this room is encrypted and we cannot", permanent=True)
        async with self._turn:
            try:
                return await self._encrypt(client, room, kind, content)
            except DeliveryError:
                raise
            except Exception as error:  # noqa: BLE001 - the library's errors may hold content
                raise DeliveryError(
                    f"matrix: encrypting: {type(error).__name__}", permanent=False
                ) from None

    async def _encrypt(
        self, client: AsyncClient, room: Room, kind: str, content: Payload
    ) -> tuple[str, Payload]:
        known = _mirror(client, room)
        assert client.olm is not None  # noqa: S101 (looked at by the only caller)
        client.olm.update_tracked_users(known)
        if client.should_query_keys:
            await client.keys_query()
        if client.olm.should_share_group_session(room.id):
            await client.share_group_session(room.id, ignore_unverified_devices=True)
        sealed_kind, sealed = client.encrypt(room.id, kind, dict(content))
        return sealed_kind, cast(Payload, sealed)

    def members_changed(self, room: str) -> None:
        """Somebody came or went: what is said from now on gets a new key."""
        if self._client is not None and self._client.olm is not None:
            with contextlib.suppress(Exception):
                self._client.invalidate_outbound_session(room)

    async def close(self) -> None:
        if self._client is None:
            return
        with contextlib.suppress(Exception):
            await self._client.close()
        store = self._client.store
        if store is not None:
            with contextlib.suppress(Exception):
                store.database.close()
        self._client = None


def _restored(client: AsyncClient, device: str, settings: Settings) -> bool:
    """Open the keys in the file; false where they are damaged or of another key of ours."""
    try:
        client.restore_login(settings.user, device, settings.token)
    except Exception as error:  # noqa: BLE001 - of the database, the library or its cipher
        _log.warning("matrix: the keys cannot be opened (%s)", type(error).__name__)
        return False
    return True


async def _fed(client: AsyncClient, answer: Payload) -> bool:
    """Give the library a sync; false for one of which it could not take in everything."""
    try:
        response = SyncResponse.from_dict(dict(answer))
        await client.receive_response(response)
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over, messages go on
        _log.warning("matrix: keys could not be taken in (%s)", type(error).__name__)
        return False
    return isinstance(response, SyncResponse)


def _keys_apart(answer: Payload) -> Iterator[Payload]:
    """What a sync tells about keys: first of devices, then each event by itself."""
    told = {name: answer[name] for name in _ABOUT_DEVICES if name in answer}
    at = words(answer, "next_batch")
    yield {**told, "next_batch": f"{at} keys", "rooms": {}}
    for number, event in enumerate(objects(part(answer, "to_device"), "events")):
        alone = {"to_device": {"events": [event]}, "rooms": {}}
        yield {**alone, "next_batch": f"{at} keys {number}"}


def open_file(content: bytes, locked: Locked) -> bytes:
    """A file from an encrypted room; what was changed on the way is a permanent error."""
    try:
        return bytes(decrypt_attachment(content, locked.key, locked.sha256, locked.iv))
    except Exception as error:  # noqa: BLE001 - the key came from whoever sent it
        raise DeliveryError(
            f"matrix: a file that cannot be decrypted ({type(error).__name__})", permanent=True
        ) from None


def seal_file(content: bytes) -> tuple[bytes, Payload]:
    """A file as it is stored for an encrypted room, and the key to send along."""
    sealed, keys = encrypt_attachment(content)
    return sealed, cast(Payload, keys)


def _mirror(client: AsyncClient, room: Room) -> MatrixRoom:
    """The library's picture of a room, made to agree with ours."""
    known = client.rooms.get(room.id)
    if known is None:
        known = client.rooms[room.id] = MatrixRoom(room.id, client.user_id, encrypted=True)
    known.encrypted = True
    known.members_synced = True
    everybody = {*room.members, *room.invited}
    for user in everybody - set(known.users):
        known.add_member(user, "", "", user in room.invited)
    _drop(known, set(known.users) - everybody)
    return known


def _drop(room: MatrixRoom, users: Iterable[str]) -> None:
    for user in list(users):
        room.remove_member(user)


def _merged(outside: Payload, inside: Payload) -> Payload:
    """The decrypted type and content in the frame the server vouches for.

    A relation stands outside the encryption; who sent it and when are the server's word.
    """
    kind, content = inside.get("type"), inside.get("content")
    body: dict[str, object] = dict(content) if isinstance(content, dict) else {}
    shown = outside.get("content")
    if isinstance(shown, dict) and "m.relates_to" in shown and "m.relates_to" not in body:
        body["m.relates_to"] = shown["m.relates_to"]
    return {**outside, "type": kind, "content": body}


def _protect(folder: Path) -> None:
    for file in folder.glob("*.db"):
        with contextlib.suppress(OSError):
            file.chmod(0o600)
