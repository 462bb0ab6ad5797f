"""The schema editors use is the one the code makes."""

import json
from pathlib import Path

import jsonschema
import pytest

from bot.core.facts import VOCABULARY
from bot.policies.faults import Ledger
from bot.policies.nodes import plain, read_tree
from bot.policies.schema import schema, schema_text

FOLDER = Path(__file__).parents[2] / "policies"
FILES = sorted(FOLDER.glob("*.yaml"))


def test_the_committed_schema_is_what_the_command_prints():
    assert (FOLDER / "schema.json").read_text("utf-8") == schema_text()


def test_the_schema_is_itself_a_schema():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_file_fits_the_schema(file):
    jsonschema.validate(plain(read_tree(file, Ledger("x"))), schema())


@pytest.mark.parametrize(
    "broken",
    [
        {"rules": []},
        {"protocol": {"id": "a", "name": "a", "version": "1"}},
        {"protocol": {"id": "a", "name": "a", "version": "1"}, "rules": [], "x": 1},
        {"protocol": {"id": "a", "name": "a", "version": "1"},
         "rules": [{"id": "A", "article": "1", "says": "s"}]},
        {"protocol": {"id": "a", "name": "a", "version": "1"},
         "rules": [{"id": "A", "article": "1", "says": "s", "when": {"event": "plans"},
                    "then": {"verdict": "allow"}}]},
    ],
)  # fmt: skip
def test_what_the_loader_refuses_the_schema_refuses_too(broken):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, json.loads(schema_text()))


def test_the_schema_knows_every_fact_and_value_of_the_vocabulary():
    facts = json.loads(schema_text())["$defs"]["facts"]["properties"]
    assert {f: set(p["oneOf"][0]["enum"]) - {"unknown"} for f, p in facts.items()} == {
        fact: set(values) for fact, values in VOCABULARY.items()
    }
