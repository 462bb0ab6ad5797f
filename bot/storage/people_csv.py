"""Reading a list of colleagues from a CSV file that anybody may have made anyhow.

Columns: naam, email, telefoon, rollen, werkdagen (or their English names), in any order,
separated by comma, semicolon or tab; UTF-8 or Windows-1252.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import phonenumbers

from bot.storage.crypto import fold_email, fold_name

LARGEST_FILE = 5_000_000
MOST_ROWS = 5_000
LONGEST_CELL = 200
MOST_FAULTS = 100
Fault = tuple[int, str, str]

_COLUMNS = {
    "naam": "name", "name": "name", "e-mail": "email", "email": "email", "mail": "email",
    "e-mailadres": "email", "emailadres": "email", "telefoon": "phone", "phone": "phone",
    "telefoonnummer": "phone", "mobiel": "phone", "rollen": "roles", "rol": "roles",
    "roles": "roles", "role": "roles", "functie": "roles", "werkdagen": "works", "works": "works",
    "days": "works", "working days": "works",
}  # fmt: skip
_EMAIL = re.compile(r"[^@\s<>(),;:\"\\]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_FORMULA = ("=", "+", "-", "@", "|", "%")
_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
_DAY_NAMES = {
    name: _DAYS[number]
    for number, names in enumerate(
        (
            ("ma", "maandag", "mon", "monday"), ("di", "dinsdag", "tue", "tuesday"),
            ("wo", "woensdag", "wed", "wednesday"), ("do", "donderdag", "thu", "thursday"),
            ("vr", "vrijdag", "fri", "friday"), ("za", "zaterdag", "sat", "saturday"),
            ("zo", "zondag", "sun", "sunday"),
        )
    )
    for name in names
}  # fmt: skip
_PART = re.compile(r"([a-z]+)(-ochtend|-middag)?(?: ?\((even|oneven)\))?")


class _WrongCellError(ValueError):
    """A cell that cannot be used; its one argument is the catalogue key."""


@dataclass(frozen=True, slots=True)
class RowRead:
    """One checked line; empty means the file does not say."""

    line: int
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    roles: tuple[str, ...] = ()
    works: str = field(default="", repr=False)

    def given(self) -> dict[str, Any]:
        """The fields the file says something about."""
        named = ("name", "email", "phone", "roles", "works")
        return {name: value for name in named if (value := getattr(self, name))}


def read_people(data: bytes) -> tuple[list[RowRead], list[Fault]]:
    """Read and check a whole file; with any fault the rows must not be used."""
    whole = _whole(data)
    if whole:
        return [], [(1, "", whole)]
    text = _decoded(data)
    table = _table(text)
    try:
        line, header = next(table)
    except (StopIteration, csv.Error):
        return [], [(1, "", "people.csv.empty")]
    columns, faults = _header(line, header)
    return ([], faults) if faults else _rows(table, columns)


def _whole(data: bytes) -> str:
    """What is wrong with the file as a whole, as a catalogue key."""
    if len(data) > LARGEST_FILE:
        return "people.csv.too_large"
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return "people.csv.empty"
    if b"\0" in data:
        return "people.csv.not_text"
    return ""


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _table(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that has something in it, with its number."""
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def _header(line: int, cells: list[str]) -> tuple[list[str], list[Fault]]:
    columns = [_COLUMNS.get(cell.casefold(), "") for cell in cells]
    faults: list[Fault] = [
        (line, f"{number}", "people.csv.column_unknown")
        for number, (cell, column) in enumerate(zip(cells, columns, strict=True), start=1)
        if cell and not column
    ]
    named = [column for column in columns if column]
    if len(set(named)) < len(named):
        faults.append((line, "", "people.csv.column_twice"))
    if not {"name", "email"} & set(named):
        faults.append((line, "", "people.csv.column_missing"))
    return columns, faults[:MOST_FAULTS]


