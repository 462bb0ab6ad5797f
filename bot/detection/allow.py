"""What the school itself has made public, and so is never a finding."""

import re
from dataclasses import dataclass, field

from bot.detection.sheet import Sheet


def _key(value: str) -> str:
    return re.sub(r"[\W_]+", "", value).lower()


@dataclass(frozen=True, slots=True)
class AllowList:
    """The school's own contact data, in any spelling, and the names of its staff.

    `mail_domains` without "@"; a subdomain of one counts along. `colleagues` are full or first
    names: they are still found as PERSON, but do not make a message about a pupil.
    """

    mail_domains: frozenset[str] = field(default=frozenset(), repr=False)
    phones: frozenset[str] = field(default=frozenset(), repr=False)
    addresses: frozenset[str] = field(default=frozenset(), repr=False)
    ibans: frozenset[str] = field(default=frozenset(), repr=False)
    plates: frozenset[str] = field(default=frozenset(), repr=False)
    colleagues: frozenset[str] = field(default=frozenset(), repr=False)

    def holds(self, kind: str, value: str) -> bool:
        """Whether a found value of a kind ("iban", "plate", "address", "phone") is the school's."""
        known = {
            "iban": self.ibans,
            "plate": self.plates,
            "address": self.addresses,
            "phone": self.phones,
        }[kind]
        if not known:
            return False
        key = _phone_key(value) if kind == "phone" else _key(value)
        ours = {_phone_key(v) if kind == "phone" else _key(v) for v in known}
        if kind == "address":
            return any(key.startswith(own) or own.startswith(key) for own in ours if own)
        return key in ours

    def own_domain(self, domain: str) -> bool:
        """Whether a mail domain is the school's."""
        lowered = domain.lower().rstrip(".")
        return any(
            lowered == d or lowered.endswith("." + d) for d in map(str.lower, self.mail_domains)
        )


def _phone_key(value: str) -> str:
    digits = re.sub(r"\D", "", value)
    return re.sub(r"^(?:0031|31|0)0?", "", digits)


NOTHING_ALLOWED = AllowList()


def allowed(sheet: Sheet, kind: str, value: str) -> bool:
    """Whether the sheet's school has made this value public itself."""
    return isinstance(sheet.allow, AllowList) and sheet.allow.holds(kind, value)
