"""What `fluister doctor` says about Telegram, and that it changes nothing."""

import pytest

from bot.adapters.base import Finding
from bot.adapters.telegram.examine import examine
from tests.telegram.conftest import ANNA, RIGHTS, TEAM, World
from tests.telegram.fake_api import TOKEN

LOOKS = {"getMe", "getWebhookInfo", "getChat", "getChatMember", "deleteEphemeralMessage"}
LOOKS |= {"editEphemeralMessageReplyMarkup", "getMyCommands", "getMyDescription"}
HOOK = {
    "FLUISTER_TELEGRAM_MODE": "webhook",
    "FLUISTER_WEB_URL": "https://fluister.school.nl/",
    "FLUISTER_TELEGRAM_WEBHOOK_SECRET": "geheim-geheim-geheim",
}
ADDRESS = "https://fluister.school.nl/telegram"


async def look(world: World, *chats: int, **more: str) -> dict[str, Finding]:
    settings = {"FLUISTER_TELEGRAM_TOKEN": TOKEN, "FLUISTER_TELEGRAM_API": world.base}
    found = await examine(settings | more, [str(chat) for chat in chats])
    assert {name for name, _ in world.api.calls} <= LOOKS, "it only looks"
    return {one.name: one for one in found}


async def test_where_all_is_well_everything_is_said_to_be_good(world: World) -> None:
    found = await look(world, TEAM)
    assert all(one.good for one in found.values())
    assert found["telegram token"].says == "signed in as @fluister_bot"
    assert "on" in found["telegram privacy mode"].says
    assert found["telegram group Team"].says == "the bot can remove messages and close it at night"


async def test_a_wrong_token_is_said_with_what_to_do(world: World) -> None:
    found = await look(world, FLUISTER_TELEGRAM_TOKEN="1:wrong")
    assert not found["telegram token"].good
    assert "/token" in found["telegram token"].says


async def test_an_api_that_does_not_answer_is_said_and_never_raised(world: World) -> None:
    found = await look(world, FLUISTER_TELEGRAM_API="http://127.0.0.1:9")
    assert [one.good for one in found.values()] == [False]


async def test_privacy_mode_that_is_off_is_not_needed(world: World) -> None:
    world.api.privacy = False
    found = await look(world)
    assert found["telegram privacy mode"].good
    assert "/setprivacy" in found["telegram privacy mode"].says


async def test_a_bot_that_cannot_be_added_anywhere_is_named(world: World) -> None:
    world.api.joins = False
    assert "/setjoingroups" in (await look(world))["telegram groups"].says
    assert "telegram groups" not in await look(world, TEAM)


@pytest.mark.parametrize(
    ("rights", "good", "says"),
    [
        (None, False, "no administrator"),
        ({"can_delete_messages": True}, False, "Ban users"),
        ({"can_restrict_members": True}, False, "Delete messages"),
        ({**RIGHTS, "can_pin_messages": True}, True, "not needed: can_pin_messages"),
    ],
)
async def test_missing_rights_are_named_as_the_app_calls_them(
    world: World, rights: dict[str, bool] | None, *, good: bool, says: str
) -> None:
    world.team.bot_rights = rights
    finding = (await look(world, TEAM))["telegram group Team"]
    assert finding.good is good
    assert says in finding.says


async def test_a_group_it_is_not_in_and_one_that_moved_are_told_apart(world: World) -> None:
    small = world.api.group(-55, ANNA, rights=dict(RIGHTS), type="group", title="Klein")
    world.api.migrates(small, -100955)
    found = await look(world, -55, -999)
    assert found["telegram group Klein"].good
    assert not found["telegram group -999"].good


async def test_a_server_too_old_for_whispers_is_named(world: World) -> None:
    world.api.knows_ephemeral = False
    assert "10.3" in (await look(world, TEAM))["telegram group Team"].says


async def test_polling_and_a_webhook_get_in_each_others_way(world: World) -> None:
    assert (await look(world))["telegram updates"].good
    world.api.webhook = {"url": "https://elsewhere.nl/x"}
    assert not (await look(world))["telegram updates"].good
    assert not (await look(world, **HOOK))["telegram updates"].good
    world.api.webhook = {"url": ADDRESS}
    assert (await look(world, **HOOK))["telegram updates"].good
    world.api.hook_news = {"last_error_date": int(world.api.now) - 60}
    assert ADDRESS in (await look(world, **HOOK))["telegram updates"].says
    assert not (await look(world, **HOOK))["telegram updates"].good


async def test_a_pile_nobody_asks_for_is_noticed(world: World) -> None:
    for _ in range(101):
        world.api.says(TEAM, ANNA, "hoi")
    assert "is `fluister run` running?" in (await look(world))["telegram updates"].says


async def test_a_webhook_without_a_secret_is_a_clear_fault(world: World) -> None:
    found = await look(world, FLUISTER_TELEGRAM_MODE="webhook")
    assert "FLUISTER_TELEGRAM_WEBHOOK_SECRET" in found["telegram"].says


async def test_menus_and_the_words_before_start_are_looked_at_but_no_need(world: World) -> None:
    found = await look(world)
    assert "fluister run" in found["telegram menus"].says
    assert "/setdescription" in found["telegram description"].says
    async with world.running():
        await world.eventually(lambda: len(world.api.menus) == 6)
    world.api.calls.clear()
    world.api.description = "Ik help ons team"
    found = await look(world)
    assert found["telegram menus"].says.startswith("set for")
    assert found["telegram description"].says.startswith("there")
    world.api.faults["getMyCommands"].append("502")
    world.api.faults["getMyDescription"].append("401")
    found = await look(world)
    assert found["telegram menus"].good
    assert found["telegram description"].good
    assert found["telegram token"].good


async def test_a_webhook_without_https_is_named(world: World) -> None:
    found = await look(world, **{**HOOK, "FLUISTER_WEB_URL": "http://fluister.school.nl"})
    assert not found["telegram updates"].good
    assert "https" in found["telegram updates"].says
