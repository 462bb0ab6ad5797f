"""Fetching the files of messages, with our token shown to Slack alone."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.calls import asked
from bot.adapters.slack.reading import part, words
from bot.adapters.slack.translate import url_of
from bot.adapters.slack.values import Settings
from bot.core.events import Attachment
from bot.errors import DeliveryError

LARGEST = 20 * 1024 * 1024
PATIENCE = 60


async def fetch(
    attachment: Attachment,
    settings: Settings,
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
) -> bytes:
    """Return a file's bytes."""
    if not attachment.ref:
        raise DeliveryError("slack: this file cannot be fetched", permanent=True)
    ref, _, url = attachment.ref.partition(" ")
    mime, size = attachment.mime, attachment.size
    if not url:
        answer = await asked("files.info", client.files_info(file=ref))
        file = part(answer, "file")
        url, mime = url_of(file), words(file, "mimetype")
        size = found if isinstance(found := file.get("size"), int) else None
    if size is not None and size > LARGEST:
        raise DeliveryError("slack: the file is larger than 20 MB", permanent=True)
    if not url or not settings.trusts(url):
        raise DeliveryError("slack: the file lies where our token may not go", permanent=True)
    headers = {"Authorization": f"Bearer {client.token}"}
    try:
        async with session.get(
            url,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=PATIENCE),
        ) as response:
            _check(response, mime)
            return await _read(response)
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise DeliveryError("slack: the file did not come", permanent=False) from None


def _check(response: aiohttp.ClientResponse, mime: str) -> None:
    if response.status == 429 or response.status >= 500:
        raise DeliveryError(f"slack: file: http_{response.status}", permanent=False)
    if response.status != 200:
        raise DeliveryError(f"slack: file: http_{response.status}", permanent=True)
    # Without the right to read files Slack answers with its sign-in page, and a 200.
    if response.content_type == "text/html" and mime != "text/html":
        raise DeliveryError("slack: the file may not be read (files:read)", permanent=True)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        content += chunk
        if len(content) > LARGEST:
            raise DeliveryError("slack: the file is larger than 20 MB", permanent=True)
    return bytes(content)
