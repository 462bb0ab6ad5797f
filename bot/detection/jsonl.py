"""Lines of JSON in, findings out: the contract of `fluister detect --jsonl`."""

from collections import OrderedDict, deque
from typing import Any

from bot.core.findings import Detection
from bot.detection.allow import NOTHING_ALLOWED, AllowList
from bot.detection.engine import Detector

_NAMES = {
    "NL_BSN": "BSN",
    "IBAN_CODE": "IBAN",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
    "NL_POSTCODE_ADDRESS": "ADDRESS",
    "NL_LICENSE_PLATE": "LICENSE_PLATE",
}
_ATTACHMENTS = ("photo", "document", "voice", "video", "other")
_CONVERSATIONS, _MESSAGES = 1000, 4


class Conversations:
    """What was said just before, per conversation; the oldest conversations are forgotten."""

    def __init__(self) -> None:
        self._said: OrderedDict[str, deque[str]] = OrderedDict()

    def before(self, key: str | None) -> tuple[str, ...]:
        """The last messages of a conversation, oldest first."""
        return tuple(self._said.get(key, ())) if key is not None else ()

    def add(self, key: str | None, text: str) -> None:
        """Remember a message as the newest of its conversation."""
        if key is None:
            return
        said = self._said.setdefault(key, deque(maxlen=_MESSAGES))
        said.append(text[-1200:])
        self._said.move_to_end(key)
        while len(self._said) > _CONVERSATIONS:
            self._said.popitem(last=False)


def detect_line(
    detector: Detector,
    obj: object,
    conversations: Conversations,
    allow: AllowList = NOTHING_ALLOWED,
) -> dict[str, Any]:
    """One parsed line to one answer; a line that cannot be read is answered with `error`, textless."""  # noqa: E501
    if not isinstance(obj, dict):
        return _error(None, "expected an object with id and text")
    name = obj.get("id")
    if not isinstance(name, str | int) or isinstance(name, bool):
        return _error(None, "id: expected a string or a whole number")
    fault = _fault(obj)
    if fault:
        return _error(name, fault)
    key, text, kind = obj.get("conversation"), obj["text"], obj.get("attachment")
    conversation = None if key is None else str(key)
    detection = detector.detect(
        text,
        attachments=() if kind is None else (kind,),
        context=conversations.before(conversation),
        allow=allow,
    )
    conversations.add(conversation, text)
    return {"id": name, **_answer(detection)}


def _error(name: object, message: str) -> dict[str, Any]:
    return {"id": name, "error": message}


def _fault(obj: dict[Any, Any]) -> str:
    if not isinstance(obj.get("text"), str):
        return "text: expected a string"
    if obj.get("attachment") not in (None, *_ATTACHMENTS):
        return "attachment: expected null, " + ", ".join(_ATTACHMENTS)
    if not isinstance(obj.get("conversation"), str | int | None):
        return "conversation: expected a string"
    return ""


def _answer(detection: Detection) -> dict[str, Any]:
    judged = detection.assessment
    answer: dict[str, Any] = {
        "flag": bool(judged.categories) or judged.unsure or bool(detection.failed),
        "score": round(judged.probability, 4),
        "categories": [category.value for category in judged.categories],
        "spans": [
            {"start": f.start, "end": f.end, "type": _NAMES.get(f.entity_type, f.entity_type)}
            for f in detection.findings
        ],
    }
    if detection.failed:
        answer["failed"] = [check.recognizer for check in detection.failed]
    return answer
