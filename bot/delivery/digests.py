"""What was held, as one readable post: in order, everybody by name, with the time they wrote."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.adapters.base import File, Post
from bot.delivery.house import House
from bot.delivery.voices import Voices
from bot.storage.records import Case, CatchupItem

LONGEST_POST = 3_500


@dataclass(frozen=True, slots=True)
class Page:
    """One post of several; `ends` is how many messages are told once it stands there."""

    text: str = field(repr=False)
    ends: int


async def digest_pages(voices: Voices, cases: Sequence[Case]) -> tuple[Page, ...]:
    """What was held, for the group; split when long."""
    head = await voices.say("digest.head", {"count": len(cases)})
    return _split(head, [await _line(voices, case) for case in cases])


async def single_post(house: House, voices: Voices, case: Case) -> Post:
    """One message goes back as its author wrote it, files included."""
    stored = await house.repository.files(case.id)
    files = [File(file.name, file.mime, file.content) for file in stored]
    return await voices.in_name_of(case, case.text, files)


async def personal_pages(
    house: House, voices: Voices, items: Sequence[CatchupItem]
) -> tuple[Page, ...]:
    """What one colleague missed, in order, by name and time; split when long."""
    head = await voices.say("digest.personal_head", {"count": len(items)})
    lines = []
    for item in items:
        person = await house.person(item.sender)
        name = person.name if person and person.name else item.sender.name
        values = {
            "name": name or await voices.say("digest.someone", {}),
            "at": item.sent_at,
            "text": item.text,
        }
        lines.append(await voices.say("digest.line", values))
    return _split(head, lines)


async def _line(voices: Voices, case: Case) -> str:
    name = await voices.name_of(case)
    return await voices.say("digest.line", {"name": name, "at": case.sent_at, "text": case.text})


def _split(head: str, lines: Sequence[str]) -> tuple[Page, ...]:
    """Cut between messages, and inside one only where a single message is too long."""
    pages: list[Page] = []
    current, ended = head, 0
    for number, line in enumerate(lines):
        for piece in (line[i : i + LONGEST_POST] for i in range(0, len(line), LONGEST_POST)):
            if len(current) + len(piece) + 2 > LONGEST_POST and current:
                pages.append(Page(current, ended))
                current = piece
            else:
                current = f"{current}\n\n{piece}" if current else piece
        ended = number + 1
    return (*pages, Page(current, ended))
