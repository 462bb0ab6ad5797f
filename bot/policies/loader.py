"""From a file to a `Policy`: every fault is gathered before anything is said.

A school's file may extend its foundation's: `extends` names a file that lies beside it, or in one
of the folders given.
"""

from collections.abc import Sequence as Seq
from pathlib import Path, PurePath

from bot.core.policy import Policy
from bot.policies.faults import Ledger, PolicyFileError
from bot.policies.fields import Fields, words_of
from bot.policies.nodes import Mapping, Node, parse_tree, read_tree
from bot.policies.rules import Articles, read_rules
from bot.policies.settings import read_settings

TOP = ("protocol", "extends", "settings", "articles", "rules")
PROTOCOL = ("id", "name", "version", "source")
MAX_LAYERS = 4


def load_policy(path: Path | str, folders: Seq[Path] = ()) -> Policy:
    """Read one policy file; raises `PolicyError` that names every fault with its place."""
    return _load(Path(path), tuple(folders), ())


def read_policy(text: str, file: str, folders: Seq[Path] = ()) -> Policy:
    """Read a policy out of a text that `file` will be named for; raises like `load_policy`."""
    ledger = Ledger(file)
    return _policy(parse_tree(text, ledger), ledger, tuple(folders), (file,))


def _load(path: Path, folders: tuple[Path, ...], above: tuple[str, ...]) -> Policy:
    ledger = Ledger(path.name)
    tree = read_tree(path, ledger)
    return _policy(tree, ledger, (path.parent, *folders), (*above, path.name))


def _policy(
    tree: Node, ledger: Ledger, folders: tuple[Path, ...], chain: tuple[str, ...]
) -> Policy:
    top = Fields.of(tree, ledger, "the file", TOP)
    about = Fields.of(_part(top, "protocol"), ledger, "protocol", PROTOCOL)
    base = _base(top, ledger, folders, chain)
    settings = read_settings(top.get("settings"), ledger, base.settings if base else None)
    policy_id, name, version = about.need("id"), about.need("name"), about.need("version")
    articles = {**(base.articles if base else {}), **_articles(top, ledger)}
    rules = read_rules(top, ledger, articles, base)
    if ledger.faults:
        raise PolicyFileError(ledger.faults)
    return Policy(policy_id, name, version, ledger.file, rules, settings, articles, base)


def _part(top: Fields, key: str) -> Node:
    node = top.get(key)
    if node is None:
        top.ledger.add(top.node.place, f"the file has no {key!r}")
        return Mapping(top.node.place)
    return node


def _base(
    top: Fields, ledger: Ledger, folders: tuple[Path, ...], chain: tuple[str, ...]
) -> Policy | None:
    """The policy this file extends; what is wrong in that file is told with its own name."""
    node = top.get("extends")
    if node is None:
        return None
    name = top.need("extends")
    wrong = _wrong_name(name, chain)
    found = next((f / name for f in folders if (f / name).is_file()), None) if not wrong else None
    if found is None:
        ledger.add(node.place, wrong or "there is no such file beside this one", found=name)
        return None
    try:
        return _load(found, folders, chain)
    except PolicyFileError as error:
        ledger.faults += error.faults
        return None


def _wrong_name(name: str, chain: tuple[str, ...]) -> str:
    if not name or "\0" in name or PurePath(name).name != name or "\\" in name:
        return "'extends' is the name of one file, without a folder"
    if name in chain:
        return "a file cannot extend itself"
    return f"more than {MAX_LAYERS} files on top of each other" if len(chain) >= MAX_LAYERS else ""


def _articles(top: Fields, ledger: Ledger) -> Articles:
    """The protocol's articles as staff know them, each with the ids of its norms."""
    articles: dict[str, tuple[str, ...]] = {}
    home: dict[str, str] = {}
    for article, node in top.table("articles").items():
        norms = words_of(node, ledger, article, None)
        for norm in norms:
            if norm in home:
                ledger.add(node.place, f"{home[norm]!r} has this norm already", found=norm)
            home.setdefault(norm, article)
        articles[article] = norms
    return articles
