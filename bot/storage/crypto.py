"""Sealing and keyed hashing: what lies on disk is unreadable without the secret, row by row."""

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import ConfigError, StorageError

SETTING = "FLUISTER_SECRET_KEY"
SHORTEST_SECRET = 16
_FORM = b"\x01"
_ID, _NONCE, _TAG = 8, 12, 16
_HEAD = len(_FORM) + _ID + _NONCE


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys one secret gives: one to seal with, one to hash with, and a name for the pair."""

    id: bytes
    cipher: AESGCM = field(repr=False)
    hashing: bytes = field(repr=False)


class Keyring:
    """The newest secret seals; the older ones only read what they sealed before."""

    __slots__ = ("_keys",)

    def __init__(self, keys: tuple[_Keys, ...]) -> None:
        self._keys = keys

    @classmethod
    def from_secret(cls, secret: bytes | str, *older: bytes | str) -> "Keyring":
        """Derive the keys of `secret` (at least 16 bytes), and of older ones for reading.

        Raises `ConfigError` for a secret that is too short.
        """
        return cls(tuple(_derive(one) for one in (secret, *older)))

    def seal(self, plain: bytes, aad: str) -> bytes:
        """Encrypt for one place; `aad` names that place (table, row, column)."""
        keys, nonce = self._keys[0], os.urandom(_NONCE)
        head = _FORM + keys.id + nonce
        return head + keys.cipher.encrypt(nonce, plain, head + _bytes(aad))

    def open(self, sealed: bytes, aad: str) -> bytes:
        """Decrypt what was sealed for the place `aad`.

        Raises `StorageError` when no key fits, or the bytes were changed or moved here.
        """
        head = sealed[:_HEAD]
        if len(sealed) < _HEAD + _TAG or not head.startswith(_FORM):
            raise StorageError(f"{aad}: this is not a sealed value; restore it from a backup")
        for keys in self._keys:
            if keys.id == head[1 : 1 + _ID]:
                return _decrypt(keys, sealed, aad)
        raise StorageError(f"{aad}: sealed with another secret key; check {SETTING}")

    def current(self, sealed: bytes) -> bool:
        """Whether the newest secret sealed this."""
        return sealed[1 : 1 + _ID] == self._keys[0].id

    def hash(self, purpose: str, value: str) -> str:
        """Hash with the newest key, as 64 hex digits; "name", "email" and "code" are folded."""
        return _hash(self._keys[0], purpose, value)

    def hashes(self, purpose: str, value: str) -> tuple[str, ...]:
        """Every form the hash can have on disk, the newest key's first."""
        return tuple(_hash(keys, purpose, value) for keys in self._keys)

    def __repr__(self) -> str:
        return "Keyring(…)"


def fold_name(value: str) -> str:
    """Bring spellings of one name together: no accents, case or spare spaces."""
    bare = unicodedata.normalize("NFKD", value.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


def fold_email(value: str) -> str:
    """Compare addresses without regard to case."""
    return unicodedata.normalize("NFC", value).strip().casefold()


def fold_code(value: str) -> str:
    """Read a code the way people type it: any case, spaces and dashes left out."""
    return "".join(c for c in unicodedata.normalize("NFKC", value).upper() if c.isalnum())


_FOLDS: dict[str, Callable[[str], str]] = {
    "name": fold_name,
    "email": fold_email,
    "code": fold_code,
}


def _hash(keys: _Keys, purpose: str, value: str) -> str:
    folded = _FOLDS[purpose](value) if purpose in _FOLDS else value
    text = f"{len(purpose)}:{purpose}:{folded}".encode("utf-8", "surrogatepass")
    return hmac.new(keys.hashing, text, hashlib.sha256).hexdigest()


def _derive(secret: bytes | str) -> _Keys:
    raw = secret.encode("utf-8", "surrogatepass") if isinstance(secret, str) else bytes(secret)
    if len(raw) < SHORTEST_SECRET:
        raise ConfigError(
            f"{SETTING} has {len(raw)} bytes; it needs at least {SHORTEST_SECRET},"
            " such as 32 random ones"
        )
    return _Keys(
        id=_expand(raw, b"key id", _ID),
        cipher=AESGCM(_expand(raw, b"encryption", 32)),
        hashing=_expand(raw, b"hashing", 32),
    )


def _expand(raw: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, b"fluister storage", purpose).derive(raw)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decrypt(keys: _Keys, sealed: bytes, aad: str) -> bytes:
    head, nonce = sealed[:_HEAD], sealed[1 + _ID : _HEAD]
    try:
        return keys.cipher.decrypt(nonce, sealed[_HEAD:], head + _bytes(aad))
    except InvalidTag:
        raise StorageError(
            f"{aad}: the sealed value was changed or moved; restore it from a backup"
        ) from None
