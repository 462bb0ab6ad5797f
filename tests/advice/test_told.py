"""What a question tells beside the matter: accounts, consent, permission, what went wrong."""

import pytest

from bot.core.policy import Settings
from bot.detection.reading import group_facts, question_facts

TOLD = [
    ("Mag ik een leerling accepteren op mijn eigen Snapchat?",
     {"action": "befriend", "audience": "pupil", "account": "private", "capacity": "personal"}),
    ("Mag ik met mijn docentaccount een leerling terugvolgen?",
     {"action": "follow", "audience": "pupil", "account": "professional", "sender": "own"}),
    ("Mag dit op het account van onze locatie?", {"sender": "official"}),
    ("Mag ik onder een schuilnaam op X reageren?", {"sender": "alias"}),
    ("Mag de klassenfoto op Facebook? Zijn moeder zei dat het mag.",
     {"consent": "oral", "consent_from": "parent"}),
    ("Mag het filmpje op Insta? Alle spelers hebben uitdrukkelijk ja gezegd.",
     {"consent": "explicit", "consent_from": "depicted"}),
    ("Mag de foto op Facebook? Er ligt een getekend toestemmingsformulier van de ouders.",
     {"consent": "written", "consent_from": "parent"}),
    ("Mag ik tijdens mijn les iets posten met toestemming van de directie?",
     {"time": "own_lesson", "permission": "prior", "author": "medewerker"}),
    ("Mogen ze in de les hun telefoon gebruiken? Ik heb niets gezegd.",
     {"action": "use_in_lesson", "author": "leerling", "permission": "none"}),
    ("Mag ik posten over mijn volleybal? Er staat niets over school in.", {"school_link": "no"}),
    ("Mag ik posten 'wat een rotbaan heb ik soms'?", {"school_link": "unknown"}),
    ("Een ouder dreigt dat hij mij opwacht, wat moet ik doen?",
     {"event": {"question", "report"}, "incident": "criminal"}),
]  # fmt: skip

# Everyday words that look like something gone wrong.
HARMLESS = [
    "Mag ik in de teamapp zetten dat de printer niets doet?",
    "Mag ik zeggen dat er een hond op het plein loopt op zoek naar zijn baas?",
    "Het dreigt te gaan regenen, mag ik de ouders mailen?",
    "Ik ben wat overbelast, mag ik een dag vrij vragen in de teamapp?",
    "De taart gaat rond, mag ik dat in de teamapp zetten?",
    "In het rooster staat mijn les verkeerd, dat klopt niet. Mag ik dat in de teamapp zetten?",
    "Mag ik de logopedist van school mailen?",
]
CALM = [
    "Wie vindt ook dat de koffie slap is?",
    "Kijk maar uit op het plein, het is glad!",
    "Wij van groep 3 zoeken wc-rollen",
    "De cake is mislukt, maar er is nog taart",
    "Het wachtwoord van de laptop ligt in de kluis",
]


def read(text, detect):
    return question_facts(text, detect, settings=Settings()).facts.known


@pytest.mark.parametrize(("text", "facts"), TOLD, ids=[text for text, _ in TOLD])
def test_what_is_said_becomes_a_fact(detect, text, facts):
    wanted = {f: {v} if isinstance(v, str) else v for f, v in facts.items()}
    known = read(text, detect)
    assert {fact: set(known.get(fact, ())) for fact in wanted} == wanted


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_trouble_is_no_incident_and_no_insult(detect, text):
    known = read(text, detect)
    assert "incident" not in known
    assert "plan" in known["event"]
    assert known["attachment"] == {"none"}
    assert not known.get("content", frozenset()) & {"harms_name", "threat", "rumour", "login"}


@pytest.mark.parametrize("text", CALM)
def test_calm_words_in_the_group_earn_no_remark(detect, text):
    known = group_facts(text, detect(text), quiet=False, settings=Settings()).known
    assert not known.get("content", frozenset()) - {"confidential", "personal_data"}
