"""Files beside a message, and fetching them. Telegram hands a bot at most 20 MB."""

from collections.abc import Iterator

from telegram import Bot, Message
from telegram.error import InvalidToken, TelegramError

from bot.adapters.telegram import rich
from bot.adapters.telegram.calls import refusal
from bot.adapters.wording import clean
from bot.core.events import Attachment, AttachmentKind
from bot.errors import DeliveryError

LARGEST = 20 * 1024 * 1024
FETCH_SECONDS = 60.0


def attachments(message: Message) -> Iterator[Attachment]:
    """Every file in one message; a photo in its greatest size, an animation once."""
    if message.photo:
        best = max(message.photo, key=lambda size: size.width * size.height)
        yield Attachment(
            AttachmentKind.PHOTO, best.file_id, "foto.jpg", "image/jpeg", best.file_size
        )
    for kind, file, name, mime in (
        (AttachmentKind.VOICE, message.voice, "spraakbericht.ogg", "audio/ogg"),
        (AttachmentKind.VIDEO, message.video, "video.mp4", "video/mp4"),
        (AttachmentKind.VIDEO, message.video_note, "video.mp4", "video/mp4"),
        (AttachmentKind.VIDEO, message.animation, "animatie.mp4", "video/mp4"),
        (AttachmentKind.OTHER, message.audio, "geluid.mp3", "audio/mpeg"),
        (
            AttachmentKind.DOCUMENT,
            None if message.animation else message.document,
            "bestand",
            "application/octet-stream",
        ),
    ):
        if file is not None:
            yield Attachment(
                kind,
                file.file_id,
                clean(getattr(file, "file_name", None) or name),
                clean(getattr(file, "mime_type", None) or mime),
                file.file_size,
            )
    yield from rich.files(message.api_kwargs.get("rich_message"))


async def fetch(bot: Bot, attachment: Attachment) -> bytes:
    """Return a file's bytes; too large or gone is a permanent `DeliveryError`."""
    if (attachment.size or 0) > LARGEST:
        raise DeliveryError("telegram: a file larger than 20 MB", permanent=True)
    try:
        file = await bot.get_file(attachment.ref)
        content = bytes(await file.download_as_bytearray(read_timeout=FETCH_SECONDS))
    except InvalidToken:
        # So the library calls any 404: the file is not kept any more.
        raise DeliveryError("telegram: the file is not there any more", permanent=True) from None
    except TelegramError as error:
        raise refusal(error, "fetch a file") from None
    except (RuntimeError, KeyError, TypeError, ValueError) as error:
        raise DeliveryError(
            f"telegram: fetch a file: {type(error).__name__}", permanent=True
        ) from None
    if len(content) > LARGEST:
        raise DeliveryError("telegram: a file larger than 20 MB", permanent=True)
    return content
