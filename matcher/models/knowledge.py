"""What the matcher knows in this installation: the lexicon as edited and taught, the weights in use, how far its
scores can be believed, and what is needed to recompute an old proposal."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matcher.db import Base, enum_column, now
from matcher.models.accounts import User
from matcher.models.offices import Office


class CompetenceEdit(Base):
    """One edit of one competence. The lexicon in force is the shipped one with the newest edits over it;
    going back is one more edit. `entry` is the whole competence, or None where it is taken out."""

    __tablename__ = "competence_edits"

    id: Mapped[int] = mapped_column(primary_key=True)
    competence: Mapped[str] = mapped_column(index=True)
    entry: Mapped[dict[str, Any] | None]
    source: Mapped[str] = mapped_column(default="administrator")
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)

    by: Mapped[User | None] = relationship()


class WordSource(StrEnum):
    """Where a word of evidence comes from: a confirmed solved case, or doubles that somebody merged."""

    CASE = "case"
    MERGE = "merge"


class CaseWord(Base):
    """One word that one problem taught one competence. The more problems say it, the more it counts; forgetting
    a problem deletes its rows. Rows up to the sequence "evidence" are in force, the others wait for the job."""

    __tablename__ = "case_words"
    __table_args__ = (
        UniqueConstraint("competence", "term", "problem_id"),
        Index("ix_case_words_problem", "problem_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    competence: Mapped[str]
    term: Mapped[str]
    source: Mapped[WordSource] = mapped_column(enum_column(WordSource))
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)


class Snapshot(Base):
    """A version of something that a stored proposal came from, written once per content: an expert's record, a
    problem's text, a shipped lexicon, a set of weights. Those about a person or a firm can be erased."""

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    version: Mapped[str]
    content: Mapped[dict[str, Any]]
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id"), index=True)
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("problems.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)


class WeightSet(Base):
    """Weights of the engine fitted here, with the figures they were adopted for. The newest adopted holds."""

    __tablename__ = "weight_sets"
    __table_args__ = (UniqueConstraint("version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str]
    weights: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    adopted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def is_in_force(self) -> bool:
        """Adopted and not taken back; the newest such one is used."""
        return self.adopted_at is not None and self.withdrawn_at is None


class Calibration(Base):
    """From a score to a chance, learnt from the outcomes of one office's own cases under one set of weights."""

    __tablename__ = "calibrations"
    __table_args__ = (CheckConstraint("fit <= outcomes", "fit_is_a_part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    weights_version: Mapped[str]
    slope: Mapped[float]
    offset: Mapped[float]
    outcomes: Mapped[int]
    fit: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime] = mapped_column(default=now)


class GoldenRun(Base):
    """The roster and settings of a day against the office's own confirmed cases: one row of `results` per case."""

    __tablename__ = "golden_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    versions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    results: Mapped[list[Any]] = mapped_column(default=list)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)

    office: Mapped[Office] = relationship()


class TextVector(Base):
    """What the optional model made of one text: float32, little endian. Forgotten with whom it is about."""

    __tablename__ = "text_vectors"
    __table_args__ = (UniqueConstraint("digest", "model"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    model: Mapped[str]
    vector: Mapped[bytes]
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("experts.id"), index=True)
    problem_id: Mapped[int | None] = mapped_column(ForeignKey("problems.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now)


class Sequence(Base):
    """A number that only grows: "roster" tells every process whether its index of experts is still true,
    "lexicon" the same of the lexicon; "evidence" is the last case word in force."""

    __tablename__ = "sequences"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
