"""From a text to the facts in which rules speak: group messages and private questions."""

from bot.detection.reading.group import about_breach, group_facts
from bot.detection.reading.question import Detect, Reading, Topic, question_facts

__all__ = ["Detect", "Reading", "Topic", "about_breach", "group_facts", "question_facts"]
