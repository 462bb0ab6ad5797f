"""Whatever is told, how often and in which order: one mail for a case at most, and no surprise."""

from collections import Counter
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.events import ButtonPressed, MessageDeleted, MessageEdited, MessagePosted
from bot.core.policy import Level
from tests.journeys.chat import TEAM
from tests.journeys.school import DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")
TEXTS = (DIAGNOSIS, DIAGNOSIS + " en gaat naar de psycholoog", "Wie heeft de sleutel?")
WHO = ("anna", "bert")


@dataclass(frozen=True)
class Told:
    """One thing a platform may tell: about message `which`, as it was at `revision`."""

    kind: str
    which: int
    revision: int
    text: int
    button: int


TOLD = st.builds(
    Told,
    st.sampled_from(["post", "post", "edit", "edit", "delete", "press", "press", "wait", "later"]),
    st.integers(0, 2),
    st.integers(0, 3),
    st.integers(0, 2),
    st.integers(0, 30),
)


def event_of(school: School, told: Told, first: list[MessagePosted]) -> object | None:
    one = replace(first[told.which], text=TEXTS[told.text])
    match told.kind:
        case "post":
            return one
        case "edit":
            return MessageEdited(replace(one, revision=told.revision))
        case "delete":
            return MessageDeleted(TEAM, one.message, school.clock.now())
        case _:
            shown = [b for w in school.chat.whispers(one.sender.user) for r in w.buttons for b in r]
            if not shown:
                return None
            token = shown[told.button % len(shown)].token
            return ButtonPressed(TEAM, one.sender, token, school.clock.now())


async def play(school: School, script: list[Told]) -> None:
    first = [school.posted(DIAGNOSIS, WHO[i % 2]) for i in range(3)]
    heard: list[object] = []
    for told in script:
        if told.kind == "wait":
            await school.settled()
        elif told.kind == "later":
            await school.later(minutes=20)
        elif (event := event_of(school, told, first)) is not None:
            heard.append(event)
            await school.tell(event)
    await school.settled()
    before = len(school.mails())
    for event in reversed(heard):
        await school.tell(event)
    for event in heard:
        if isinstance(event, ButtonPressed):
            await school.tell(event)
    await school.settled()
    ids = Counter(mail.message_id for mail in school.mails())
    assert not [one for one, count in ids.items() if count > 1], "two mails for one case"
    pressed = any(isinstance(event, ButtonPressed) for event in heard)
    assert pressed or len(school.mails()) == before, "telling it all again mails nothing"
    for event in first:
        if await school.known(event):
            case = await school.case(event)
            assert case.has_copy or case.state.value not in ("open", "held", "redirecting")
    status = await school.app.engine.status()
    assert status.failed == 0


@pytest.mark.parametrize("level", [Level.ACT, Level.TIP])
@settings(
    max_examples=10, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(script=st.lists(TOLD, min_size=4, max_size=16))
async def test_any_sequence_of_events_ends_in_one_mail_per_case_at_most(
    school: School, level: Level, script: list[Told]
) -> None:
    await school.as_new()
    await school.change(level=level)
    await play(school, script)
