"""One e-mail address, checked: what cannot be one plain address never reaches a mail server."""

import re

from bot.errors import DeliveryError

MAX_ADDRESS = 254
MAX_LOCAL = 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# IDNA 2003 rewrites these into another, existing domain: "faß.example" would reach "fass.example".
_DEVIATIONS = frozenset("ßẞς\u200c\u200d")


def checked_address(text: str) -> str:
    """Return the address with its domain in lower-case ASCII (punycode).

    Raises a permanent `DeliveryError`, which never repeats the address, for anything but one plain
    `name@domain`: display names, lists, quoted names, control characters, too long, non-ASCII
    names before the @.
    """
    local, at, domain = text.rpartition("@")
    if not at or "@" in local:
        raise _refused("it needs exactly one @")
    if len(local) > MAX_LOCAL or not _LOCAL.fullmatch(local):
        raise _refused("the part before the @ is not a plain name")
    address = f"{local}@{checked_domain(domain)}"
    if len(address) > MAX_ADDRESS:
        raise _refused(f"it is longer than {MAX_ADDRESS} characters")
    return address


def checked_domain(text: str) -> str:
    """Return a domain name in lower-case ASCII; a permanent `DeliveryError` if it is not one."""
    labels = _ascii_domain(text).split(".")
    plain = all(_LABEL.fullmatch(label) for label in labels)
    named = len(labels) > 1 or labels == ["localhost"]
    if not plain or not named or labels[-1].isdigit():
        raise _refused("the part after the @ is not a domain name")
    return ".".join(labels)


def _ascii_domain(text: str) -> str:
    if text.isascii():
        return text.lower()
    if len(text) > MAX_ADDRESS or _DEVIATIONS.intersection(text):
        raise _refused("write the part after the @ in its xn-- form")
    try:
        return text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise _refused("the part after the @ is not a domain name") from None


def _refused(why: str) -> DeliveryError:
    return DeliveryError(
        f"e-mail address refused: {why}; give one address like team@school.nl", permanent=True
    )
