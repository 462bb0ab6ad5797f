"""The one catalogue of everything a member of staff can read, in Dutch and in English.

`bot/texts/<language>/<area>.yaml` holds nested keys; "whisper.intro" is `intro` in `whisper.yaml`.
Gaps are written `{name}`. A text that is missing in English falls back to Dutch; a key that is
missing in Dutch is a programming error and raises `KeyError`. Where `{count}` is one, the text
under the same key with `_one` behind it is used, if there is one.
"""

import string
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import cast

import yaml

LANGUAGES = ("nl", "en")


class _Gaps(string.Formatter):
    """Fill `{gaps}` without ever evaluating attributes or indexes of what is filled in."""

    def get_field(
        self, field_name: str, args: object, kwargs: Mapping[str, object]
    ) -> tuple[object, str]:
        del args
        return kwargs[field_name], field_name


_GAPS = _Gaps()


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Every text of one language by its full key."""
    texts: dict[str, str] = {}
    folder = resources.files(__package__) / language
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            area = file.name.removesuffix(".yaml")
            _flatten(area, yaml.safe_load(file.read_text("utf-8")) or {}, texts)
    return texts


def text(key: str, language: str = "nl", **values: object) -> str:
    """Return the text for `key` with its gaps filled, in the singular where `count` is one."""
    if values.get("count") == 1 and has(f"{key}_one"):
        key = f"{key}_one"
    template = catalogue(language).get(key) if language in LANGUAGES else None
    if template is None:
        template = catalogue("nl")[key]
    return _GAPS.vformat(template, (), values)


def has(key: str) -> bool:
    """Whether the catalogue knows `key`."""
    return key in catalogue("nl")


def _flatten(prefix: str, tree: object, into: dict[str, str]) -> None:
    if isinstance(tree, Mapping):
        for name, branch in cast("Mapping[object, object]", tree).items():
            _flatten(f"{prefix}.{name}", branch, into)
    else:
        into[prefix] = str(tree).rstrip("\n")
