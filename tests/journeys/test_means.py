"""The ladder of means: what a platform cannot do is said, never faked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.base import Post, RemoveMessage, ShowPrivately
from bot.core.events import Attachment, AttachmentKind
from tests.journeys.chat import ABLE, TEAM, refuse
from tests.journeys.school import ADDRESS, DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOT_EPHEMERAL = replace(ABLE, ephemeral=False)
UNREMOVABLE = replace(ABLE, delete_others=None)


async def test_an_ephemeral_whisper_is_shown_near_its_group(school: School) -> None:
    await school.say(DIAGNOSIS)
    assert [w.near for w in school.chat.whispers()] == [TEAM]


async def test_without_ephemeral_messages_it_goes_to_the_private_chat(school: School) -> None:
    school.chat.capabilities = NOT_EPHEMERAL
    await school.say(DIAGNOSIS)
    assert [w.near for w in school.chat.whispers()] == [None]


async def test_an_ephemeral_whisper_that_is_refused_goes_to_the_private_chat(
    school: School,
) -> None:
    def refused_near(action: object) -> None:
        if isinstance(action, ShowPrivately) and action.near is not None:
            refuse(ShowPrivately)(action)

    school.chat.faults.append(refused_near)
    await school.say(DIAGNOSIS)
    assert [w.near for w in school.chat.whispers()] == [None]


async def test_who_cannot_be_reached_privately_is_nudged_without_name_or_content(
    school: School,
) -> None:
    school.chat.capabilities = NOT_EPHEMERAL
    school.chat.faults.append(refuse(ShowPrivately))
    await school.say(DIAGNOSIS)
    (nudge,) = school.chat.posts()
    assert nudge.silent
    assert "privéchat" in nudge.text
    for private in ("Anna", "anna", "Sem", "ADHD", "groep 6"):
        assert private not in nudge.text
    assert nudge.author is None
    assert nudge.reply_to is None


async def test_a_whisper_refused_for_a_moment_comes_a_moment_later_once(school: School) -> None:
    school.chat.faults.append(refuse(ShowPrivately, permanent=False, times=2))
    await school.say(DIAGNOSIS)
    assert len(school.chat.whispers()) == 1
    assert school.chat.posts() == []


async def test_where_the_bot_may_not_delete_the_author_is_asked_to(school: School) -> None:
    school.chat.capabilities = UNREMOVABLE
    await school.say(DIAGNOSIS)
    assert "Wil jij je bericht verwijderen" in school.heard()
    assert "Haal weg uit de groep" not in school.labels()
    assert school.chat.removed() == []


async def test_a_mail_of_what_cannot_be_removed_says_that_it_still_stands(
    school: School,
) -> None:
    school.chat.capabilities = UNREMOVABLE
    await school.say(DIAGNOSIS)
    await school.press(f"Stuur naar {ADDRESS}")
    assert len(school.mails()) == 1
    assert "staat ook nog in de groep" in school.heard()
    assert school.chat.posts() == [], "no pointer to what did not move"


async def test_a_message_that_is_too_old_is_left_to_its_author(school: School) -> None:
    await school.say(DIAGNOSIS, sent_at=school.clock.now() - timedelta(days=3))
    assert "Wil jij je bericht verwijderen" in school.heard()


async def test_a_removal_that_is_refused_for_good_is_admitted_and_leaves_no_pointer(
    school: School,
) -> None:
    school.chat.faults.append(refuse(RemoveMessage))
    event = await school.say(DIAGNOSIS)
    assert "Ik kan het zelf niet weghalen" in school.heard()
    assert (await school.case(event)).removed_at is None
    await school.press(f"Stuur naar {ADDRESS}")
    assert len(school.mails()) == 1
    assert "staat ook nog in de groep" in school.heard()
    assert school.chat.did(Post) == []


async def test_a_removal_refused_for_a_moment_is_tried_again(school: School) -> None:
    school.chat.faults.append(refuse(RemoveMessage, permanent=False, times=2))
    event = await school.say(DIAGNOSIS)
    assert school.chat.removed() == [event.message]
    assert "niet meer in de groep" in school.heard()


async def test_a_message_whose_file_cannot_be_fetched_is_not_removed(school: School) -> None:
    file = Attachment(AttachmentKind.DOCUMENT, "gone", "verslag psycholoog Sem.pdf")
    event = await school.say(DIAGNOSIS, attachments=(file,))
    assert school.chat.removed() == []
    assert not (await school.case(event)).complete
    assert "niet helemaal bewaren" in school.heard()


async def test_where_nobody_can_be_posted_for_the_name_stands_above_the_words(
    school: School,
) -> None:
    school.chat.capabilities = replace(ABLE, post_as_author=False)
    await school.say(DIAGNOSIS)
    await school.press("Niet vertrouwelijk")
    await school.press("Ja, zeker weten")
    (post,) = school.chat.posts()
    assert post.text.startswith("Van Anna de Vries")
    assert post.text.endswith(DIAGNOSIS)


@pytest.mark.parametrize(
    "presses",
    [
        ("Toch plaatsen", "Niemand is herkenbaar"),
        ("Niet vertrouwelijk", "Ja, zeker weten"),
        ("Herschrijf", "Plaats deze versie"),
    ],
)
async def test_what_the_group_refuses_goes_back_to_its_author_and_is_kept(
    school: School, presses: tuple[str, str]
) -> None:
    event = await school.say(DIAGNOSIS)
    school.chat.faults.append(refuse(Post))
    for label in presses:
        await school.press(label)
    assert "Ik kon je bericht niet in de groep zetten" in school.heard()
    assert not any("staat weer in de groep" in w.text for w in school.chat.whispers())
    assert (await school.case(event)).text == DIAGNOSIS
    school.chat.faults.clear()
    await school.press("Niet vertrouwelijk")
    await school.press("Ja, zeker weten")
    assert [post.text for post in school.chat.posts()] == [DIAGNOSIS]


async def test_a_member_count_that_is_refused_stops_nothing(school: School) -> None:
    school.chat.size_fails = True
    event = await school.say(DIAGNOSIS)
    assert school.chat.removed() == [event.message]
