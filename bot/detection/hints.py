"""What the encoder makes of an attachment from the words beside it."""

import math
from collections.abc import Iterator

from bot.core.findings import Category
from bot.detection.attachments import harmless_paper
from bot.detection.encoder.reader import Reading
from bot.detection.encoder.readings import readings
from bot.detection.judge import Sign
from bot.detection.model.calibration import chance_of
from bot.detection.recognizers.content import graveness
from bot.detection.sheet import Sheet

_PICTURES, _PAPERS = frozenset({"photo", "video"}), frozenset({"document"})
# How grave an attachment is that the rules say nothing of, and a paper they hold to be harmless.
_BLIND, _HARMLESS = 0.25, 0.1


def weighed(sheet: Sheet, attachments: tuple[str, ...], rules: tuple[Sign, ...]) -> Iterator[Sign]:
    """The signs of the rules about attachments, weighed with what the encoder makes of them."""
    read = max(readings(sheet), key=graveness, default=None)
    if read is None:
        yield from rules
        return
    here = set(attachments)
    known = {sign.category: sign for sign in rules}
    for output, category, reason, kinds in (
        ("IMAGE", Category.IMAGE, "seen.image", _PICTURES),
        ("DOCUMENT", Category.CONFIDENTIAL_DOCUMENT, "seen.document", _PICTURES | _PAPERS),
    ):
        rule = known.pop(category, None)
        if rule is not None or here & kinds:
            unknown = _HARMLESS if output == "DOCUMENT" and harmless_paper(sheet.text) else _BLIND
            yield _weighed(rule or Sign(category, reason, unknown), read, output)
    yield from known.values()


def _weighed(rule: Sign, read: Reading, output: str) -> Sign:
    """The mean of both opinions as odds, so that a firm one counts for more than a faint one."""
    odds = math.log(rule.weight / (1 - rule.weight)) + read.logit(output)
    return Sign(rule.category, rule.reason, chance_of(odds / 2))
