"""One row of a roster read: the person it tells of, or what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any

from matcher.errors import BadInput
from matcher.plain.phones import normalise
from matcher.services import words
from matcher.services.imports.cells import Honour, code_in, honours_of, id_of, names_of, parts_of, text_of
from matcher.services.imports.people import Person
from matcher.services.imports.rows import Row

#: Fields that are taken over as they are written.
PLAIN = ("employer", "title", "trade", "profile", "email", "town")
#: A name longer than this is a sentence that slipped into the wrong column.
LONGEST_NAME = 30
LONGEST = 10_000


@dataclass(slots=True)
class Newcomer:
    """A person as a row, or several rows, tell of them. What is empty the file does not say."""

    row: int
    name: str
    phone: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    honours: list[Honour] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    is_sample: bool = False

    @property
    def person(self) -> Person:
        """What tells them from others."""
        employer, external_id = self.values.get("employer", ""), self.values.get("external_id", "")
        return Person(self.name, employer, self.phone, external_id)

    def join(self, other: "Newcomer") -> None:
        """Another row of the same person: what it adds is kept."""
        self.phone = self.phone or other.phone
        self.values = {**other.values, **self.values}
        self.honours += [honour for honour in other.honours if honour not in self.honours]
        self.skills += [skill for skill in other.skills if skill not in self.skills]


class RosterReader:
    """Reads rows with the vocabularies of this installation."""

    def __init__(self) -> None:
        self.honours = names_of(words.choices("honours"))
        self.grades = names_of(words.choices("skill_grades"))
        self.titles = names_of(words.choices("professional_titles"))

    def read(self, row: Row) -> Newcomer:
        """The person of a row; BadInput or PhoneError says what is wrong."""
        came = Newcomer(row.number, _name_of(row), is_sample=row.is_sample)
        came.values = {field: text for field in PLAIN if (text := text_of(row.get(field)))}
        if external_id := id_of(row.get("external_id")):
            came.values["external_id"] = external_id
        if any(len(text) > LONGEST for text in came.values.values()):
            raise BadInput("一格里的文字超过 %(most)d 个字。", most=LONGEST)
        came.phone = _phone_of(row)
        came.honours = honours_of(text_of(row.get("honours")), text_of(row.get("honour_year")), self.honours)
        came.skills = parts_of(text_of(row.get("skills")))
        self._read_grades(row, came)
        return came

    def _read_grades(self, row: Row, came: Newcomer) -> None:
        for name, known, label in (
            ("skill_grade", self.grades, "技能等级"),
            ("professional_title", self.titles, "职称"),
        ):
            text = text_of(row.get(name))
            if code := code_in(text, known):
                came.values[name] = code
            elif text:
                came.remarks.append(f"{label}“{text[:20]}”不在词表中，未导入。")


def _name_of(row: Row) -> str:
    name = "".join(text_of(row.get("name")).split()) if not row.is_sample else text_of(row.get("name"))
    if not name:
        raise BadInput("没有姓名。")
    if len(name) > LONGEST_NAME:
        raise BadInput("姓名一栏是“%(text)s…”，不像姓名，请检查列的对应。", text=name[:10])
    return name


def _phone_of(row: Row) -> str:
    """The first number of the cell; several are often kept in one."""
    parts = parts_of(text_of(row.get("phone")).replace("/", "、"))
    return normalise(parts[0]) if parts else ""
