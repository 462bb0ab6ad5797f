"""Claiming a school and setting it up, one question at a time, in the admin's private chat."""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta

from bot.core.decisions import ButtonSpec, Choice, Reply, Rows, Setup
from bot.core.events import Account
from bot.core.quiet_hours import local_day
from bot.core.setup import ORDER, SetupStep, following
from bot.delivery.house import House
from bot.delivery.mailing import Mailing
from bot.errors import DeliveryError, FluisterError, SettingError
from bot.resting.summary import school_summary
from bot.resting.value import Rest
from bot.settings import (
    change_date,
    change_level,
    change_region,
    change_team_address,
    change_week,
)
from bot.storage.records import School

LASTS = timedelta(days=2)
State = Mapping[str, object]


class Setting:
    """The walk through the settings; each answer is checked and stored at once."""

    def __init__(self, house: House, mailing: Mailing) -> None:
        self._house = house
        self._mailing = mailing

    async def begin(self, account: Account) -> tuple[Reply, ...]:
        """Greet the new admin and ask the first question."""
        school = await self._school()
        await self._house.repository.change_school(
            school.version, {"claimed": True}, by=self._mark(account)
        )
        return (_say("setup.claimed"), await self._ask(account, ORDER[0]))

    async def commanded(self, account: Account, command: str, argument: str) -> tuple[Reply, ...]:
        """Show or change one setting by command; only admins change."""
        name = command.lstrip("/!").casefold()
        if not await self._house.repository.is_admin(account):
            return (_say("setup.only_admin"),)
        if name in ("instellen", "setup"):
            return (await self._ask(account, ORDER[0]),)
        return await self._one(account, name, argument)

    async def _one(self, account: Account, name: str, argument: str) -> tuple[Reply, ...]:
        school = await self._school()
        try:
            level = name == "niveau"
            change = change_level(argument) if level else change_team_address(argument)
            await self._change(school, change, account)
        except SettingError as wrong:
            return (_say(wrong.key, **wrong.values),)
        return (_say("setup.saved"),) if level else await self._test_mail(account, alone="yes")

    async def _rest_told(self) -> Reply:
        school = await self._house.school()
        today = local_day(school.calendar, self._house.clock.now())
        return _say("rest.told", summary=school_summary(school.rest, today, school.school.language))

    async def typed(self, account: Account, state: State, text: str) -> tuple[Reply, ...]:
        """Take a typed answer to the open question."""
        if text.strip().casefold() in ("stop", "/stop"):
            await self._house.repository.drop_dialogue(account)
            return (_say("setup.stopped"),)
        return await self._take(account, state, text)

    async def pressed(self, account: Account, state: State, value: str) -> tuple[Reply, ...]:
        """Take an answer given by button; a button of an older question is ignored kindly."""
        step, _, answer = value.partition("=")
        if state.get("kind") != "setup" or state.get("step") != step:
            return (_say("setup.over"),)
        return await self._take(account, state, answer)

    async def _take(self, account: Account, state: State, answer: str) -> tuple[Reply, ...]:
        step = SetupStep(str(state.get("step")))
        if answer == "later" and "alone" not in state:
            return (await self._ask(account, following(step)),)
        try:
            change = await self._changed(step, answer, state)
            if change:
                await self._change(await self._school(), change, account)
        except SettingError as wrong:
            return (_say(wrong.key, **wrong.values), await self._ask(account, step, **_kept(state)))
        following_step = following(step)
        if step is SetupStep.ADDRESS:
            return await self._test_mail(account)
        if "alone" in state:
            await self._house.repository.drop_dialogue(account)
            return (_say("setup.saved"),)
        if following_step is SetupStep.DONE:
            return await self._done(account)
        return (await self._ask(account, following_step),)

    async def _changed(  # noqa: C901  (one line per question is the readable form)
        self, step: SetupStep, answer: str, state: State
    ) -> Mapping[str, object]:
        school = await self._school()
        today = self._house.clock.now().date()
        match step:
            case SetupStep.POLICY:
                return self._policy(answer)
            case SetupStep.ADDRESS:
                return change_team_address(answer)
            case SetupStep.ADDRESS_CODE:
                if answer.strip() != state.get("code"):
                    raise SettingError("setup.code_wrong")
                return {"team_address_confirmed": True}
            case SetupStep.HOURS:
                return change_week(school, Rest().week if answer == "default" else answer)
            case SetupStep.REGION:
                return change_region(school, answer)
            case SetupStep.LEVEL:
                return change_level(answer)
            case SetupStep.PMR:
                return change_date("pmr_on", answer, today=today)
            case SetupStep.DPIA:
                return change_date("dpia_on", answer, today=today)
            case SetupStep.DONE:
                return {}

    def _policy(self, answer: str) -> Mapping[str, object]:
        if answer not in self._files():
            raise SettingError("setup.policy_wrong")
        try:
            self._house.policies(answer)
        except FluisterError as broken:
            raise SettingError("setup.policy_broken") from broken
        return {"policy_file": answer}

    def _files(self) -> tuple[str, ...]:
        return tuple(sorted(file.name for file in self._house.policy_folder.glob("*.yaml")))

    async def _test_mail(self, account: Account, **more: str) -> tuple[Reply, ...]:
        """Send a code to the address; reading it back proves that mail arrives."""
        if self._house.post.smtp is None:
            missing = _say("setup.no_smtp")
            return (missing,) if more else (missing, await self._ask(account, SetupStep.HOURS))
        code = f"{secrets.randbelow(1_000_000):06d}"
        address = (await self._school()).team_address
        try:
            await self._mailing.send_test(address, code)
        except DeliveryError:
            return (_say("setup.mail_refused"), await self._ask(account, SetupStep.ADDRESS))
        return (await self._ask(account, SetupStep.ADDRESS_CODE, code=code, **more),)

    async def _done(self, account: Account) -> tuple[Reply, ...]:
        await self._house.repository.drop_dialogue(account)
        school = await self._house.school()
        key = f"setup.done_{school.level.value}"
        return (_say(key), await self._rest_told())

    async def _ask(self, account: Account, step: SetupStep, **more: str) -> Reply:
        if step is SetupStep.DONE:
            return (await self._done(account))[0]
        state = {"kind": "setup", "step": step.value, **more}
        expires = self._house.clock.now() + LASTS
        await self._house.repository.put_dialogue(account, json.dumps(state).encode(), expires)
        address = (await self._school()).team_address
        return Reply(f"setup.ask_{step.value}", Setup(), {"address": address}, self._buttons(step))

    def _buttons(self, step: SetupStep) -> Rows:
        def button(value: str, label: str, **values: str) -> ButtonSpec:
            return ButtonSpec(label, Choice.SETUP, f"{step.value}={value}", label_values=values)

        later = button("later", "setup.later")
        match step:
            case SetupStep.POLICY:
                return tuple((button(f, "setup.file", file=f),) for f in self._files()[:12])
            case SetupStep.HOURS:
                return ((button("default", "setup.default_week", week=Rest().week),),)
            case SetupStep.REGION:
                return tuple((button(r, f"setup.region_{r}"),) for r in ("noord", "midden", "zuid"))
            case SetupStep.LEVEL:
                return tuple((button(v, f"setup.level_{v}"),) for v in ("observe", "tip", "act"))
            case SetupStep.PMR | SetupStep.DPIA | SetupStep.ADDRESS | SetupStep.ADDRESS_CODE:
                return ((later,),)
            case SetupStep.DONE:
                return ()

    async def _change(self, school: School, change: Mapping[str, object], by: Account) -> None:
        await self._house.repository.change_school(school.version, change, by=self._mark(by))

    def _mark(self, account: Account) -> str:
        return self._house.repository.account_mark(account)

    async def _school(self) -> School:
        return (await self._house.school()).school


def _kept(state: State) -> dict[str, str]:
    """What a question asked again must still know: the code in the mail, and why it was sent."""
    return {name: str(state[name]) for name in ("code", "alone") if name in state}


def _say(key: str, **values: object) -> Reply:
    return Reply(key, Setup(), values)
