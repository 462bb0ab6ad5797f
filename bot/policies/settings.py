"""The `settings` part of a policy file: what the school chose, apart from the rules."""

from collections.abc import Mapping

from bot.core.findings import Category
from bot.core.policy import ROLES, Redirect, Settings
from bot.errors import SettingError
from bot.policies.faults import Ledger
from bot.policies.fields import Fields, text_of, word_of
from bot.policies.nodes import Node
from bot.resting.sentences import rest_of
from bot.texts import text

SETTINGS = (
    "team_address", "own_domains", "contacts", "redirects", "grace_minutes",
    "keep_working_hours", "incident_days", "held_days", "length_limit", "social_media_channels",
    "closed_apps", "quiet", "disclaimer",
)  # fmt: skip
NUMBERS = {
    "grace_minutes": (0, 1_440),
    "keep_working_hours": (1, 720),
    "incident_days": (1, 365),
    "held_days": (1, 60),
}
LENGTHS = (50, 4_000)
_DEFAULT = Settings()
_ADDRESS_PARTS = 2


def read_settings(node: Node | None, ledger: Ledger, below: Settings | None = None) -> Settings:
    """The settings over those `below`; where both are silent the defaults count."""
    default = below or _DEFAULT
    if node is None:
        return default
    fields = Fields.of(node, ledger, "settings", SETTINGS)
    numbers = {
        key: fields.number(key, getattr(default, key), lowest, highest)
        for key, (lowest, highest) in NUMBERS.items()
    }
    return Settings(
        team_address=_address(fields, default.team_address),
        contacts={**default.contacts, **_contacts(fields)},
        redirects=_redirects(fields, default.redirects),
        length_limit=fields.number("length_limit", default.length_limit or 0, *LENGTHS) or None,
        social_media_channels=(
            fields.some_of("social_media_channels") or default.social_media_channels
        ),
        closed_apps=fields.some_of("closed_apps") or default.closed_apps,
        own_domains=fields.some_of("own_domains") or default.own_domains,
        quiet=_quiet(fields) or default.quiet,
        disclaimer=fields.text("disclaimer", default.disclaimer),
        **numbers,
    )


def _address(fields: Fields, default: str) -> str:
    address = fields.text("team_address", default)
    parts = address.split("@")
    if address and (len(parts) != _ADDRESS_PARTS or not all(parts) or " " in address):
        place = (fields.get("team_address") or fields.node).place
        fields.ledger.add(place, "'team_address' is not an e-mail address", found=address)
    return address


def _quiet(fields: Fields) -> tuple[str, ...]:
    """Sentences about quiet time, each of which the chat would understand as well."""
    sentences = fields.some_of("quiet")
    place = (fields.get("quiet") or fields.node).place
    for sentence in sentences:
        try:
            rest_of((sentence,))
        except SettingError as wrong:
            said = text(wrong.key, "nl", **wrong.values)
            fields.ledger.add(place, f"'quiet': {said}", found=sentence)
    return sentences


def _contacts(fields: Fields) -> Mapping[str, str]:
    contacts: dict[str, str] = {}
    table = fields.get("contacts")
    named = Fields.of(table, fields.ledger, "contacts", ROLES) if table is not None else None
    for role, node in (named.node.pairs if named else {}).items():
        contacts[role] = text_of(node, fields.ledger, role)
    return contacts


def _redirects(fields: Fields, default: Mapping[Category, Redirect]) -> Mapping[Category, Redirect]:
    node = fields.get("redirects")
    if node is None:
        return default
    chosen = Fields.of(node, fields.ledger, "redirects", tuple(Category)).node.pairs
    redirects = dict(default)
    for key, value in chosen.items():
        word = word_of(value, fields.ledger, key, tuple(Redirect))
        if word is not None and key in tuple(Category):
            redirects[Category(key)] = Redirect(word)
    return redirects
