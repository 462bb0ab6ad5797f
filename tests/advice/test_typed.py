"""Questions as they are typed on a phone between two lessons, and talks that wander."""

import json
from functools import cache
from pathlib import Path

import pytest

from bot.core.dialogue import DialogueState
from bot.delivery.advise import advise, said
from bot.detection.reading.parts import split
from bot.detection.reading.spelling import spelled
from bot.detection.reading.told import manners
from bot.policies import load_policy

TYPED = Path(__file__).with_name("typed.jsonl")
POLICIES = Path(__file__).parents[2] / "policies"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("leerlng wil vrienden worden op snap", "leerling wil vrienden worden op snapchat"),
        ("k ga weg, mag ik mn account houden", "ik ga weg, mag ik mijn account houden"),
        ("met me klas op fb, kan da nie", "met mijn klas op facebook, kan dat niet"),
        ("zeggn dat ze gaan scheidn", "zeggen dat ze gaan scheiden"),
        ("De Gelderlander belt", "de krant belt"),
        ("foto op instagarm of facebok", "foto op instagram of facebook"),
    ],
)
def test_what_is_typed_in_haste_is_read_as_it_was_meant(typed, meant):
    assert spelled(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Ik snap het wel, groep 1 t/m 3 gaat mee.", "Een collega van het college.",
        "Het internet is modern, de kern van het design.", "k.jansen@school.nl en m.n. de rest",
        "De leerlinge twittert over de ouders, anders niet.", "Can I make a group for the team?",
    ],
)  # fmt: skip
def test_real_words_stay_as_they_are(text):
    assert spelled(text) == text


def test_the_message_itself_keeps_its_own_spelling():
    assert split("mag da in de app: 'gym vervalt, k ben ziek'").draft == "gym vervalt, k ben ziek"


@cache
def protocol(school):
    return load_policy(POLICIES / f"{school}.yaml")


def kind(school, text, detect):
    return advise(protocol(school), detect, text).kind.value


@pytest.mark.parametrize(
    ("school", "expected", "text"),
    [
        ("kalisto", "no", "met de kinderen van groep 7 een appgroepje voor t huiswerk, mag da"),
        ("hogeland", "ask_manager", "whatsappgroepje met ouders van mn mentorklas maken?"),
        ("hogeland", "yes_if", "wil reageren op fb over ons gebouw, moet ik zeggn dat ik er werk?"),
        ("hogeland", "no", "Hey, student of mine died. Can I tell the team in the whatsapp?"),
        ("aloysius", "no", "De Gelderlander belt over de ruzie, mag ik zeggen dat t meeviel?"),
        ("aloysius", "no", "op de linkedin groep van aloysius mijn oude kast te koop zetten"),
        ("aloysius", "no", "k ga weg in juli, mag ik mn werk linkedin account meenemen"),
        ("omo", "no", "Tessa uit 2 mavo is zwanger, zet ik dat in de docentenapp?"),
        ("hogeland", "no", "rector is echt een eikel, mag dat op twitter"),
        ("hogeland", "no", "is it ok to accept a student on facebook? its my private account"),
        ("omo", "no", "een leerling scheldt me uit op insta, ik wil m van repliek dienen"),
        ("omo", "no", "in t docentenappje gooien dat Kees uit 4h betrapt is met drugs"),
        ("omo", "no", "ouders zitten ons op twitter af te branden, mag ik uitleggen hoe t zit"),
    ],
)
def test_typed_as_teachers_type_the_protocol_still_answers(school, expected, text, detect):
    assert kind(school, text, detect) == expected


@pytest.mark.parametrize("school", ["matthijsje", "kalisto", "aloysius", "omo", "hogeland"])
@pytest.mark.parametrize(
    "text",
    [
        "mag ik op facebook zetten dat onze directie het helemaal verkeerd aanpakt",
        "wil op X kwijt dat ik vind dat het bestuur alleen aan geld denkt, mag dat?",
    ],
)
def test_a_view_of_ones_own_leaders_is_never_a_plain_yes(school, text, detect):
    assert kind(school, text, detect) != "yes"


@pytest.mark.parametrize(
    ("text", "criticises"),
    [
        ("vind dat de directie t verkeerd aanpakt, mag ik da op insta kwijt", True),
        ("ik vind dat het bestuur alleen aan geld denkt, mag dat op X", True),
        ("ik vind dat onze directie het geweldig doet, mag dat op X", False),
        ("een vader schrijft dat de directie faalt, mag ik dat delen", False),
    ],
)
def test_a_view_of_ones_own_leaders_is_criticism_unless_it_is_kind_or_anothers(text, criticises):
    assert ("criticism" in manners(split(text))) is criticises


def test_nine_in_ten_typed_questions_get_a_right_answer_and_no_yes_is_unsafe(detect):
    """`also` are the answers that are as good; unsafe is a yes where it is no or ask first."""
    rows = [json.loads(line) for line in TYPED.read_text("utf-8").splitlines()]
    given = [(row, kind(row["school"], row["text"], detect)) for row in rows]
    right = [row for row, said in given if said in (row["expected"], *row["also"])]
    assert len(right) >= 0.9 * len(rows)
    refused = [(row, said) for row, said in given if row["expected"] in ("no", "ask_manager")]
    unsafe = [row["text"] for row, said in refused if said == "yes" and "yes" not in row["also"]]
    assert unsafe == []


def test_a_message_pasted_without_a_question_is_taken_as_one_for_the_group(detect):
    text = (
        "Beste collega's, hierbij de notulen van gisteren: 1) we lopen samen naar binnen, "
        "2) de methode wordt uitgesteld. Groet Annet"
    )
    assert kind("matthijsje", text, detect) == "no"
    assert kind("matthijsje", "Hoi allemaal, de gymzaal is morgen bezet.", detect) == "yes"


def talk(policy, detect, *turns):
    """The last state and replies of a talk."""
    state, replies = DialogueState(), ()
    for words in turns:
        state, replies = said(policy, detect, state, words)
    return state, replies


def test_an_answer_that_tells_more_is_not_asked_about_again(policy, detect):
    _, replies = talk(policy, detect, "Gymles vervalt morgen", "in de teamapp")
    assert [reply.key for reply in replies] == ["advice.answer"]


def test_what_is_told_instead_of_an_answer_is_kept_and_the_question_stays(policy, detect):
    state, _ = talk(policy, detect, "mag ik een foto delen?")
    after, replies = said(policy, detect, state, "o ja, de ouders hebben schriftelijk toestemming")
    assert after.facts.get("consent") == frozenset({"written"})
    assert replies[-1].key in ("advice.question", "advice.answer")
    assert len(after.asked) <= len(state.asked) + 1


def test_a_question_that_goes_on_keeps_what_was_known(detect):
    kalisto = protocol("kalisto")
    first = "mag ik een appgroep maken?"
    _, replies = talk(kalisto, detect, first, "met de ouders van mijn klas", "en met leerlingen?")
    assert str(replies[0].values["answer"]).startswith("Nee.")


@pytest.mark.parametrize("words", ["👍", "...", "weet ik niet"])
def test_what_asks_nothing_is_met_with_how_to_ask(policy, detect, words):
    _, replies = talk(policy, detect, words)
    assert [reply.key for reply in replies] == ["advice.what"]
