"""The short talk about "mag ik dit delen?": at most three questions, one after the other.

A pure step function. The state holds facts and never a word of what somebody wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from bot.core.advice import Advice, AdviceKind, answer, options, worth_asking
from bot.core.decisions import Ask, ButtonSpec, Cause, Choice, Decision, Person, Reply, Rows, Rules
from bot.core.facts import ASKABLE, UNKNOWN, VOCABULARY, Facts
from bot.core.judge import judge
from bot.core.policy import Policy

MOST_QUESTIONS = 3
_MOST_UNCLEAR = 2
_LONGEST_ARGUMENT = 80


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Where the talk is: `open` is the fact asked about now, `asked` all that were."""

    facts: Facts = field(default_factory=Facts)
    open: str = ""
    asked: tuple[str, ...] = ()
    unclear: int = 0

    def to_json(self) -> dict[str, object]:
        """As plain values; bounded by the vocabulary."""
        known = {fact: sorted(values) for fact, values in sorted(self.facts.known.items())}
        return {
            "kind": "advice", "facts": known, "open": self.open, "asked": list(self.asked),
            "unclear": self.unclear,
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "DialogueState":
        """Back from `to_json`; whatever is not ours or no longer fits starts anew."""
        try:
            return cls._read(stored)
        except (LookupError, TypeError, ValueError):
            return cls()

    @classmethod
    def _read(cls, stored: Mapping[str, object]) -> "DialogueState":
        facts, asked, unclear = stored["facts"], stored["asked"], stored["unclear"]
        if not isinstance(facts, dict) or not isinstance(asked, list):
            raise TypeError
        known = {str(fact): frozenset(map(str, values)) for fact, values in facts.items()}
        open_fact = stored["open"]
        if open_fact not in ("", *ASKABLE) or not all(fact in ASKABLE for fact in asked):
            raise ValueError("not a question of ours")
        if not isinstance(unclear, int) or len(asked) > MOST_QUESTIONS:
            raise TypeError
        return cls(Facts(known), str(open_fact), tuple(asked), unclear)


@dataclass(frozen=True, slots=True)
class Asked:
    """A new question, as facts; it ends whatever talk was going on."""

    facts: Facts


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to the open question; `value` may be `UNKNOWN` for "weet ik niet".

    `also` is what the same words tell of other facts.
    """

    fact: str
    value: str
    also: Facts = field(default_factory=Facts)


@dataclass(frozen=True, slots=True)
class Told:
    """No answer to the open question, but something else worth knowing; the question stays."""

    also: Facts


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something that is no answer to the open question."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Enough."""


@dataclass(frozen=True, slots=True)
class Restarted:
    """From the beginning."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """Another answer to a question already answered; the open one stays open."""

    fact: str
    value: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The last answer is taken back; its question comes again."""


DialogueEvent = Asked | Answered | Told | Unclear | Stopped | Restarted | Corrected | Withdrawn
Step = tuple[DialogueState, tuple[Decision, ...]]


def step(policy: Policy, state: DialogueState, event: DialogueEvent) -> Step:
    """What to say now, and where the talk is afterwards; an empty state means that it is over."""
    match event:
        case Asked(facts):
            return _go_on(policy, DialogueState(facts))
        case Answered(fact, value, also):
            return _answered(policy, _knowing(state, also), fact, value)
        case Told(also):
            return _told(policy, state, also)
        case Unclear():
            return _unclear(policy, state)
        case Corrected(fact, value):
            return _corrected(policy, state, fact, value)
        case Withdrawn():
            return _withdrawn(policy, state)
        case Stopped():
            return DialogueState(), (Reply("dialogue.stopped", Person()),)
        case Restarted():
            return DialogueState(), (Reply("advice.again", Person()),)
        case _:
            assert_never(event)


def _answered(policy: Policy, state: DialogueState, fact: str, value: str) -> Step:
    if not state.open:
        return state, (Reply("advice.expired", Person()),)
    if fact != state.open or value not in (*VOCABULARY.get(fact, ()), UNKNOWN):
        return _unclear(policy, state)
    facts = state.facts.with_(**{fact: value})
    return _go_on(policy, replace(state, facts=_implied(facts, fact), open="", unclear=0))


def _told(policy: Policy, state: DialogueState, also: Facts) -> Step:
    after = _knowing(state, also)
    if not state.open or after == state:
        return _unclear(policy, state)
    return _go_on(policy, replace(after, open="", asked=state.asked[:-1], unclear=0))


def _knowing(state: DialogueState, also: Facts) -> DialogueState:
    """With what was told beside; an answer given earlier is not changed by it."""
    new = {fact: values for fact, values in also.known.items() if fact not in state.facts.known}
    return replace(state, facts=Facts({**state.facts.known, **new})) if new else state


def _corrected(policy: Policy, state: DialogueState, fact: str, value: str) -> Step:
    if fact not in state.asked[:-1] or value not in VOCABULARY.get(fact, ()):
        return _unclear(policy, state)
    facts = _implied(state.facts.with_(**{fact: value}), fact)
    return _go_on(policy, DialogueState(facts, asked=state.asked[:-1]))


def _withdrawn(policy: Policy, state: DialogueState) -> Step:
    """Back to the question before; without one there is nothing left to ask."""
    earlier = state.asked[:-1]
    if not state.open or not earlier:
        return step(policy, state, Stopped())
    known = {fact: values for fact, values in state.facts.known.items() if fact != earlier[-1]}
    return _go_on(policy, DialogueState(Facts(known), asked=earlier[:-1]))


def _implied(facts: Facts, fact: str) -> Facts:
    """What an answer says by itself: the team's group is read by the team."""
    group = fact == "channel" and facts.get("channel") == frozenset({"team_group"})
    return facts.with_(audience="team") if group else facts


def _unclear(policy: Policy, state: DialogueState) -> Step:
    """Ask once more, then answer with what is known."""
    if not state.open:
        return state, (Reply("advice.what", Person()),)
    if state.unclear + 1 >= _MOST_UNCLEAR:
        return _answered(policy, state, state.open, UNKNOWN)
    again = Reply("advice.not_understood", Person())
    ask = Ask(state.open, Person(), options(policy, state.open))
    return replace(state, unclear=state.unclear + 1), (again, ask)


def _go_on(policy: Policy, state: DialogueState) -> Step:
    verdict = judge(policy, state.facts)
    advice = answer(policy, verdict, state.facts)
    fact = next((f for f in worth_asking(verdict, policy) if f not in state.asked), None)
    if fact is not None and len(state.asked) < MOST_QUESTIONS:
        cause = Rules(verdict.open or verdict.fired)
        ask = Ask(fact, cause, options(policy, fact))
        return replace(state, open=fact, asked=(*state.asked, fact)), (ask,)
    return DialogueState(), (reply_of(advice),)


def reply_of(advice: Advice) -> Reply:
    """The answer as a decision; delivery finds the words."""
    cause: Cause = Rules(advice.rules) if advice.rules else Person()
    forbids = advice.kind in (AdviceKind.NO, AdviceKind.ASK_MANAGER) and not advice.informs
    articles = ", ".join(advice.articles)[:_LONGEST_ARGUMENT]
    ask = ButtonSpec("advice.button.ask_manager", Choice.ASK_MANAGER, articles)
    return Reply("advice.answer", cause, {"advice": advice}, ((ask,),) if forbids else ())


def ask_buttons(ask: Ask) -> Rows:
    """One button for each option, then "weet ik niet" and "stop"."""
    chosen = [
        ButtonSpec(f"advice.option.{ask.fact}.{value}", Choice.ANSWER, f"{ask.fact}={value}")
        for value in ask.options
    ]
    chosen.append(ButtonSpec("advice.dont_know", Choice.ANSWER, f"{ask.fact}={UNKNOWN}"))
    chosen.append(ButtonSpec("advice.stop", Choice.STOP))
    return tuple((button,) for button in chosen)
