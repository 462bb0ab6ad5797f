"""Rich messages, which the library does not know yet: their words and their files."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.adapters.wording import clean
from bot.core.events import Attachment, AttachmentKind

# Words as people read them: a piece in bold goes on in the same line.
_PIECES = ("text", "expression", "alternative_text")
_LINES = frozenset({*_PIECES, "credit", "summary", "title"})
_FILES = MappingProxyType(
    {
        "animation": (AttachmentKind.VIDEO, "animatie.mp4", "video/mp4"),
        "audio": (AttachmentKind.OTHER, "geluid.mp3", "audio/mpeg"),
        "video": (AttachmentKind.VIDEO, "video.mp4", "video/mp4"),
        "voice_note": (AttachmentKind.VOICE, "spraakbericht.ogg", "audio/ogg"),
    }
)


def lines(value: object) -> Iterator[str]:
    """Every line of text in it, whatever it stands in."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name in _LINES or (name == "caption" and not isinstance(inner, Mapping)):
                yield _line(inner)
            elif not isinstance(inner, str):
                yield from lines(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from lines(inner)


def _line(value: object) -> str:
    """The pieces of one line, put together as they stand."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "".join(_line(value[name]) for name in _PIECES if name in value)
    return "".join(map(_line, value)) if isinstance(value, list | tuple) else ""


def files(value: object) -> Iterator[Attachment]:
    """Every file between the words; a photo in its greatest size."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "photo":
                yield from _photo(inner)
            elif name in _FILES:
                yield from _file(inner, *_FILES[name])
            else:
                yield from files(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from files(inner)


def _photo(sizes: object) -> Iterator[Attachment]:
    known = [one for one in sizes if isinstance(one, Mapping)] if isinstance(sizes, list) else []
    if known:
        best = max(known, key=lambda size: _whole(size, "width") * _whole(size, "height"))
        yield from _file(best, AttachmentKind.PHOTO, "foto.jpg", "image/jpeg")


def _file(given: object, kind: AttachmentKind, name: str, mime: str) -> Iterator[Attachment]:
    number = given.get("file_id") if isinstance(given, Mapping) else None
    if isinstance(given, Mapping) and isinstance(number, str):
        yield Attachment(
            kind,
            number,
            clean(str(given.get("file_name") or name)),
            clean(str(given.get("mime_type") or mime)),
            _whole(given, "file_size") or None,
        )


def _whole(given: Mapping[str, object], name: str) -> int:
    found = given.get(name)
    return found if isinstance(found, int) else 0
