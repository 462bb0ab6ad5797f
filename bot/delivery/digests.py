"""What was held, as one readable post: in order, everybody by name, with the time they wrote."""

from collections.abc import Sequence

from bot.adapters.base import File, Post
from bot.delivery.house import House
from bot.delivery.voices import Voices
from bot.storage.records import Case, CatchupItem

LONGEST_POST = 3_500


async def digest_posts(house: House, voices: Voices, cases: Sequence[Case]) -> tuple[Post, ...]:
    """One message goes back as its author wrote it; several become a digest, split when long."""
    if len(cases) == 1:
        stored = await house.repository.files(cases[0].id)
        files = [File(file.name, file.mime, file.content) for file in stored]
        return (await voices.in_name_of(cases[0], cases[0].text, files),)
    head = await voices.say("digest.head", {"count": len(cases)})
    lines = [await _line(voices, case) for case in cases]
    return tuple(Post(cases[0].chat, text) for text in _split(head, lines))


async def personal_posts(
    house: House, voices: Voices, items: Sequence[CatchupItem]
) -> tuple[str, ...]:
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


def _split(head: str, lines: Sequence[str]) -> tuple[str, ...]:
    """Cut between messages, and inside one only where a single message is too long."""
    posts: list[str] = []
    current = head
    for line in lines:
        for piece in (line[i : i + LONGEST_POST] for i in range(0, len(line), LONGEST_POST)):
            if len(current) + len(piece) + 2 > LONGEST_POST and current:
                posts.append(current)
                current = piece
            else:
                current = f"{current}\n\n{piece}" if current else piece
    posts.append(current)
    return tuple(posts)
