"""Where a school's file is looser than the foundation's file it extends."""

from collections.abc import Iterator, Mapping

from bot.core.policy import Act, Outcome, Policy, Redirect, Rule, Settings, VerdictKind

# From free to strict; what the protocol does not speak of is asked of a person.
STRICTNESS: Mapping[VerdictKind, int] = {
    VerdictKind.OUT_OF_SCOPE: 0,
    VerdictKind.ALLOW: 1,
    VerdictKind.ALLOW_IF: 2,
    VerdictKind.NO_RULE: 3,
    VerdictKind.CONSULT: 4,
    VerdictKind.ASK: 5,
    VerdictKind.REFUSE: 6,
}
_PROMPTNESS = {Redirect.ON_CLICK: 0, Redirect.AFTER_GRACE: 1, Redirect.AT_ONCE: 2}
_KEPT = ("keep_working_hours", "incident_days", "held_days")
Condition = Mapping[str, frozenset[str]]
Loosening = tuple[str, str]


def loosenings(policy: Policy) -> Iterator[Loosening]:
    """Each rule id (or empty for a setting) with what it loosens, in words."""
    if policy.base is None:
        return
    below = {rule.id: rule for rule in policy.base.rules}
    for rule in policy.rules:
        old = below.get(rule.id)
        if old is rule:
            continue
        if old is not None:
            yield from ((rule.id, detail) for detail in _of_rule(old, rule))
        yield from ((rule.id, detail) for detail in _silenced(rule, below, old))
        if old is None and rule.then.verdict is VerdictKind.OUT_OF_SCOPE:
            yield rule.id, "takes messages out of the foundation's protocol"
    yield from (("", detail) for detail in _of_settings(policy.base.settings, policy.settings))


def strictness(verdict: VerdictKind | None) -> int:
    """How strict a verdict is; a rule without one only adds acts and reminders."""
    return STRICTNESS[VerdictKind.NO_RULE if verdict is None else verdict]


def _of_rule(old: Rule, new: Rule) -> Iterator[str]:
    if strictness(new.then.verdict) < strictness(old.then.verdict):
        yield f"says {_said(new)} where the foundation says {_said(old)}"
    if any(not any(covers(wide, case) for wide in new.when) for case in old.when):
        yield "no longer counts in every case the foundation's rule counts in"
    for what, gone in _dropped(old.then, new.then):
        yield f"drops {what}: {', '.join(gone)}"
    if new.then.permits and not old.then.permits:
        yield "lets somebody give permission, which the foundation does not"


def _dropped(old: Outcome, new: Outcome) -> Iterator[tuple[str, list[str]]]:
    for what in ("acts", "conditions", "asks", "consult", "record", "escalate", "remind"):
        gone = [str(word) for word in getattr(old, what) if word not in getattr(new, what)]
        stricter = what in ("conditions", "asks") and new.verdict is VerdictKind.REFUSE
        if gone and not stricter:
            yield what, gone


def _silenced(rule: Rule, below: Mapping[str, Rule], old: Rule | None) -> Iterator[str]:
    known = set(old.overrides) if old is not None else set()
    for target in rule.overrides:
        silenced = below.get(target)
        if silenced is None or target in known:
            continue
        weaker = strictness(rule.then.verdict) < strictness(silenced.then.verdict)
        lost = {Act.WITHDRAW, Act.HOLD} & set(silenced.then.acts) - set(rule.then.acts)
        if weaker or lost:
            yield f"silences {target} of the foundation, which is stricter"


def _of_settings(old: Settings, new: Settings) -> Iterator[str]:
    for key in _KEPT:
        if getattr(new, key) > getattr(old, key):
            yield f"{key}: keeps for {getattr(new, key)} instead of {getattr(old, key)}"
    if old.length_limit and (new.length_limit or 10**6) > old.length_limit:
        yield f"length_limit: allows {new.length_limit or 'any length'}, not {old.length_limit}"
    for category, redirect in new.redirects.items():
        if _PROMPTNESS[redirect] < _PROMPTNESS[old.redirects[category]]:
            yield f"redirects: {category} waits longer ({redirect})"
    if lost := set(old.social_media_channels) - set(new.social_media_channels):
        yield f"social_media_channels: no longer {', '.join(sorted(lost))}"
    if more := set(new.closed_apps) - set(old.closed_apps):
        yield f"closed_apps: also {', '.join(sorted(more))}"


def _said(rule: Rule) -> str:
    return rule.then.verdict.name.lower() if rule.then.verdict is not None else "nothing"


def covers(wide: Condition, narrow: Condition) -> bool:
    """Whether `wide` matches whenever `narrow` does."""
    return all(fact in narrow and narrow[fact] <= values for fact, values in wide.items())
