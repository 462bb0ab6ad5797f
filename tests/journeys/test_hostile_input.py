"""Whatever comes in, it ends in a clear state, and the next message is handled as ever."""

import json

import pytest

from bot.adapters.base import ShowPrivately
from bot.core.events import Account, Attachment, AttachmentKind, BotAdded, ChatRef
from bot.errors import StorageError
from tests.journeys.chat import NAME
from tests.journeys.school import ADDRESS, DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEND = f"Stuur naar {ADDRESS}"
BSN = "111222333"
ODD = {
    "spaces": "a b\tc\nd",
    "colons": "!room:server:8448",
    "emoji": "🙂" * 100,
    "long": "x" * 800,
    "empty": "",
}
IMPOSSIBLE = {"NUL": "a\0b", "surrogate": "a\ud800b", "huge": "x" * 10_000}


@pytest.mark.parametrize(
    "text",
    [
        "\0" * 2_000,
        "Sem \0 heeft \ud83d\udc00 \udfff koorts",
        "🙂" * 10_000,
        "e\u0301" * 20_000,
        "{name} {0.__class__} %s $x «»",
        "(" * 5_000,
    ],
    ids=["NUL", "surrogates", "emoji", "combining", "braces", "brackets"],
)
async def test_odd_text_ends_in_a_clear_state(school: School, text: str) -> None:
    await school.say(text)
    event = await school.say(DIAGNOSIS)
    assert event.message in school.chat.removed()


async def test_a_message_of_a_megabyte_is_not_silently_taken_for_clean(school: School) -> None:
    event = await school.say("Het is vandaag mooi weer. " * 40_000)
    assert "niet helemaal controleren" in school.heard()
    assert school.chat.removed() == []
    assert await school.known(event)


@pytest.mark.parametrize(
    "text",
    [
        "S\u200be\u200bm uit groep 6 heeft de diagnose A\u200bDHD",
        "\u202eSem uit groep 6 heeft de diagnose ADHD\u202c",
        f"Het BSN van Sem is {BSN[:3]}\u200b{BSN[3:6]}\u200b{BSN[6:]}",
        f"Het BSN van Sem is \u202e{BSN}\u202c",
        "Ｓｅｍ uit groep 6 heeft de diagnose ADHD",
    ],
    ids=["zero-width name", "bidi name", "zero-width BSN", "bidi BSN", "full width"],
)
async def test_invisible_characters_hide_nothing(school: School, text: str) -> None:
    await school.say(text)
    assert school.chat.whispers()


async def test_a_confidential_text_with_broken_unicode_can_still_be_mailed(school: School) -> None:
    await school.say(f"{DIAGNOSIS} \ud800\0\x1b[31m")
    await school.press(SEND)
    assert len(school.mails()) == 1
    assert DIAGNOSIS in school.mails()[0].text


async def test_a_confidential_text_with_broken_unicode_can_come_back(school: School) -> None:
    text = f"{DIAGNOSIS} \ud800 {{name}}"
    await school.say(text)
    await school.press("Niet vertrouwelijk")
    await school.press("Ja, zeker weten")
    assert [post.text for post in school.chat.posts()] == [text]


@pytest.mark.parametrize("kind", ODD)
async def test_ids_with_odd_characters_work_all_the_way(school: School, kind: str) -> None:
    odd = ODD[kind]
    author = Account(NAME, odd, "Anna \u202e")
    await school.tell(BotAdded(ChatRef(NAME, odd), school.clock.now(), title=odd))
    at = school.clock.now()
    await school.command("bert", "/teamgroep", ref=ChatRef(NAME, odd))
    event = await school.say(
        DIAGNOSIS, chat=ChatRef(NAME, odd), message=odd, sender=author, sent_at=at,
        conversation=odd, reply_to=odd,
    )  # fmt: skip
    assert odd in school.chat.removed()
    await school.press_token(school.button(SEND, odd), odd)
    await school.eventually(lambda: len(school.mails()) == 1)
    assert not (await school.case(event)).has_copy


@pytest.mark.parametrize("kind", IMPOSSIBLE)
@pytest.mark.parametrize("field", ["message", "reply_to", "conversation", "chat"])
async def test_an_id_nothing_can_hold_is_refused_clearly_and_blocks_nobody(
    school: School, kind: str, field: str
) -> None:
    value: object = IMPOSSIBLE[kind]
    if field == "chat":
        value = ChatRef(NAME, IMPOSSIBLE[kind])
    with pytest.raises(StorageError, match="identifier") as refused:
        await school.tell(school.posted(DIAGNOSIS, **{field: value}))
    assert "ADHD" not in str(refused.value)
    event = await school.say(DIAGNOSIS)
    assert school.chat.removed() == [event.message]


async def test_two_chats_whose_ids_look_alike_when_joined_are_two(school: School) -> None:
    for chat, message in (("a:b", "c"), ("a", "b:c")):
        ref = ChatRef(NAME, chat)
        await school.command("bert", "/teamgroep", ref=ref)
        await school.say(DIAGNOSIS, chat=ref, message=message)
    assert school.chat.removed() == ["c", "b:c"]


async def test_file_names_of_any_size_are_looked_at_and_kept(school: School) -> None:
    names = ["../../etc/passwd", "a" * 100_000, "\ud800\0.pdf", "CON", "verslag Sem ADHD.pdf"]
    files = tuple(
        Attachment(AttachmentKind.DOCUMENT, f"f{i}", name, "application/pdf\r\nX: y", 3)
        for i, name in enumerate(names)
    )
    school.chat.files = {f"f{i}": b"abc" for i in range(len(names))}
    await school.say(DIAGNOSIS, attachments=files)
    await school.press(SEND)
    (mail,) = school.mails()
    assert len(mail.files) == len(names)
    assert all("/" not in file.name and len(file.name) < 300 for file in mail.files)


async def test_two_hundred_attachments_are_all_kept_before_it_is_removed(school: School) -> None:
    files = tuple(Attachment(AttachmentKind.PHOTO, f"p{i}", f"{i}.jpg") for i in range(200))
    school.chat.files = {f"p{i}": bytes([i]) for i in range(200)}
    event = await school.say(DIAGNOSIS, attachments=files)
    case = await school.case(event)
    assert case.complete
    assert len(await school.app.house.repository.files(case.id)) == 200
    assert school.chat.removed() == [event.message]


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\ud800", "/", "/x" * 5_000, "ABCDE-FGH23" * 500, "?" * 30_000]
)
async def test_odd_private_messages_are_answered(school: School, text: str) -> None:
    await school.write("anna", text)
    assert all(isinstance(action, ShowPrivately) for action in school.chat.tried)
    assert len(school.chat.whispers()) >= 1


@pytest.mark.parametrize("command", ["", "/", "x" * 10_000, "a b\nc", "\0", "\ud800", "/help\0"])
async def test_odd_commands_are_answered(school: School, command: str) -> None:
    await school.command("anna", command, "\ud800\0 " * 1_000)
    assert len(school.chat.whispers()) == 1


@pytest.mark.parametrize("week", ["ma", "9" * 10_000, "ma-vr 25:00-26:00", "\ud800", "{x}"])
async def test_odd_settings_get_a_kind_answer(school: School, week: str) -> None:
    before = (await school.app.house.school()).school.quiet
    answer = await school.command("bert", "/stilte", week)
    assert any(kind in answer for kind in ("begrijp ik niet", "te lang", "bestaat niet"))
    assert json.loads((await school.app.house.school()).school.quiet) == json.loads(before)
