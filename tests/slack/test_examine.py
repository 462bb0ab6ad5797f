"""What `fluister doctor` says about an installation on Slack."""

from bot.adapters.slack.examine import examine
from bot.adapters.slack.values import BOT_SCOPES
from tests.slack.conftest import TEAMROOM


async def said(office, **settings):
    values = office.settings | {f"FLUISTER_{key}": value for key, value in settings.items()}
    return {one.name: one for one in await examine(values)}


async def test_a_whole_installation_is_found_good(office):
    found = await said(office)
    assert all(one.good for one in found.values()), found
    assert set(found) == {"slack bot token", "slack rights", "slack socket", "slack consent"}


async def test_a_missing_right_is_named_with_what_to_do(office, fake):
    fake.installed(tuple(scope for scope in BOT_SCOPES if scope != "files:read"))
    rights = (await said(office))["slack rights"]
    assert not rights.good
    assert "files:read" in rights.says
    assert "manifest" in rights.says


async def test_tokens_that_were_mixed_up_are_named_by_their_key(office, fake):
    values = office.settings
    swapped = await said(
        office,
        SLACK_BOT_TOKEN=values["FLUISTER_SLACK_APP_TOKEN"],
        SLACK_APP_TOKEN=values["FLUISTER_SLACK_BOT_TOKEN"],
    )
    assert "FLUISTER_SLACK_BOT_TOKEN" in swapped["slack bot token"].says
    assert "FLUISTER_SLACK_APP_TOKEN" in swapped["slack socket"].says
    assert fake.violations.pop() == "auth.test: not with a token of a app"


async def test_an_admin_token_must_be_an_administrators(office, fake):
    token = fake.own_token("UBERT")
    assert not (await said(office, SLACK_ADMIN_TOKEN=token))["slack admin token"].good
    fake.users["UBERT"]["is_admin"] = True
    assert (await said(office, SLACK_ADMIN_TOKEN=token))["slack admin token"].good


async def test_an_admin_token_without_the_right_to_write_is_of_no_use(office, fake):
    fake.users["UBERT"]["is_admin"] = True
    found = await said(office, SLACK_ADMIN_TOKEN=fake.own_token("UBERT", "users:read"))
    assert "chat:write" in found["slack admin token"].says
    assert not found["slack admin token"].good


async def test_a_channel_the_bot_left_or_shares_with_others_is_told(office, fake):
    fake.channel("C0LEFT", "oud", "UANNA")
    fake.channels[TEAMROOM].shared = True
    found = {one.name: one for one in await examine(office.settings, (TEAMROOM, "C0LEFT"))}
    assert "shared" in found[f"slack channel {TEAMROOM}"].says
    assert not found["slack channel C0LEFT"].good


async def test_a_signing_secret_of_the_wrong_shape_is_seen(office):
    wrong = await said(office, SLACK_MODE="http", SLACK_SIGNING_SECRET="Verification")
    right = await said(office, SLACK_MODE="http", SLACK_SIGNING_SECRET="0123456789abcdef" * 2)
    assert not wrong["slack signing secret"].good
    assert right["slack signing secret"].good
    assert "slack socket" not in right


async def test_coming_back_from_slack_takes_https(office):
    keys = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}
    assert not (await said(office, **keys, WEB_URL="http://school.nl"))["slack consent"].good
    assert (await said(office, **keys, WEB_URL="https://school.nl"))["slack consent"].good
