"""Passwords, PINs and codes of doors, alarms and accounts: only the secret itself is the span."""

import re
from collections.abc import Iterator

from bot.detection.numbers import spoken_numbers, spoken_pairs
from bot.detection.recognizers import secret
from bot.detection.recognizers.around import Mask, made_up
from bot.detection.recognizers.base import DutchRecognizer
from bot.detection.recognizers.lock_code import codes, lettered, spoken, times
from bot.detection.recognizers.password import CHUNK, passwords, phrases, tagged
from bot.detection.recognizers.secret_near import QUIZ_OR_LOCK, asked, said
from bot.detection.sheet import Hit, Sheet

_VALUE = re.compile(
    r"\d|\w[#$%&*+=@^~_!?]\w|[a-z][A-Z]|"
    r"(?i:ww|w\.w|wacht|woord|pass|pw|code|beveilig|account|log|wifi|keer d)"
)
_THING = re.compile(
    r"toets|open|binnen|\bvoer|probeer|beveiligd|hoofdletter|ingang|kelder|hok|kast|box|voicemail"
)


class CredentialRecognizer(DutchRecognizer):
    """A secret counts with its value; "het wachtwoord is gewijzigd" holds none."""

    ENTITIES = ("CREDENTIAL",)

    def spans(self, sheet: Sheet) -> Iterator[Hit]:
        """The values behind a word for a secret, a lock or an account."""
        if not (
            _VALUE.search(sheet.text)
            or spoken_numbers(sheet)
            or spoken_pairs(sheet)
            or asked(sheet)
        ):
            return
        if made_up(sheet) or not (_said_something(sheet) or asked(sheet) or _made(sheet)):
            return
        quiz = secret.QUIZ.search(sheet.text) or secret.QUIZ.search("".join(sheet.context[-1:]))
        if quiz and not QUIZ_OR_LOCK.search(sheet.text):
            return
        taken = Mask(len(sheet.text))
        for rule in (tagged, phrases, passwords, codes, lettered, spoken, times):
            for hit in rule(sheet):
                if taken.free(hit.start, hit.end):
                    taken.take(hit.start, hit.end)
                    yield hit


def _said_something(sheet: Sheet) -> bool:
    patterns = (secret.PASSWORD, secret.ACCOUNT, secret.CODE, secret.LOCK, secret.DEVICE)
    return bool(_THING.search(sheet.lower)) or any(said(sheet, p) for p in patterns)


def _made(sheet: Sheet) -> bool:
    chunks = (chunk.group() for chunk in CHUNK.finditer(sheet.text))
    return any(secret.made(c) for c in chunks if not c.isalpha())
