"""A draft somebody asked about, and what somebody asks about themselves."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.capabilities import Capabilities
from bot.core.choices import CaseView, choose
from bot.core.decisions import Choice, Erase, Mail, PostPointer, Repost, Whisper
from bot.core.drafts import choose_draft, draft_message, is_draft, offer
from bot.core.policy import Level, Redirect
from bot.core.situation import Colleague, Situation
from bot.delivery.about_me import about_me

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SAFE = "Er is iets te melden over een leerling."
VIEW = CaseView(
    "Intern 3", in_group=False, safe=SAFE, text="Bram heeft ADHD", subject="Een bericht"
)
CEL = Colleague("c1", "Cel Bakker")


def situation(**more):
    given = {"team_address": "team@school.example", **more}
    return Situation(Capabilities(), NOW, Level.ACT, Redirect.ON_CLICK, NOW, NOW, **given)


def kinds(response):
    return [type(decision) for decision in response.decisions]


def buttons(said):
    return [button for row in said.buttons for button in row]


def test_a_draft_is_mailed_without_a_pointer_in_the_group():
    decided = kinds(choose_draft(Choice.SEND_TEAM, "", VIEW, situation()))
    assert Mail in decided
    assert PostPointer not in decided


def test_without_an_address_nothing_is_mailed_and_no_button_says_so():
    assert Mail not in kinds(choose_draft(Choice.SEND_TEAM, "", VIEW, situation(team_address="")))
    choices = [one.choice for one in buttons(offer(SAFE, "", colleagues=False))]
    assert choices == [Choice.POST_REWRITTEN, Choice.DISCARD]


def test_a_colleague_can_be_chosen_only_where_the_school_knows_one():
    assert Choice.SEND_TO in [one.choice for one in buttons(offer(SAFE, "", colleagues=True))]
    for choice in (Choice.SEND_TO, Choice.SHOW_MAIL, Choice.SEND_TO_COLLEAGUE):
        assert Mail not in kinds(choose_draft(choice, CEL.id, VIEW, situation()))


@pytest.mark.parametrize("choice", [Choice.SEND_TO, Choice.SHOW_MAIL, Choice.BACK])
def test_looking_at_the_mail_sends_nothing(choice):
    argument = "" if choice is Choice.SEND_TO else CEL.id
    response = choose_draft(choice, argument, VIEW, situation(colleagues=(CEL,)))
    assert kinds(response) == [Whisper]


def test_the_mail_is_shown_in_the_persons_own_words_before_it_goes():
    (shown,) = choose_draft(Choice.SHOW_MAIL, CEL.id, VIEW, situation(colleagues=(CEL,))).decisions
    assert shown.values == {"name": CEL.name, "subject": VIEW.subject, "text": VIEW.text}
    assert buttons(shown)[0].choice is Choice.SEND_TO_COLLEAGUE


def test_the_mail_goes_to_the_chosen_colleague_alone():
    s = situation(colleagues=(Colleague("a1", "Anna"), CEL))
    decisions = choose_draft(Choice.SEND_TO_COLLEAGUE, CEL.id, VIEW, s).decisions
    assert [one.to for one in decisions if isinstance(one, Mail)] == [(CEL.id,)]


@pytest.mark.parametrize("choice", [Choice.SHOW_MAIL, Choice.SEND_TO_COLLEAGUE])
def test_whoever_is_no_colleague_any_more_is_asked_for_again(choice):
    (asked,) = choose_draft(choice, "gone", VIEW, situation(colleagues=(CEL,))).decisions
    assert [one.argument for one in buttons(asked)] == [CEL.id, ""]


def leafed_through(choose, s):
    """Every name offered, page after page, from the first until there is no more."""
    names, start = [], ""
    while True:
        (asked,) = choose(Choice.SEND_TO, start, VIEW, s).decisions
        assert len(asked.buttons) <= 18  # no platform shows fewer rows
        offered = buttons(asked)
        names += [one.label_values["name"] for one in offered if one.label == "button.colleague"]
        more = [one.argument for one in offered if one.label == "button.more_names"]
        if not more:
            return names
        (start,) = more


@pytest.mark.parametrize("number", [1, 15, 16, 30, 100])
@pytest.mark.parametrize("way", [choose, choose_draft])
def test_every_colleague_of_a_big_school_can_be_reached(number, way):
    team = tuple(Colleague(f"c{i}", f"Naam {i}") for i in range(number))
    assert leafed_through(way, situation(colleagues=team)) == [one.name for one in team]


@pytest.mark.parametrize("way", [choose, choose_draft])
def test_one_can_leaf_back_and_a_page_that_is_gone_shows_the_first(way):
    s = situation(colleagues=tuple(Colleague(f"c{i}", f"Naam {i}") for i in range(40)))
    (second,) = way(Choice.SEND_TO, "15", VIEW, s).decisions
    earlier = [one.argument for one in buttons(second) if one.label == "button.earlier_names"]
    assert earlier == ["0"]
    for gone in ("999", "-1", "\u0663", "c1"):
        (asked,) = way(Choice.SEND_TO, gone, VIEW, s).decisions
        assert buttons(asked)[0].argument == "c0"


def test_only_the_safe_words_are_posted_and_the_draft_is_erased():
    response = choose_draft(Choice.POST_REWRITTEN, "", VIEW, situation())
    posted = [one for one in response.decisions if isinstance(one, Repost)]
    assert [one.text for one in posted] == [SAFE]
    assert Erase in kinds(response)


def test_in_quiet_hours_the_safe_words_wait():
    later = NOW + timedelta(hours=9)
    response = choose_draft(Choice.POST_REWRITTEN, "", VIEW, situation(quiet_until=later))
    assert [one.at for one in response.decisions if isinstance(one, Repost)] == [later]


@pytest.mark.parametrize("choice", [Choice.POST_ANYWAY, Choice.NOT_CONFIDENTIAL, Choice.URGENT])
def test_no_other_button_posts_or_mails_a_draft(choice):
    decided = kinds(choose_draft(choice, "", VIEW, situation()))
    assert Repost not in decided
    assert Mail not in decided


def test_a_draft_is_told_from_a_message_of_a_chat():
    assert is_draft(draft_message("17"))
    assert not is_draft("17")


ABOUT_ME = [
    ("wat weet je van mij?", "stored"),
    ("Wat bewaar je eigenlijk over mij", "stored"),
    ("what do you know about me?", "stored"),
    ("wie bel ik nu?", "phone"),
    ("Wie kan ik nu bellen?", "phone"),
    ("waarom werd mijn bericht weggehaald?", "removed"),
    ("Waarom is mijn appje weg?", "removed"),
    ("help", "help"),
    ("Wat kun je?", "help"),
    ("Mag ik de moeder van Sem bellen?", None),
    ("Mag ik helpen bij de sportdag?", None),
    ('Mag dit in de groep: "wat weet je van mij?"', None),
    ("wie bel ik nu? " * 40, None),
]


@pytest.mark.parametrize(("words", "meant"), ABOUT_ME, ids=[words[:40] for words, _ in ABOUT_ME])
def test_a_question_about_oneself_is_told_from_a_question_about_sharing(words, meant):
    assert about_me(words) == meant
