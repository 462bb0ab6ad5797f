"""The adviser: a private question in, an answer in the school's own words out."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.core import dialogue
from bot.core.advice import Advice, AdviceKind, about, answer
from bot.core.decisions import Ask, Decision, Person, Reply
from bot.core.dialogue import DialogueEvent, DialogueState
from bot.core.facts import UNKNOWN, VOCABULARY, Facts
from bot.core.judge import judge
from bot.core.policy import Policy
from bot.detection.reading import Detect, Reading, question_facts
from bot.texts import has, text

ATTACHMENTS = ("photo", "document", "voice", "video", "other")
AUDIENCES = (
    "team_group", "team", "colleague", "pupil", "class", "parent", "class_parents", "press",
    "public", "outsider", "unknown",
)  # fmt: skip
LONGEST = 20_000
_STOP = ("stop", "stoppen", "laat maar", "annuleer", "cancel")
_AGAIN = ("opnieuw", "begin opnieuw", "again", "reset")
_CHANGED = (
    "nee toch niet", "toch niet", "nee, toch niet", "ik heb me vergist", "vergist", "terug",
    "verkeerd antwoord", "actually no", "back",
)  # fmt: skip
_CORRECTS = ("nee", "toch", "ik bedoel", "bedoel", "sorry", "correctie", "no", "i mean", "wacht")
_FOLLOWS = ("en ", "maar ", "wat als", "and ", "but ", "what if", "of met ", "of in ", "of naar ")
_BESIDE = ("channel", "audience", "consent", "consent_from", "account")
_SAID = (*_BESIDE, "about", "recognisable", "content", "capacity", "permission")
_YES = re.compile(r"(?:ja|yes|jazeker|klopt|jawel|yep|jep)\b(?!,? (?:maar|behalve|but))")
_NO = re.compile(r"(?:nee|neen|no|nope)(?:,? (?:hoor|niemand|niet|nooit|geen))?$")
_DONT_KNOW = (
    "weet ik niet", "weet niet", "geen idee", "ik weet het niet", "weet ik nog niet", "?",
    "i don't know", "dont know",
)  # fmt: skip


def read(
    policy: Policy, detect: Detect, words: str, attachment: str | None, audience: str | None
) -> Reading:
    """The question as facts."""
    return question_facts(
        words, detect, attachment=attachment, audience_hint=audience, settings=policy.settings
    )


def advise(
    policy: Policy,
    detect: Detect,
    words: str,
    *,
    attachment: str | None = None,
    audience: str | None = None,
) -> Advice:
    """Answer one question in a single turn, without asking anything back."""
    reading = read(policy, detect, words, attachment, audience)
    told = _told(policy, reading)
    if told is not None:
        return told
    return answer(policy, judge(policy, reading.facts), reading.facts)


def _told(policy: Policy, reading: Reading) -> Advice | None:
    """What the protocol says on a subject, where that is the question."""
    if reading.topic is None or judge(policy, reading.facts).deciding:
        return None
    return about(policy, reading.topic.words)


def advise_line(policy: Policy, detect: Detect, line: object) -> dict[str, object]:
    """One line of `fluister advise --jsonl`; a broken one gives `{"id", "error"}`, never text."""
    line_id = line.get("id") if isinstance(line, Mapping) else None
    if not isinstance(line_id, (str, int)) or isinstance(line_id, bool):
        line_id = None
    wrong = _wrong(line)
    if wrong or not isinstance(line, Mapping):
        return {"id": line_id, "error": wrong}
    advice = advise(
        policy, detect, line["text"],
        attachment=line.get("attachment"), audience=line.get("audience"),
    )  # fmt: skip
    return {
        "id": line_id,
        "verdict": advice.kind.value,
        "articles": list(advice.articles),
        "answer": render(advice, "nl"),
    }


def _wrong(line: object) -> str:
    if not isinstance(line, Mapping):
        return "a line is a JSON object with id, text and attachment"
    words = line.get("text")
    if not isinstance(words, str):
        return "'text' is not a string"
    if not words.strip():
        return "'text' is empty"
    if len(words) > LONGEST:
        return f"'text' is longer than {LONGEST} characters"
    if line.get("attachment") not in (None, *ATTACHMENTS):
        return f"'attachment' is null or one of {', '.join(ATTACHMENTS)}"
    if line.get("audience") not in (None, *AUDIENCES):
        return f"'audience' is null or one of {', '.join(AUDIENCES)}"
    return ""


Turn = tuple[DialogueState, tuple[Reply, ...]]


def said(
    policy: Policy,
    detect: Detect,
    state: DialogueState,
    words: str,
    *,
    attachment: str | None = None,
    language: str = "nl",
) -> Turn:
    """Go on after a private message: a new question, or an answer to the open one."""
    reading = read(policy, detect, words, attachment, None)
    told = None if state.open else _told(policy, reading)
    if told is not None:
        return DialogueState(), spoken((dialogue.reply_of(told),), language)
    event = _heard(state, words, reading)
    after, decisions = dialogue.step(policy, state, event)
    return after, spoken(decisions, language)


def pressed(policy: Policy, state: DialogueState, argument: str, language: str = "nl") -> Turn:
    """Go on after a button; `argument` is "fact=value"."""
    fact, _, value = argument.partition("=")
    after, decisions = dialogue.step(policy, state, dialogue.Answered(fact, value))
    return after, spoken(decisions, language)


def _heard(state: DialogueState, words: str, reading: Reading) -> DialogueEvent:
    plain = words.strip().rstrip(".!").casefold()
    if plain in _STOP:
        return dialogue.Stopped()
    if plain in _AGAIN:
        return dialogue.Restarted()
    if plain in _CHANGED:
        return dialogue.Withdrawn()
    if not state.open:
        nothing = plain in _DONT_KNOW or not any(map(str.isalnum, plain))
        shown = reading.facts.get("attachment") not in (None, _NONE)
        return dialogue.Unclear() if nothing and not shown else dialogue.Asked(reading.facts)
    if plain in _DONT_KNOW:
        return dialogue.Answered(state.open, UNKNOWN)
    value = _value(state.open, plain, reading)
    corrected = _correction(state, plain, reading) if value is None else None
    if value is not None:
        return dialogue.Answered(state.open, value, _beside(state.open, reading))
    if corrected is not None:
        return corrected
    if reading.asks:
        return dialogue.Asked(_followed(state, plain, reading))
    return dialogue.Told(_beside(state.open, reading))


def _beside(fact: str, reading: Reading) -> Facts:
    """What a reply says of other facts than the one asked about; questions are no replies."""
    if reading.asks:
        return Facts()
    said = {one: reading.facts.get(one) for one in _BESIDE if one != fact}
    return Facts({one: values for one, values in said.items() if values})


def _followed(state: DialogueState, plain: str, reading: Reading) -> Facts:
    """A question that goes on from the one before ("en met leerlingen?") keeps what was known.

    What it says itself counts; confidential matter stays so.
    """
    if not plain.startswith(_FOLLOWS):
        return reading.facts
    said = {one: reading.facts.get(one) for one in _SAID}
    known = {**state.facts.known, **{one: values for one, values in said.items() if values}}
    content = (state.facts.get("content") or frozenset()) | (said["content"] or frozenset())
    return Facts({**known, "content": content} if content else known)


def _correction(state: DialogueState, plain: str, reading: Reading) -> dialogue.Corrected | None:
    """Another answer to a question asked before the open one: "nee, toch in Parro"."""
    if reading.asks or not plain.startswith(_CORRECTS):
        return None
    words = re.sub(rf"^(?:(?:{'|'.join(_CORRECTS)})[, ]+)+", "", plain)
    for fact in reversed(state.asked[:-1]):
        value = _value(fact, words, reading)
        if value is not None:
            return dialogue.Corrected(fact, value)
    return None


def _value(fact: str, plain: str, reading: Reading) -> str | None:
    """The value somebody means: the words of a button, yes or no, or what can be read."""
    if _YES.match(plain) and has(f"advice.option.{fact}.yes"):
        return "yes"
    if _NO.match(plain) and has(f"advice.option.{fact}.no"):
        return "no"
    for language in ("nl", "en"):
        for value in _options(fact):
            if plain == text(f"advice.option.{fact}.{value}", language).casefold():
                return value
    known = None if reading.asks else reading.facts.get(fact)
    usual = fact in ("attachment", "disclosed") and known in (_NONE, _NOTHING)
    return min(known) if known and not usual else None


_NONE, _NOTHING = frozenset({"none"}), frozenset({"nothing"})


def _options(fact: str) -> list[str]:
    return [value for value in VOCABULARY[fact] if has(f"advice.option.{fact}.{value}")]


def spoken(decisions: tuple[Decision, ...], language: str) -> tuple[Reply, ...]:
    """The decisions of a talk with their words filled in, ready to be stored and sent."""
    return tuple(_spoken(decision, language) for decision in decisions)


def _spoken(decision: Decision, language: str) -> Reply:
    if isinstance(decision, Ask):
        question = text(f"advice.ask.{decision.fact}", language)
        buttons = dialogue.ask_buttons(decision)
        return Reply("advice.question", decision.cause, {"question": question}, buttons)
    if isinstance(decision, Reply) and isinstance(advice := decision.values.get("advice"), Advice):
        return replace(decision, values={"answer": render(advice, language)})
    return decision if isinstance(decision, Reply) else Reply("advice.what", Person())


def render(advice: Advice, language: str = "nl") -> str:
    """The answer in a few short sentences: the verdict first, then why, then what is possible."""
    parts = [_verdict(advice, language), _why(advice, language)]
    if not advice.rules:
        parts.append(text("advice.no_rule", language))
    elif advice.reminds:
        parts.append(text("advice.not_decided", language))
    parts += [
        text(f"advice.way.{way}", language, address=advice.team_address or "team@")
        for way in advice.ways
    ]
    parts += [_hint(hint, advice, language) for hint in advice.hints]
    parts += [text(f"advice.remind.{topic}", language) for topic in advice.remind]
    return " ".join(part for part in parts if part)


def _hint(hint: str, advice: Advice, language: str) -> str:
    if hint == "disclaimer" and advice.disclaimer:
        return text("advice.own_disclaimer", language, words=advice.disclaimer)
    return text(f"advice.hint.{hint}", language)


def _verdict(advice: Advice, language: str) -> str:
    if advice.informs:
        return text("advice.informs", language)
    if advice.reminds:
        return text("advice.reminds", language)
    if advice.outside:
        key = "outside" if advice.kind is AdviceKind.YES else "outside_ask"
        return text(f"advice.{key}", language)
    if advice.kind is AdviceKind.ASK_MANAGER:
        return _consult(advice, language) if advice.rules else ""
    if advice.kind is AdviceKind.YES_IF:
        terms = [text(f"advice.condition.{name}", language) for name in advice.conditions]
        terms += [text(f"advice.provided.{fact}", language) for fact in advice.provided]
        return text("advice.yes_if", language, terms=_together(terms, language))
    return text(f"advice.{advice.kind.value}", language)


def _consult(advice: Advice, language: str) -> str:
    roles = [text(f"advice.role.{role}", language) for role in advice.consult]
    who = _together(roles, language) or text("advice.role.leidinggevende", language)
    return text("advice.consult", language, who=who)


def _why(advice: Advice, language: str) -> str:
    if not advice.rules:
        return ""
    says = advice.gloss if language == "en" and advice.gloss else advice.says
    articles = _together(list(advice.articles), language)
    named = {"articles": articles, "protocol": advice.protocol, "version": advice.version}
    return text("advice.why", language, says=says.rstrip("."), **named)


def _together(parts: list[str], language: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    joined = text("advice.and", language)
    return f"{', '.join(parts[:-1])} {joined} {parts[-1]}"
