"""Reads single fields out of nodes; what is wrong goes into the ledger and a default comes back."""

from collections.abc import Collection
from collections.abc import Mapping as Map
from dataclasses import dataclass

from bot.policies.faults import Ledger
from bot.policies.nodes import Mapping, Node, Scalar, Sequence

MAX_TEXT = 2_000
_TRUE = ("yes", "true")
_FALSE = ("no", "false")


@dataclass(slots=True)
class Fields:
    """One mapping of the file, asked for its keys by name."""

    node: Mapping
    ledger: Ledger
    where: str

    @classmethod
    def of(cls, node: Node, ledger: Ledger, where: str, allowed: Collection[str]) -> "Fields":
        """The mapping itself, its unknown keys already written down as faults."""
        if not isinstance(node, Mapping):
            ledger.add(node.place, f"{where} is a mapping of keys and values", found=show(node))
            return cls(Mapping(node.place), ledger, where)
        for key, place in node.keys.items():
            if key not in allowed:
                ledger.add(place, f"unknown key in {where}", found=key, allowed=allowed)
        return cls(node, ledger, where)

    def get(self, key: str) -> Node | None:
        return self.node.pairs.get(key)

    def need(self, key: str) -> str:
        """A text that must be there."""
        if key not in self.node.pairs:
            self.ledger.add(self.node.place, f"{self.where} has no {key!r}")
            return ""
        value = self.text(key)
        if not value:
            self.ledger.add(self.node.pairs[key].place, f"{self.where}: {key!r} is empty")
        return value

    def text(self, key: str, default: str = "") -> str:
        node = self.get(key)
        return default if node is None else text_of(node, self.ledger, f"{self.where}: {key!r}")

    def one_of(self, key: str, allowed: Collection[str]) -> str | None:
        """One word out of a closed list, or `None` where the key is absent or wrong."""
        node = self.get(key)
        return None if node is None else word_of(node, self.ledger, key, allowed)

    def some_of(self, key: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """Words out of a closed list (or any words): a single one or a list of them."""
        node = self.get(key)
        return () if node is None else words_of(node, self.ledger, key, allowed)

    def flag(self, key: str) -> bool:
        return self.one_of(key, _TRUE + _FALSE) in _TRUE

    def number(self, key: str, default: int, lowest: int, highest: int) -> int:
        node = self.get(key)
        if node is None:
            return default
        text = text_of(node, self.ledger, key)
        if text.isascii() and text.isdigit() and len(text) < 10 and lowest <= int(text) <= highest:
            return int(text)
        what = f"{key!r} is a whole number from {lowest} to {highest}"
        self.ledger.add(node.place, what, found=text)
        return default

    def table(self, key: str) -> Map[str, Node]:
        """A nested mapping, empty where the key is absent."""
        node = self.get(key)
        if node is None:
            return {}
        if isinstance(node, Mapping):
            return node.pairs
        self.ledger.add(node.place, f"{key!r} is a mapping of keys and values", found=show(node))
        return {}

    def nodes(self, key: str) -> tuple[Node, ...]:
        """The items of a list, empty where the key is absent."""
        node = self.get(key)
        if node is None:
            return ()
        if isinstance(node, Sequence):
            return tuple(node.items)
        self.ledger.add(node.place, f"{key!r} is a list", found=show(node))
        return ()


def text_of(node: Node, ledger: Ledger, where: str) -> str:
    """A text of at most `MAX_TEXT` signs."""
    if not isinstance(node, Scalar):
        ledger.add(node.place, f"{where} is a text", found=show(node))
        return ""
    if len(node.text) > MAX_TEXT:
        ledger.add(node.place, f"{where} is longer than {MAX_TEXT} signs")
        return ""
    return node.text.strip()


def word_of(node: Node, ledger: Ledger, where: str, allowed: Collection[str]) -> str | None:
    """One of the allowed words."""
    text = text_of(node, ledger, where)
    if text in allowed:
        return text
    ledger.add(node.place, f"{where!r} does not know this value", found=text, allowed=allowed)
    return None


def words_of(
    node: Node, ledger: Ledger, where: str, allowed: Collection[str] | None
) -> tuple[str, ...]:
    """A single word or a list of them, each allowed, none twice."""
    items = node.items if isinstance(node, Sequence) else [node]
    if not items:
        ledger.add(node.place, f"{where!r} is an empty list")
    words: list[str] = []
    for item in items:
        if allowed is None:
            word: str | None = text_of(item, ledger, where)
        else:
            word = word_of(item, ledger, where, allowed)
        if word and word in words:
            ledger.add(item.place, f"{where!r} names this twice", found=word)
        elif word:
            words.append(word)
    return tuple(words)


def show(node: Node) -> str:
    """What a node is, for a person."""
    if isinstance(node, Scalar):
        return node.text
    return "a list" if isinstance(node, Sequence) else "a mapping"