def _rows(
    table: Iterator[tuple[int, list[str]]], columns: list[str]
) -> tuple[list[RowRead], list[Fault]]:
    rows: list[RowRead] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    line = 1
    try:
        for line, cells in table:
            if len(rows) >= MOST_ROWS:
                return rows, [(line, "", "people.csv.too_many_rows")]
            row, wrong = _row(line, cells, columns)
            faults += wrong or _repeated(row, seen)
            rows.append(row)
            if len(faults) >= MOST_FAULTS:
                break
    except csv.Error:
        faults.append((line + 1, "", "people.csv.quotes"))
    return rows, faults[:MOST_FAULTS]


def _row(line: int, cells: list[str], columns: list[str]) -> tuple[RowRead, list[Fault]]:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        return RowRead(line), [(line, "", "people.csv.too_many_cells")]
    fields: dict[str, Any] = {}
    faults: list[Fault] = []
    for column, cell in zip(columns, cells, strict=False):
        if not column or not cell:
            continue
        try:
            fields[column] = _checked(column, cell)
        except _WrongCellError as wrong:
            faults.append((line, column, str(wrong)))
    if not faults and not fields.get("name") and not fields.get("email"):
        faults.append((line, "name", "people.csv.nobody"))
    return RowRead(line, **fields), faults


def _repeated(row: RowRead, seen: dict[tuple[str, str], int]) -> list[Fault]:
    """The same address twice, or the same name where there is no address to tell them apart."""
    column = "email" if row.email else "name"
    key = (column, fold_email(row.email) if row.email else fold_name(row.name))
    if key in seen:
        return [(row.line, column, f"people.csv.{column}_twice")]
    seen[key] = row.line
    return []


def _checked(column: str, cell: str) -> Any:  # noqa: ANN401
    if len(cell) > LONGEST_CELL:
        raise _WrongCellError("people.csv.too_long")
    if any(not c.isprintable() for c in cell):
        raise _WrongCellError("people.csv.not_text")
    if cell.startswith(_FORMULA) and not (column == "phone" and cell[0] == "+"):
        raise _WrongCellError("people.csv.formula")
    return _CHECKS[column](cell)


def _name(cell: str) -> str:
    if not any(c.isalpha() for c in cell):
        raise _WrongCellError("people.csv.name_wrong")
    return " ".join(cell.split())


def _email(cell: str) -> str:
    if len(cell) > 254 or not _EMAIL.fullmatch(cell):
        raise _WrongCellError("people.csv.email_wrong")
    return cell


def _phone(cell: str) -> str:
    try:
        number = phonenumbers.parse(cell, "NL")
    except phonenumbers.NumberParseException:
        raise _WrongCellError("people.csv.phone_wrong") from None
    if not phonenumbers.is_possible_number(number):
        raise _WrongCellError("people.csv.phone_wrong")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _roles(cell: str) -> tuple[str, ...]:
    roles = (role.strip().casefold() for role in re.split(r"[,;|/+]", cell))
    return tuple(dict.fromkeys(role for role in roles if role))


def _works(cell: str) -> str:
    """Days as "ma di wo-ochtend vr (oneven)"; "ma-wo" is written out."""
    days = re.sub(r"\s+\(", "(", cell.casefold())
    return " ".join(part for piece in re.split(r"[,;+/\s]+", days) if piece for part in _day(piece))


def _day(piece: str) -> Iterator[str]:
    first, _, last = piece.partition("-")
    if first in _DAY_NAMES and last in _DAY_NAMES:
        start, end = _DAYS.index(_DAY_NAMES[first]), _DAYS.index(_DAY_NAMES[last])
        yield from (_DAYS[(start + step) % 7] for step in range((end - start) % 7 + 1))
        return
    found = _PART.fullmatch(piece)
    if found is None or found[1] not in _DAY_NAMES:
        raise _WrongCellError("people.csv.days_wrong")
    weeks = f"({found[3]})" if found[3] else ""
    yield f"{_DAY_NAMES[found[1]]}{found[2] or ''}{weeks}"


_CHECKS: dict[str, Callable[[str], Any]] = {
    "name": _name,
    "email": _email,
    "phone": _phone,
    "roles": _roles,
    "works": _works,
}
