"""Where an address ends: behind the postcode and the place that follow its house number."""

import re

from bot.detection.names.lists import first_names, is_place, is_word, last_names

GAP = r"(?:[ ,]{1,3}|[ ,]{0,2}\n{1,2} ?| - |,? ?\()"  # between a house number and its postcode
_TOWN = (
    r"((?:'s-|Den |De |Het |Sint |St\. |Bergen op |Nieuw-|Oud-|Nieuwe |Oude )?(?:IJ|[A-Z])[a-z]{%d,30}"  # noqa: E501
    r"(?:-[A-Z][a-z]{1,30}){0,2}(?: (?:aan|op|bij) (?:de|den|het)? ?[A-Z][a-z]{1,30}| aan Zee)?)"
)
_POST = re.compile(GAP + r"([1-9]\d{3}) ?([A-Za-z]{2})(?![A-Za-z\d])\)?")
_PLACE = re.compile(r",? {1,2}(in |te )?" + _TOWN % 2)
_PLACE_BEHIND_POST = re.compile(r",? {1,2}(?:in |te )?" + _TOWN % 1)
_PLACE_BELOW = re.compile(r"\n{1,2}" + _TOWN % 1)
_PLACE_SMALL = re.compile(r",? {1,2}(?:in |te )?((?:den )?[a-z]{3,30}|[A-Z]{3,30})(?![\w-])")
_CLOSED = re.compile(r"\s*(?:$|[,.;!?\n)])")
_NO_LETTERS = (
    "om tm en in op is de ik te je we ze of al zo nu na er me km cm kg ml mg mm st nd pm am ha kj px mb "  # noqa: E501
    "gb kb tb"
)
_LOWER_CODES = frozenset(_NO_LETTERS.split())
YEAR_CODE = re.compile(r"(?:19|20)\d\d ?(?:OM|TM|EN|IN|OP|IS|DE|VO|PO)")


def is_code(figures: str, letters: str) -> bool:
    """Whether figures and letters are a postcode, and no year or measure before a word."""
    year = figures[:2] in ("19", "20")
    if letters.islower():
        return not year and letters not in _LOWER_CODES
    return letters.isupper() and not YEAR_CODE.match(figures + letters)


def tail(text: str, end: int) -> int:
    """Where an address ends whose house number ends here."""
    post = _POST.match(text, end)
    if post is None or not is_code(post[1], post[2]):
        return _town(text, end)
    end = post.end()
    if place := _PLACE_BEHIND_POST.match(text, end):
        return place.end()
    place = _PLACE_BELOW.match(text, end)
    return place.end() if place and is_place(place[1].lower()) else _small(text, end)


def has_code(text: str, start: int, end: int) -> bool:
    """Whether a postcode stands in an address."""
    return _POST.search(text, start, end) is not None


def _town(text: str, end: int) -> int:
    """Where a place right behind a house number ends; somebody's name is none, nor is a word."""
    place = _PLACE.match(text, end)
    if place is None:
        return _small(text, end)
    low = place[2].lower()
    if is_place(low) or (place[1] and len(low) > 3):
        return place.end()
    if len(low) <= 3 or low in first_names() or low in last_names():
        return end
    listed = text[end] == "," and _CLOSED.match(text, place.end())
    return place.end() if listed or not is_word(low) else end


def _small(text: str, end: int) -> int:
    """Where a place in small letters or in capitals ends, when nothing else is called so."""
    place = _PLACE_SMALL.match(text, end)
    low = place[1].lower() if place else ""
    if place is None or not is_place(low) or low in first_names():
        return end
    return place.end() if place[1].isupper() or not is_word(low) else end
