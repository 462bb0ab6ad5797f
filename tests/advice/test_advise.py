"""The adviser in a single turn: the four answers, their words, and what never comes out."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.findings import Detection
from bot.core.judge import judge
from bot.core.policy import Act
from bot.delivery.advise import advise, advise_line, render
from bot.detection.reading import group_facts
from bot.policies import load_policy

FINN = "Mag ik in de teamapp zetten dat Finn morgen naar de kinderpsychiater gaat?"


def ask(policy, detect, text, **more):
    return advise_line(policy, detect, {"id": "q", "text": text, "attachment": None, **more})


def test_a_pupil_in_care_is_not_for_the_teams_group(policy, detect):
    answer = ask(policy, detect, FINN)
    assert answer["verdict"] == "no"
    assert answer["articles"][0] == "Intern 3"
    assert answer["answer"].startswith("Nee.")
    for part in ("Intern 3", "protocol Matthijsje", "versie", "schoolmail"):
        assert part in answer["answer"]
    assert "Finn" not in answer["answer"]


QUESTIONS = [
    ("yes", "Mag ik in de teamapp vragen wie mijn pleinwacht overneemt?"),
    ("yes", "Mag ik in de teamapp zetten dat de parkeerplaats morgen dicht is?"),
    ("yes", "Mag ik een artikel over begrijpend lezen delen op LinkedIn?"),
    ("yes", "Mag ik de conciërge in het weekend bellen omdat het dak lekt?"),
    ("no", "Mag de adreslijst van groep 6 in de teamapp?"),
    ("no", "Mag een filmpje van de sportdag op TikTok?"),
    ("no", "Mag ik op Facebook terugreageren op een boze vader die zegt dat ik partijdig ben?"),
    ("no", "Kan de directie eisen dat ik Parro op mijn telefoon installeer?"),
    ("no", "Moet ik in het weekend de teamapp lezen?"),
    ("no", "Mag ik het verslag van een oudergesprek naar mijn gmail sturen?"),
    ("no", "Mag ik een stripverhaal uit een tijdschrift op onze website zetten?"),
    ("yes_if", "Kan ik met mijn duo via Parro overleggen?"),
    ("yes_if", "Mag ik foto's van de sinterklaasviering in Parro zetten?"),
    ("yes_if", "Mag ik een stuk uit een rapport citeren op LinkedIn?"),
    ("ask_manager", "Ik twijfel of deze post over onze fusie online kan. Mag het?"),
    ("ask_manager", "Mag ik bevriend zijn met een ouder op Facebook?"),
]


@pytest.mark.parametrize(("verdict", "text"), QUESTIONS)
def test_common_questions_get_the_answer_the_protocol_gives(policy, detect, verdict, text):
    assert ask(policy, detect, text)["verdict"] == verdict


ANNOUNCED = [
    "Mag ik in de teamapp zetten dat de cijfers zijn ingevoerd?",
    "Mag ik in de teamapp zetten dat de medicijnen zijn verplaatst naar de EHBO-kast?",
    "Mag ik in de teamapp zetten dat er luizen zijn in groep 4?",
]
HIS = [
    "Mag ik in de teamapp zetten dat zijn diagnose binnen is?",
    "Mag ik in de teamapp iets zetten over zijn gedrag en de ruzie?",
    "Mag ik in de teamapp zetten dat zijn moeder gaat scheiden?",
    "Mag ik in de teamapp zetten dat Peter zijn cijfers slecht zijn?",
]


@pytest.mark.parametrize("text", ANNOUNCED)
def test_things_that_are_somewhere_are_nobodys_secret(policy, detect, text):
    assert ask(policy, detect, text)["verdict"] in ("yes", "yes_if")


@pytest.mark.parametrize("text", HIS)
def test_what_is_his_stays_confidential(policy, detect, text):
    assert ask(policy, detect, text)["verdict"] == "no"


PLAINLY_NO = [
    "Mag ik een toetsuitslag van een leerling in de teamapp zetten?",
    "Mag ik de gezinssituatie van een leerling in de teamapp bespreken?",
    "Mag ik een collega uitschelden in de teamapp?",
]
ELSEWHERE = [
    "Mag ik in ChatGPT het dossier van een leerling plakken?",
    "Mag ik foto's van leerlingen op mijn eigen telefoon maken?",
]


@pytest.mark.parametrize("school", ["matthijsje", "voorbeeld"])
@pytest.mark.parametrize("text", PLAINLY_NO)
def test_a_plain_no_is_no_yes_on_conditions(detect, school, text):
    policy = load_policy(Path(__file__).parents[2] / "policies" / f"{school}.yaml")
    assert ask(policy, detect, text)["verdict"] == "no"


@pytest.mark.parametrize("text", ELSEWHERE)
def test_a_place_the_protocol_does_not_know_is_not_taken_for_the_teams_group(policy, detect, text):
    answer = ask(policy, detect, text)
    assert (answer["verdict"], answer["articles"]) == ("ask_manager", [])


def test_where_the_protocol_is_silent_it_is_said_and_no_article_is_named(policy, detect):
    answer = ask(policy, detect, "Mag ik in de les TikTok gebruiken?")
    assert answer["verdict"] == "ask_manager"
    assert answer["articles"] == []
    assert "zegt hier niets over" in answer["answer"]


MESSAGES = [
    "Wie heeft de sleutel van de gymzaal?",
    "Weten jullie dat Liam uit groep 7 bij Veilig Thuis gemeld is? Let even op hem.",
    "De koffie is op, ik haal nieuwe.",
    "Monique zit thuis met een burn-out.",
    "wachtwoord van de kopieerkamer is Zomer2024!",
    "Vrijdag om 15.30 uur borrel in de teamkamer",
]


@pytest.mark.parametrize("message", MESSAGES)
def test_a_quoted_message_gets_the_answer_the_group_would_give(policy, detect, message):
    facts = group_facts(message, detect(message), quiet=False, settings=policy.settings)
    removed = Act.WITHDRAW in judge(policy, facts).acts
    answer = ask(policy, detect, f'Mag dit in de groep: "{message}"')
    assert answer["verdict"] == ("no" if removed else "yes")


def test_a_question_about_the_protocol_is_answered_from_its_articles(policy, detect):
    answer = ask(policy, detect, "Wat zegt het protocol over een disclaimer?")
    assert "Achtergrond 7" in answer["articles"]


@pytest.mark.parametrize(
    "line",
    [
        None, [], "x", 3, {}, {"id": "q"}, {"id": "q", "text": 3}, {"id": "q", "text": ""},
        {"id": "q", "text": "geheim", "attachment": "zebra"},
        {"id": "q", "text": "geheim", "audience": ["x"]},
        {"id": "q", "text": "geheim" * 10_000},
        {"id": ["q"], "text": None},
    ],
)  # fmt: skip
def test_a_broken_line_gives_its_id_and_an_error_without_the_text(policy, detect, line):
    answer = advise_line(policy, detect, line)
    assert set(answer) == {"id", "error"}
    assert answer["error"]
    assert "geheim" not in json.dumps(answer)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_answer_can_be_said_in_both_languages(policy, detect, language):
    for verdict, text in QUESTIONS:
        said = render(advise(policy, detect, text), language)
        assert 0 < len(said) < 700, verdict
        assert "{" not in said


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_one_of_the_four_answers(policy, text):
    answer = advise_line(policy, lambda _: Detection(), {"id": 1, "text": text + "x"})
    assert answer["verdict"] in ("yes", "no", "yes_if", "ask_manager")


@pytest.mark.parametrize("sign", ["a", "a ", "'", '"', "mag ik ", "foto", "\x00", ": ", "ouder "])
def test_a_giant_question_is_read_in_linear_time(policy, sign):
    started = time.process_time()
    text = (sign * 20_000)[:20_000]
    advise_line(policy, lambda _: Detection(), {"id": 1, "text": text + "?"[:0]})
    assert time.process_time() - started < 2


def test_the_answer_gives_the_disclaimer_of_the_schools_own_protocol(detect):
    folder = Path(__file__).parents[2] / "policies"
    asked = "Mijn blog over ons toetsbeleid is klaar, zonder disclaimer. Kan hij online?"
    said = {
        school: render(advise(load_policy(folder / f"{school}.yaml"), detect, asked))
        for school in ("hogeland", "kalisto", "aloysius")
    }
    assert "los van eventuele officiële standpunten van Het Hogeland College" in said["hogeland"]
    assert "los van eventuele officiële standpunten van Stichting Kalisto" in said["kalisto"]
    assert "niet het officiële standpunt van Aloysius" in said["aloysius"]
