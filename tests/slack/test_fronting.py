"""The Home tab and the forms, at an adapter with a desk of the test's own."""

import pytest

from bot.adapters.base import Button, Field, Form, Panel
from bot.adapters.slack.values import BOT_SCOPES
from bot.core.events import BotAdded, CommandGiven, MessagePosted
from tests.slack.conftest import TEAMROOM
from tests.slack.fake_slack import ME


class Desk:
    """One admin, UANNA, and one form; remembers what was filled in."""

    def __init__(self) -> None:
        self.filled_in: list[dict[str, str]] = []

    async def panel(self, who):
        forms = (Button("Rusttijd", "stilte"),) if who.user == "UANNA" else ()
        return Panel(f"Van {who.name}", forms)

    async def form(self, who, name):
        if who.user != "UANNA" or name != "stilte":
            return None
        choice = (("aan", "Aan"), ("uit", "Uit"))
        fields = (Field("on", "Rusttijd", "uit", choice), Field("week", "Week", hint="ma-vr"))
        return Form("stilte", "Rusttijd", "Opslaan", "Annuleren", fields)

    async def filled(self, who, name, given):
        self.filled_in.append(dict(given))
        return {"week": "Dat is geen week."} if given["week"] == "onzin" else {}


@pytest.fixture
def desk():
    return Desk()


async def test_an_admins_settings_command_opens_a_form_and_anybody_elses_goes_to_the_app(
    office, fake, desk
):
    async with office.open():
        office.adapter.sit_at(desk)
        await fake.command("UANNA", TEAMROOM, "/stilte")
        await office.eventually(lambda: fake.modals)
        await fake.command("UBERT", TEAMROOM, "/stilte")
        await office.next(CommandGiven)
        await fake.command("UANNA", TEAMROOM, "/stilte", "ma-vr 08:00-17:00")
        await office.next(CommandGiven, 2)
    assert len(fake.modals) == 1
    assert [event.by.user for event in office.of(CommandGiven)] == ["UBERT", "UANNA"]


async def test_a_form_that_opens_too_late_becomes_words(office, fake, desk):
    async with office.open():
        office.adapter.sit_at(desk)
        fake.trigger = lambda: "too-late"
        await fake.command("UANNA", TEAMROOM, "/stilte")
        assert (await office.next(CommandGiven)).command == "stilte"


async def test_what_is_wrong_in_a_form_is_said_under_its_field(office, fake, desk):
    async with office.open():
        office.adapter.sit_at(desk)
        await fake.command("UANNA", TEAMROOM, "/stilte")
        await office.eventually(lambda: fake.modals)
        wrong = await fake.fill("UANNA", week="onzin")
        right = await fake.fill("UANNA", on="aan", week="ma-vr 08:00-17:00")
    assert wrong == {"response_action": "errors", "errors": {"week": "Dat is geen week."}}
    assert right == {}
    assert desk.filled_in[1] == {"on": "aan", "week": "ma-vr 08:00-17:00"}


async def test_home_shows_the_panel_and_its_buttons_open_forms(office, fake, desk):
    async with office.open():
        office.adapter.sit_at(desk)
        await fake.tell({"type": "app_home_opened", "user": "UANNA", "tab": "home"})
        await office.eventually(lambda: "Van Anna de Vries" in str(fake.homes.get("UANNA")))
        await fake.press_home("UANNA", "Rusttijd")
        await office.eventually(lambda: fake.modals)


async def test_an_administrator_is_told_about_the_workspaces_own_schedule(office, fake):
    fake.users["UANNA"]["is_admin"] = True
    async with office.open():
        for user in ("UANNA", "UBERT"):
            await fake.tell({"type": "app_home_opened", "user": user, "tab": "home"})
        await office.eventually(lambda: len(fake.homes) == 2)
    assert "standaard meldingsrooster" in str(fake.homes["UANNA"])
    assert "standaard meldingsrooster" not in str(fake.homes["UBERT"])


async def test_home_lets_a_member_choose_sounds_and_an_administrator_lend_a_right(office, fake):
    fake.users["UANNA"]["is_admin"] = True
    async with office.open():
        await office.adapter._consents.keep("UANNA", fake.own_token("UANNA"))
        await fake.tell({"type": "app_home_opened", "user": "UANNA", "tab": "home"})
        await office.eventually(lambda: "Leen mijn recht" in str(fake.homes.get("UANNA")))
        await fake.press_home("UANNA", "Leen mijn recht")
        await office.eventually(lambda: "Stop daarmee" in str(fake.homes["UANNA"]))
        await fake.press_home("UANNA", "Wel geluid")
        await office.eventually(lambda: "Stil na werktijd" in str(fake.homes["UANNA"]))
        assert await office.adapter._consents.lenders() == ("UANNA",)
        assert await office.adapter.silenceable() == ()


async def test_who_asks_to_be_forgotten_is_disconnected_too(office, fake):
    async with office.open():
        token = fake.own_token("UANNA")
        await office.adapter._consents.keep("UANNA", token)
        await fake.command("UANNA", TEAMROOM, "/vergeetmij")
        await office.next(CommandGiven)
        await office.eventually(lambda: not fake.tokens[token].alive)
        assert await office.adapter._consents.users() == frozenset()


async def test_a_conversation_of_a_few_people_is_no_group_of_ours(office, fake):
    fake.channel("G0MPIM", "mpdm-anna--bert-1", "UANNA", "UBERT", ME, kind="mpim")
    fake.subscribed |= {"message.mpim"}
    fake.installed((*BOT_SCOPES, "mpim:history", "mpim:read"))
    async with office.open():
        joined = {"type": "member_joined_channel", "user": ME, "channel": "G0MPIM",
                  "channel_type": "G", "team": "T"}  # fmt: skip
        await fake.tell(joined)
        await fake.say("G0MPIM", "UANNA", "onder ons drieën")
        await fake.say(TEAMROOM, "UANNA", "hallo team")
        await office.next(MessagePosted)
    assert office.of(BotAdded) == []
    assert [event.text for event in office.of(MessagePosted)] == ["hallo team"]


async def test_a_channel_shared_with_another_organisation_has_outsiders(office, fake):
    async with office.open():
        await fake.say(TEAMROOM, "UANNA", "onder ons")
        assert (await office.next(MessagePosted)).outsiders is False
        fake.channels[TEAMROOM].shared = True
        await fake.tell({"type": "channel_shared", "channel": TEAMROOM, "event_ts": fake.ts(),
                         "connected_team_id": "T0OTHER"})  # fmt: skip
        await fake.say(TEAMROOM, "UANNA", "met anderen erbij")
        assert (await office.next(MessagePosted, 2)).outsiders is True


async def test_somebody_from_another_workspace_is_an_outsider(office, fake):
    async with office.open():
        await fake.say(TEAMROOM, "UBERT", "hoi", user_team="T0OTHER", source_team="T0OTHER")
        assert (await office.next(MessagePosted)).outsiders is True
        await fake.say(TEAMROOM, "UBERT", "hoi", team="T0OTHER")
        assert (await office.next(MessagePosted, 2)).outsiders is True
        await fake.say(TEAMROOM, "UANNA", "hoi")
        assert (await office.next(MessagePosted, 3)).outsiders is False
