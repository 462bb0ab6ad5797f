"""Runs the examples of a policy file through the real road: detector, reading, judge."""

from dataclasses import dataclass, field

from bot.core.facts import Facts
from bot.core.judge import Verdict, judge
from bot.core.policy import Example, Policy, Rule, VerdictKind
from bot.delivery.advise import advise
from bot.detection.reading import Detect, group_facts, question_facts
from bot.texts import text


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example, and the rules that fired on it; `good` when that is what the file says."""

    rule: str
    number: int
    expected: bool
    fired: tuple[str, ...]
    verdict: VerdictKind
    example: str = field(repr=False)

    @property
    def good(self) -> bool:
        return (self.rule in self.fired) is self.expected

    @property
    def says(self) -> str:
        """What went wrong, for the person who wrote the file."""
        key = "policy.example_missed" if self.expected else "policy.example_hit"
        others = ", ".join(self.fired) or "-"
        return text(key, number=self.number, example=self.example, fired=others)


def run_examples(policy: Policy, detect: Detect) -> tuple[ExampleResult, ...]:
    """Run every example of the file; the same detector the group has.

    A rule that only informs is hit when the adviser answers the sentence with it.
    """
    return tuple(
        _run(policy, detect, rule, number, example)
        for rule in policy.rules
        for number, example in enumerate(rule.examples, start=1)
    )


def _run(
    policy: Policy, detect: Detect, rule: Rule, number: int, example: Example
) -> ExampleResult:
    if not rule.when:
        told = advise(policy, detect, example.text, attachment=example.attachment)
        kind = VerdictKind.NO_RULE
        return ExampleResult(rule.id, number, example.hits, told.rules, kind, example.text)
    verdict: Verdict = judge(policy, _facts(policy, detect, example))
    return ExampleResult(
        rule.id, number, example.hits, verdict.fired, verdict.kind, example.text
    )  # fmt: skip


def _facts(policy: Policy, detect: Detect, example: Example) -> Facts:
    settings = policy.settings
    if example.group:
        attached = (example.attachment,) if example.attachment else ()
        facts = group_facts(
            example.text, detect(example.text), attachments=attached, quiet=False, settings=settings
        )
    else:
        facts = question_facts(
            example.text, detect, attachment=example.attachment, settings=settings
        ).facts
    return facts.with_(**example.given)
