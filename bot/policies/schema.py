"""The JSON Schema by which an editor completes and checks a policy file, made from the code."""

import json
from collections.abc import Collection, Mapping

from bot.core.facts import UNKNOWN, VOCABULARY
from bot.core.findings import Category
from bot.core.policy import CHANNELS, CONDITIONS, ROLES, TOPICS, Act, Redirect
from bot.policies.fields import MAX_TEXT
from bot.policies.rules import ATTACHMENTS, MAX_RULES, VERDICTS
from bot.policies.settings import LENGTHS, NUMBERS

Json = dict[str, object]
_TEXT: Json = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
_YES_NO: Json = {"enum": ["yes", "no", "true", "false", True, False]}


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def schema() -> Json:
    """The schema of one policy file."""
    top = {
        "protocol": _object(
            dict.fromkeys(("id", "name", "version", "source"), _TEXT),
            need=("id", "name", "version"),
        ),
        "extends": _say(_TEXT, "the foundation's file this one adds to, beside this file"),
        "settings": _settings(),
        "articles": _say(
            {"type": "object", "additionalProperties": _words(None)},
            "every article of the protocol with the ids of its norms",
        ),
        "rules": {"type": "array", "maxItems": MAX_RULES, "items": _ref("rule")},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A school's protocol as rules for Fluister",
        **_object(top, need=("protocol",)),
        "anyOf": [{"required": ["rules"]}, {"required": ["extends"]}],
        "$defs": {
            "facts": _facts(), "then": _then(), "example": _example(), "rule": _rule(),
        },
    }  # fmt: skip


def _settings() -> Json:
    numbers = {key: _number(*bounds) for key, bounds in NUMBERS.items()}
    return _object(
        {
            "team_address": _say({"type": "string"}, "where messages for the whole team go"),
            "own_domains": _words(None),
            "contacts": _object({role: {"type": "string"} for role in ROLES}),
            "redirects": _object({kind.value: {"enum": _values(Redirect)} for kind in Category}),
            **numbers,
            "length_limit": _say(_number(*LENGTHS), "signs; longer is too long for the group"),
            "social_media_channels": _words(None),
            "closed_apps": _words(None),
            "disclaimer": _say({"type": "string"}, "the words to add to a piece about school"),
            "quiet": _say(_words(None), "quiet time in the sentences of the chat"),
        }
    )


def _rule() -> Json:
    keys: dict[str, object] = {
        "id": _say(_TEXT, "unique, never used again"),
        "article": _say(_TEXT, "the article as staff know it"),
        "says": _say(_TEXT, "what the rule comes down to, in Dutch, in your own words"),
        "gloss": _say(_TEXT, "the same in English"),
        "when": {
            "oneOf": [
                _ref("facts"),
                {"type": "array", "minItems": 1, "items": _ref("facts")},
            ],
            "description": "one dash must match as a whole; dashes are 'or'",
        },
        "then": _ref("then"),
        "informs": _say(_YES_NO, "tells only; has keywords instead of when and then"),
        "overrides": _say(_words(None), "ids of rules that do not count where this one does"),
        "examples": {"type": "array", "items": _ref("example")},
        "keywords": _words(None),
    }
    told: Json = {
        "required": ["informs", "keywords"],
        "properties": {"when": False, "then": False},
    }
    acts: Json = {"required": ["when", "then"]}
    return {**_object(keys, need=("id", "article", "says")), "oneOf": [acts, told]}


def _then() -> Json:
    keys: dict[str, object] = {
        "verdict": {"enum": list(VERDICTS)},
        "conditions": _words(CONDITIONS),
        "ask": _words(tuple(VOCABULARY)),
        "acts": _words(_values(Act)),
        "redirect": _words(CHANNELS),
        "consult": _words(ROLES),
        "permits": _say(_YES_NO, "whoever must be asked can say yes"),
        "record": _words(ROLES),
        "escalate": _words(ROLES),
        "remind": _words(TOPICS),
    }
    return {**_object(keys), "minProperties": 1}


def _example() -> Json:
    keys: dict[str, object] = {
        "hit": _TEXT,
        "miss": _TEXT,
        "group": _say(_YES_NO, "a message in the group; otherwise a private question"),
        "attachment": {"enum": list(ATTACHMENTS)},
        "given": _say(_ref("facts"), "facts that the sentence cannot show"),
    }
    return {**_object(keys), "oneOf": [{"required": ["hit"]}, {"required": ["miss"]}]}


def _facts() -> Json:
    facts = {fact: _words((*values, UNKNOWN)) for fact, values in VOCABULARY.items()}
    return {**_object(facts), "minProperties": 1}


def _words(allowed: Collection[str] | None) -> Json:
    """One word or a list of them."""
    word: Json = {"type": "string"} if allowed is None else {"enum": list(allowed)}
    several: Json = {"type": "array", "minItems": 1, "uniqueItems": True, "items": word}
    return {"oneOf": [word, several]}


def _object(keys: Mapping[str, object], need: tuple[str, ...] = ()) -> Json:
    made: Json = {"type": "object", "additionalProperties": False, "properties": dict(keys)}
    return {**made, "required": list(need)} if need else made


def _number(lowest: int, highest: int) -> Json:
    return {"type": "integer", "minimum": lowest, "maximum": highest}


def _values(words: type[Act] | type[Redirect]) -> list[str]:
    return [word.value for word in words]


def _say(what: Json, description: str) -> Json:
    return {**what, "description": description}


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}
