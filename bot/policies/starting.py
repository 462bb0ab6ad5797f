"""A first policy file out of the answers to the questions that protocols answer differently."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

_HEAD = """\
# {title} als regels. Dit bestand lees je als het protocol zelf; zo werkt het:
#
#   says      wat er is afgesproken, in je eigen woorden (gloss: hetzelfde in het Engels)
#   when      wanneer de regel telt. Alles op één regel moet waar zijn; [a, b] is "a of b".
#   then      wat er volgt: een oordeel (allow, allow_if, consult, refuse …) en wat Fluister doet
#   examples  zinnen waarmee de regel zich bewijst: `hit` raakt hem, `miss` niet
#
# De volgorde maakt niet uit. Past geen regel, dan zegt Fluister eerlijk dat het protocol er niets
# over zegt. Kijk het bestand na en probeer het:
#
#   fluister policy check {file}
#   fluister policy test {file}

protocol:
  id: {id}
  name: {name}
  version: "1"

# Wat de school kiest, los van de regels.
settings:
  team_address: {team}
  contacts:
    leidinggevende: {leidinggevende}
    directie: {directie}
"""
_BEFORE_RULES = """
# Heeft jullie protocol artikelen, schrijf ze dan hier op met de regels die erbij horen, zoals
# `Intern 3: [INT-3a, INT-3b]` onder een regel `articles:`. Dan meldt `fluister policy check` welk
# deel van het protocol nog geen regel heeft.

rules:
"""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: `rules` is the text of its rules, `settings` what it sets."""

    says: Mapping[str, str]
    rules: str
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing in which protocols differ; the first option is the usual one."""

    key: str
    article: str
    says: Mapping[str, str]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class School:
    """What a file needs to know of the school itself."""

    name: str
    team_address: str
    file: str = "voorbeeld.yaml"
    leidinggevende: str = "je leidinggevende"
    directie: str = "de directie"


@cache
def questions() -> tuple[Question, ...]:
    """The questions, in the order they are asked."""
    text = resources.files(__package__).joinpath("starter.yaml").read_text("utf-8")
    return tuple(_question(row) for row in yaml.safe_load(text))


def _question(row: dict[str, object]) -> Question:
    options = row["options"]
    assert isinstance(options, list)  # noqa: S101  (our own file)
    return Question(
        str(row["key"]),
        str(row["article"]),
        _says(row),
        tuple(Option(_says(o), str(o["rules"]), o.get("settings", {})) for o in options),
    )


def _says(row: Mapping[str, object]) -> Mapping[str, str]:
    return {language: str(row[language]) for language in ("nl", "en")}


def starter(school: School, answers: Mapping[str, int]) -> str:
    """The text of a policy file; `answers` gives an option's number per key, 0 being the usual."""
    chosen = [(q, q.options[answers.get(q.key, 0)]) for q in questions()]
    settings = {k: v for _, option in chosen for k, v in option.settings.items()}
    lines = [_head(school)]
    lines += [f"  {key}: {value}\n" for key, value in settings.items()]
    lines.append(_BEFORE_RULES)
    lines += [_chapter(question, option) for question, option in chosen]
    return "".join(lines).rstrip("\n") + "\n"


def _head(school: School) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", school.name.casefold()).strip("-") or "school"
    return _HEAD.format(
        title=_line(f"Het protocol van {school.name}"),
        file=_line(school.file),
        id=_quoted(plain),
        name=_quoted(f"protocol {school.name}"),
        team=_quoted(school.team_address),
        leidinggevende=_quoted(school.leidinggevende),
        directie=_quoted(school.directie),
    )


def _chapter(question: Question, option: Option) -> str:
    """The question with the answer above its rules, as a chapter of the file."""
    asked = f"  # ── {question.article}: {question.says['nl']}\n  #    → {option.says['nl']}\n"
    body: list[str] = []
    for line in option.rules.splitlines():
        if line.startswith("- id:") and body and not body[-1].lstrip().startswith("#"):
            body.append("")
        body.append(f"  {line}")
    return asked + "".join(f"{line}\n" for line in body) + "\n"


def _line(text: str) -> str:
    """Safe inside a comment: one line, printable."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _quoted(text: str) -> str:
    """Safe as a YAML value, whatever a school is called."""
    inside = _line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'
