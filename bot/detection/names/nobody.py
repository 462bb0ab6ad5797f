"""Names of nobody at school: of animals and dolls, of made-up people and of well-known ones."""

import re

_CREATURE = (
    r"pop|oefenpop|dummy|torso|skelet|knuffel|robot|beer|pony|kat|hond|poes|kater|paard|hamster|konijn"
    r"|cavia|schaap|lam|geit|bok|kip|eend|duif|goudvis|vis|schildpad|ezel|varken|egel|parkiet|papegaai"
    r"|hagedis|wandelende tak"
)
_MADE_UP = (
    r"graaf|koning|koningin|prins|prinses|heks|reus|trol|film|musical|boek|prentenboek"
    r"|oefencasus|personage|hoofdpersoon"
)
_KNOWN = (
    r"minister|premier|president|koning|burgemeester|staatssecretaris|wethouder|schrijver|schrijfster"
    r"|auteur|zanger|zangeres|componist|schilder|dichter|cabaretier|orkaan"
)
_BEFORE = re.compile(
    rf"(?<!\w)(?:(?:{_CREATURE}|{_MADE_UP}|{_KNOWN}) ['\"]?"
    rf"|(?:{_CREATURE}|{_MADE_UP})\b[^.!?,;:\n]{{0,20}} heet (?:nu |vanaf nu |voortaan )?"
    r"|(?:film|boek|musical) is )$",
    re.IGNORECASE,
)
_NEAR = 200  # code points
_QUOTE = "'\""
# A case is of a pupil, but one of a lesson is of nobody.
_CASE = re.compile(r"\bcasus ['\"]?$", re.IGNORECASE)
_LESSON = re.compile(
    r"\b(?:blz|bladzijde|les|lessen|\w*training|oefen\w*|verzonnen|studenten|toets|studiedag"
    r"|intervisie|rollenspel)\b",
    re.IGNORECASE,
)
# A message with these is of a play, a lesson or a book, and so may be the people in it.
_STAGED = re.compile(
    r"\b(?:\w*casus(?:sen)?|oefening|oefendossier|bed \d+|rollenspel|musical|toneel\w*|poppenkast"
    r"|verzonnen|fictie\w*|cli[eë]nte?n?|voorlezen|voorgelezen|hoofdstuk|boek|prentenboek"
    r"|acteur|verhaal|sprookje|dummy|pop|oefenpop|lesbrief|lessenserie|blz|bladzijde|scène|personage"
    r"|skelet)\b|\(\d\d\)",
    re.IGNORECASE,
)


# Who turns fifty is called Sarah or Abraham, and so is the doll in the garden.
_FIFTY = re.compile(
    r"\b(?:jarig|wordt|is|word|geworden|hoera)\b[^.?\n]{0,25}\b(?:50|vijftig)\b", re.IGNORECASE
)


def is_nobody(text: str, start: int, end: int) -> bool:
    """Whether what stands right before a name, or the quotes around it, make it nobody's here."""
    if text[start - 1 : start] in _QUOTE and text[end : end + 1] == text[start - 1 : start] != "":
        return True
    if text[start:end] in ("Sarah", "Sara", "Abraham") and _near(_FIFTY, text, start):
        return True
    if _CASE.search(text, max(0, start - 8), start) and _near(_LESSON, text, start):
        return True
    return _BEFORE.search(text, max(0, start - 60), start) is not None


def _near(said: re.Pattern[str], text: str, place: int) -> bool:
    return said.search(text, max(0, place - _NEAR), place + _NEAR) is not None


def is_staged(text: str) -> bool:
    """Whether a message is of a play, a lesson or a book."""
    return _STAGED.search(text) is not None
