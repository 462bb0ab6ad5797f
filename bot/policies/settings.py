"""The `settings` part of a policy file: what the school chose, apart from the rules."""

from collections.abc import Mapping

from bot.core.findings import Category
from bot.core.policy import DEFAULT_REDIRECTS, ROLES, Redirect, Settings
from bot.policies.faults import Ledger
from bot.policies.fields import Fields, text_of, word_of
from bot.policies.nodes import Node

SETTINGS = (
    "team_address", "own_domains", "contacts", "redirects", "grace_minutes",
    "keep_working_hours", "incident_days", "held_days", "length_limit", "social_media_channels",
    "closed_apps",
)  # fmt: skip
_DEFAULT = Settings()
_ADDRESS_PARTS = 2


def read_settings(node: Node | None, ledger: Ledger) -> Settings:
    """The settings, defaults where the file is silent."""
    if node is None:
        return _DEFAULT
    fields = Fields.of(node, ledger, "settings", SETTINGS)
    return Settings(
        team_address=_address(fields),
        contacts=_contacts(fields),
        redirects=_redirects(fields),
        grace_minutes=fields.number("grace_minutes", _DEFAULT.grace_minutes, 0, 1_440),
        keep_working_hours=fields.number("keep_working_hours", 72, 1, 720),
        incident_days=fields.number("incident_days", _DEFAULT.incident_days, 1, 365),
        held_days=fields.number("held_days", _DEFAULT.held_days, 1, 60),
        length_limit=_length_limit(fields),
        social_media_channels=_words(fields, "social_media_channels"),
        closed_apps=_words(fields, "closed_apps"),
        own_domains=fields.some_of("own_domains"),
    )


def _words(fields: Fields, key: str) -> tuple[str, ...]:
    chosen = fields.some_of(key)
    default: tuple[str, ...] = getattr(_DEFAULT, key)
    return chosen or default


def _length_limit(fields: Fields) -> int | None:
    return fields.number("length_limit", 0, 50, 4_000) or None


def _address(fields: Fields) -> str:
    address = fields.text("team_address")
    parts = address.split("@")
    if address and (len(parts) != _ADDRESS_PARTS or not all(parts) or " " in address):
        node = fields.get("team_address")
        assert node is not None  # noqa: S101
        fields.ledger.add(node.place, "'team_address' is not an e-mail address", found=address)
    return address


def _contacts(fields: Fields) -> Mapping[str, str]:
    contacts: dict[str, str] = {}
    table = fields.get("contacts")
    named = Fields.of(table, fields.ledger, "contacts", ROLES) if table is not None else None
    for role, node in (named.node.pairs if named else {}).items():
        contacts[role] = text_of(node, fields.ledger, role)
    return contacts


def _redirects(fields: Fields) -> Mapping[Category, Redirect]:
    node = fields.get("redirects")
    if node is None:
        return DEFAULT_REDIRECTS
    chosen = Fields.of(node, fields.ledger, "redirects", tuple(Category)).node.pairs
    redirects = dict(DEFAULT_REDIRECTS)
    for key, value in chosen.items():
        word = word_of(value, fields.ledger, key, tuple(Redirect))
        if word is not None and key in tuple(Category):
            redirects[Category(key)] = Redirect(word)
    return redirects
