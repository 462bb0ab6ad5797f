"""Which friendly word a tip is: by what was written, never by who wrote it.

A tip goes to the writer alone. Nobody is reported: at most it says whom they could talk to.
"""

from bot.core.judge import Verdict
from bot.core.policy import ROLES

_GRAVE = frozenset({"threat", "hate"})
_HURTFUL = frozenset({"bullying", "discrimination", "harms_name"})
_TONE = frozenset({"insult", "disrespect", "obscene"})
_USUAL_ROLE = "leidinggevende"


def tip_key(verdict: Verdict) -> str:
    """The text for a message that asks for a word and nothing more, the gravest matter first."""
    for key, kinds in (
        ("tip.threat", _GRAVE),
        ("tip.hurtful", _HURTFUL),
        ("whisper.note_tone", _TONE),
        ("tip.login", frozenset({"login"})),
        ("tip.private", frozenset({"personal_data", "confidential"})),
    ):
        if kinds & verdict.content:
            return key
    if "mail" in verdict.redirect:
        return "whisper.note"
    return "tip.photo" if verdict.attachment & {"image", "video"} else "whisper.note_tone"


def whom_to_talk_to(verdict: Verdict) -> tuple[str, ...]:
    """The roles a writer is pointed to: those the protocol names, else their manager."""
    named = (*verdict.consult, *verdict.redirect, *verdict.escalate, *verdict.record)
    roles = tuple(dict.fromkeys(role for role in named if role in ROLES and role != "politie"))
    return roles or (_USUAL_ROLE,)
