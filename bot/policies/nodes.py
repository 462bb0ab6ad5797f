"""YAML as a tree of nodes that know their place: no tags, no anchors, no aliases, no surprises.

Built from parser events on an explicit stack, so that a deeply nested file cannot exhaust
Python's. Words such as `yes` and `no` stay words, because rules use them as values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.policies.faults import Ledger, PolicyFileError

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_NODES = 60_000
_LONGEST_NUMBER = 10
# libyaml where it is built in: ten times faster, the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A scalar, list or mapping with the place it starts (line and column from 1)."""

    place: tuple[int, int]


@dataclass(slots=True)
class Scalar(Node):
    text: str
    quoted: bool = False


@dataclass(slots=True)
class Sequence(Node):
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping(Node):
    pairs: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)


class _Stop(Exception):  # noqa: N818  (not an error of ours to show: the ledger holds it)
    pass


def read_tree(path: Path, ledger: Ledger) -> Node:
    """The tree of one file; raises `PolicyFileError` where there is no tree to speak of."""
    return parse_tree(_read(path, ledger), ledger)


def parse_tree(text: str, ledger: Ledger) -> Node:
    """The tree of one text; raises `PolicyFileError` where there is no tree to speak of."""
    try:
        return _Builder(ledger).build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        ledger.add(place, f"this is not YAML: {error.problem or error.context}")
    except yaml.YAMLError:
        ledger.add(_odd_sign(text), "this is not YAML: a sign that cannot stand in a text file")
    except _Stop:
        pass
    raise PolicyFileError(ledger.faults)


def _read(path: Path, ledger: Ledger) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        ledger.add((0, 0), f"the file cannot be read: {reason}")
        raise PolicyFileError(ledger.faults) from None
    if len(raw) > MAX_BYTES:
        ledger.add((0, 0), f"the file is larger than {MAX_BYTES} bytes")
        raise PolicyFileError(ledger.faults)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        ledger.add((line, column), "the file is not UTF-8")
        raise PolicyFileError(ledger.faults) from None


def _odd_sign(text: str) -> tuple[int, int]:
    for number, line in enumerate(text.split("\n"), start=1):
        for column, sign in enumerate(line, start=1):
            if not sign.isprintable() and sign not in "\t\r":
                return number, column
    return 0, 0


class _Builder:
    """Puts parser events together; duplicate keys keep the first value and are a fault."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._stack: list[tuple[Node, Scalar | None]] = []
        self._root: Node | None = None
        self._count = 0

    def build(self, events: Iterator[yaml.Event]) -> Node:
        documents = 0
        for event in events:
            mark = event.start_mark
            place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._stop(place, "a policy file holds one document")
            elif isinstance(event, yaml.NodeEvent):
                self._node(event, place)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                self._stack.pop()
        if self._root is None:
            self._stop((1, 1), "the file is empty")
        assert self._root is not None  # noqa: S101
        return self._root

    def _node(self, event: yaml.NodeEvent, place: tuple[int, int]) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            self._stop(place, f"more than {MAX_NODES} values")
        if len(self._stack) > MAX_DEPTH:
            self._stop(place, f"nested deeper than {MAX_DEPTH}")
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self._stop(place, "anchors (&) and aliases (*) are not used here; write it out")
        tag = getattr(event, "tag", None)
        if tag:
            self._stop(place, "tags (!) are not used here; remove it")
        self._attach(_node_of(event, place))

    def _attach(self, node: Node) -> None:
        if not self._stack:
            self._root = node
        else:
            self._into(node)
        if isinstance(node, (Mapping, Sequence)):
            self._stack.append((node, None))

    def _into(self, node: Node) -> None:
        parent, key = self._stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif isinstance(parent, Mapping) and key is None:
            self._key(parent, node)
        elif isinstance(parent, Mapping) and key is not None:
            self._stack[-1] = (parent, None)
            if key.text in parent.pairs:
                self._ledger.add(key.place, "this key stands here twice", found=key.text)
            else:
                parent.pairs[key.text] = node
                parent.keys[key.text] = key.place

    def _key(self, parent: Mapping, node: Node) -> None:
        if not isinstance(node, Scalar):
            self._stop(node.place, "a key is one word")
            return
        self._stack[-1] = (parent, node)

    def _stop(self, place: tuple[int, int], what: str) -> None:
        self._ledger.add(place, what)
        raise _Stop


def _node_of(event: yaml.NodeEvent, place: tuple[int, int]) -> Node:
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(place, event.value, quoted=event.style not in (None, ""))
    if isinstance(event, yaml.SequenceStartEvent):
        return Sequence(place)
    return Mapping(place)


def plain(node: Node) -> object:
    """The tree as Python values, as JSON Schema wants them; numbers and booleans unquoted."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.pairs.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)  # noqa: S101
    if node.quoted:
        return node.text
    if node.text in ("true", "false"):
        return node.text == "true"
    whole = node.text.isascii() and node.text.isdigit() and len(node.text) < _LONGEST_NUMBER
    return int(node.text) if whole else node.text
