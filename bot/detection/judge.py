"""From findings and attachments to one judgement over the message."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.findings import Assessment, Category
from bot.detection.allow import AllowList
from bot.detection.cues import KIN, OWN, PUPIL
from bot.detection.model.calibration import shipped_calibration
from bot.detection.sheet import Hit, Sheet

CONTENT = {
    "HEALTH": Category.HEALTH,
    "YOUTH_CARE": Category.YOUTH_CARE,
    "PERFORMANCE": Category.PERFORMANCE,
    "HR": Category.HR,
    "FAMILY": Category.FAMILY_SITUATION,
    "ABSENCE": Category.ABSENCE,
    "INCIDENT": Category.PUPIL_IDENTITY_WITH_DETAIL,
}
_IDENTIFIERS = {
    "NL_BSN": "seen.bsn",
    "IBAN_CODE": "seen.iban",
    "PHONE_NUMBER": "seen.phone",
    "EMAIL_ADDRESS": "seen.email",
    "NL_POSTCODE_ADDRESS": "seen.address",
    "NL_LICENSE_PLATE": "seen.plate",
    "DATE_OF_BIRTH": "seen.date_of_birth",
    "ID_DOCUMENT": "seen.id_document",
}
SURE, ASK = 0.5, 0.35
_OF_STAFF, _OF_PUPILS = 0.65, 0.85  # bars for content beside the name of a colleague
# From here a message may be taken away: values are certain by their check digits and words.
_CERTAIN = {
    Category.IDENTIFIER: 0.6, Category.CREDENTIALS: 0.6, Category.IMAGE: 0.8,
    Category.CONFIDENTIAL_DOCUMENT: 0.8,
}  # fmt: skip
_HOME = 0.8  # an address from here lies near a person or a home, or has its postcode
_BARE = 0.6  # below this an identifier is a number that may be chance


@dataclass(frozen=True, slots=True)
class Sign:
    """One ground for calling a message confidential."""

    category: Category
    reason: str
    weight: float


def assess(sheet: Sheet, hits: Iterable[Hit], attached: Iterable[Sign]) -> Assessment:
    """The judgement over all findings; `attached` are the signs of the attachments."""
    found = tuple(hits)
    named = any(hit.entity_type == "PERSON" for hit in found)
    signs = [*attached]
    bar = _bar(sheet, found)
    signs += [sign for hit in found if (sign := _sign(sheet, hit, named)) and _passes(hit, bar)]
    sure = sorted((s for s in signs if s.weight >= SURE), key=lambda s: -s.weight)
    doubt = [s for s in signs if ASK <= s.weight < SURE]
    reasons = dict.fromkeys(sign.reason for sign in (sure or doubt))
    return Assessment(
        probability=max((s.weight for s in signs), default=sheet.once("chance", lambda: 0.02)),
        categories=tuple(dict.fromkeys(s.category for s in sure)),
        reasons=tuple(reasons),
        unsure=not sure and bool(doubt),
        certain=any(_certain(sheet, sign, named) for sign in sure),
    )


def _certain(sheet: Sheet, sign: Sign, named: bool) -> bool:
    """Whether a sign is enough to take the message away.

    Content is when both models agree or it is told plainly; a phone number when it is somebody's,
    a street and number when it is a home.
    """
    kin = sheet.once("kin", lambda: bool(KIN.search(sheet.spoken)))
    if sign.reason == "seen.phone" and not named and not kin:
        return False
    if sign.reason == "seen.address" and sign.weight < _HOME:
        return False
    if sign.category in _CERTAIN:
        return sign.weight >= _CERTAIN[sign.category]
    agreed = sheet.once("agreement", lambda: 0.0) >= shipped_calibration().act
    return agreed or sheet.once("told_plainly", lambda: False)


def _bar(sheet: Sheet, found: tuple[Hit, ...]) -> dict[str, float]:
    """How sure content must be; surer when only colleagues are named and no pupil or parent is meant."""  # noqa: E501
    names = [sheet.text[hit.start : hit.end] for hit in found if hit.entity_type == "PERSON"]
    if not names or not all(is_colleague(sheet, name) for name in names):
        return {}
    if PUPIL.search(sheet.text) or KIN.search(sheet.text):
        return {}
    return {
        kind: _OF_STAFF if kind in ("HEALTH", "HR", "FAMILY") else _OF_PUPILS for kind in CONTENT
    }


def _passes(hit: Hit, bar: dict[str, float]) -> bool:
    return hit.score >= bar.get(hit.entity_type, 0.0)


def _sign(sheet: Sheet, hit: Hit, named: bool) -> Sign | None:
    if hit.entity_type in CONTENT:
        category = CONTENT[hit.entity_type]
        return Sign(category, f"seen.{hit.entity_type.lower()}", hit.score)
    if hit.entity_type == "CREDENTIAL":
        return Sign(Category.CREDENTIALS, "seen.credential", hit.score)
    if hit.entity_type in _IDENTIFIERS and not _own_phone(sheet, hit):
        weight = hit.score
        if hit.score < _BARE:
            weight = 0.7 if named else 0.45
        return Sign(Category.IDENTIFIER, _IDENTIFIERS[hit.entity_type], weight)
    return None


_OWN_NUMBER = re.compile(
    r"\b(?:mijn|m'n|mn|ik ben|bel(?:len)? (?:me|mij)|(?:me|mij) (?:bellen|appen)|app (?:me|mij)|"
    r"bereik(?:baar|en)|nieuwe? (?:telefoon|tel|nummer|nr|mobiel|06))\b",
    re.IGNORECASE,
)


def _own_phone(sheet: Sheet, hit: Hit) -> bool:
    """Whether somebody gives a phone number of their own, which is theirs to give."""
    if hit.entity_type != "PHONE_NUMBER":
        return False
    return sheet.once("own_phone", lambda: _gives_own_number(sheet.spoken))


def _gives_own_number(text: str) -> bool:
    other = (
        KIN.search(text)
        or PUPIL.search(text)
        or re.search(
            r"\b(?:zijn|haar|hun|hem|hij|ze) |\b(?:nummer|nr|tel\w*|mobiel) van (?!mij)", text
        )
    )
    return bool(_OWN_NUMBER.search(text) and OWN.search(text)) and not other


def is_colleague(sheet: Sheet, name: str) -> bool:
    """Whether a found name is on the school's list of staff."""
    if not isinstance(sheet.allow, AllowList):
        return False
    low = name.lower()
    return any(low == c.lower() or low == c.lower().split(" ")[0] for c in sheet.allow.colleagues)
