"""What an optional model says of a problem and an expert: vectors of masked texts, made by a job, kept per text and
model. Off unless the installation names a model and the office turns it on; a missing vector leaves all as it was."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from sqlalchemy import delete, func, make_url, select

from matcher.db import db
from matcher.models import Actor, CaseState, Expert, ExpertState, Office, Problem, TextVector
from matcher.models.cases import Case
from matcher.models.menus import OPEN
from matcher.plain.masking import mask_text
from matcher.services.embedding import Breaker, Embedder, EmbeddingError
from matcher.services.history import record

#: Texts that go to the model at once, and in one run of the job.
BATCH, MOST = 32, 640
#: A text is read so far.
LONGEST = 1000

#: The model of each database of this process, and what tells when to leave it alone.
_models: dict[str, Embedder] = {}
_breakers: dict[str, Breaker] = {}


@dataclass(frozen=True, slots=True)
class _Text:
    """A masked text, whom it is about, and whose office lets it out."""

    text: str
    office: Office
    expert_id: int | None = None
    problem_id: int | None = None

    @property
    def digest(self) -> str:
        """The text and its owner: what is forgotten of one is not kept by another."""
        return _digest(self.text, self.expert_id, self.problem_id)


def use(url: str, model: Embedder | None) -> None:
    """Which model serves this database; None: none."""
    url = str(make_url(url))
    if model is None:
        _models.pop(url, None)
    else:
        _models[url] = model
    _breakers.pop(url, None)


def is_on() -> bool:
    """Whether the installation has a model at all."""
    return _key() in _models


@dataclass(frozen=True, slots=True)
class Status:
    """How the model stands: where it is, whether texts leave the machine, and how many it has read."""

    where: str
    leaves_machine: bool
    texts: int
    is_resting: bool


def status() -> Status | None:
    """None where the installation has no model."""
    if not is_on():
        return None
    model, breaker = _models[_key()], _breakers.get(_key())
    texts = db.session.scalar(select(func.count()).select_from(TextVector)) or 0
    return Status(model.where, model.leaves_machine, texts, breaker is not None and breaker.is_open)


def said_of(problem: Problem, expert_ids: Sequence[int]) -> dict[int, float]:
    """What the model says of each expert for the problem, 0 to 1. Empty where it is off, or does not know the
    problem or one of the experts yet: then nobody is judged by it, and the order is what it was before."""
    if not is_on() or not expert_ids or not problem.office.setting("embeddings"):
        return {}
    try:
        name = _models[_key()].name
    except EmbeddingError:
        return {}
    digest = _of_problem(problem).digest
    need = db.session.scalar(select(TextVector.vector).filter_by(model=name, digest=digest))
    if need is None:
        return {}
    query = select(TextVector.expert_id, TextVector.vector).where(
        TextVector.model == name, TextVector.expert_id.in_(expert_ids)
    )
    vectors = {expert_id: _vector(raw) for expert_id, raw in db.session.execute(query.order_by(TextVector.id))}
    if any(number not in vectors for number in expert_ids):
        return {}
    asked = _vector(need)
    return {number: round(float(np.clip(vectors[number] @ asked, 0.0, 1.0)), 4) for number in expert_ids}


def embed_waiting(*, after_each: Callable[[], None]) -> int:
    """Make the vectors that are missing, a batch at a time (a job). Returns how many; fewer where the model fails,
    which the breaker remembers."""
    if not is_on():
        return 0
    model, breaker = _models[_key()], _breakers.setdefault(_key(), Breaker())
    try:
        waiting = _waiting(model.name)
    except EmbeddingError:
        return 0
    done = 0
    for start in range(0, len(waiting), BATCH):
        batch = waiting[start : start + BATCH]
        try:
            vectors = breaker.call(lambda batch=batch: model.embed([one.text for one in batch]))  # type: ignore[misc]
        except EmbeddingError:
            break
        _keep(batch, vectors, model)
        after_each()
        done += len(batch)
    return done


def masked_problem(problem: Problem) -> str:
    """What the model may read of a problem: no names, phones or firms."""
    people = [name for name in (problem.menu.contact_name, problem.enterprise.contact_name) if name]
    text = mask_text(f"{problem.title}\n{problem.text}", names=people, firms=[problem.enterprise.name])
    return text[:LONGEST]


def masked_expert(expert: Expert) -> str:
    """What the model may read of an expert: trade, skills and profile without their name and their firm."""
    said = [expert.trade, expert.title, "、".join(skill.text for skill in expert.skills), expert.profile]
    firms = [expert.employer] if expert.employer else []
    return mask_text("\n".join(filter(None, said)), names=[expert.name], firms=firms)[:LONGEST]


def _waiting(name: str) -> list[_Text]:
    """Texts of the offices that turned the model on and that it has not read, problems first."""
    offices = [office for office in db.session.scalars(select(Office)) if office.setting("embeddings")]
    ids = [office.id for office in offices]
    solved = select(Case.problem_id).where(Case.state == CaseState.CONFIRMED)
    problems = select(Problem).where(Problem.office_id.in_(ids), Problem.state.in_(OPEN) | Problem.id.in_(solved))
    experts = select(Expert).where(Expert.office_id.in_(ids), Expert.state != ExpertState.LEFT)
    texts = [_of_problem(one) for one in db.session.scalars(problems.order_by(Problem.id.desc()))]
    texts += [_of_expert(one) for one in db.session.scalars(experts.order_by(Expert.id))]
    known = set(db.session.scalars(select(TextVector.digest).where(TextVector.model == name)))
    return [one for one in texts if one.text.strip() and one.digest not in known][:MOST]


def _keep(batch: Sequence[_Text], vectors: np.ndarray, model: Embedder) -> None:
    name = model.name
    for column in (TextVector.expert_id, TextVector.problem_id):
        ids = [getattr(one, column.key) for one in batch if getattr(one, column.key) is not None]
        db.session.execute(delete(TextVector).where(TextVector.model == name, column.in_(ids)))
    for one, vector in zip(batch, vectors, strict=True):
        raw = np.asarray(vector, dtype="<f4").tobytes()
        db.session.add(
            TextVector(digest=one.digest, model=name, vector=raw, expert_id=one.expert_id, problem_id=one.problem_id)
        )
    if model.leaves_machine:
        _log(batch, model)


def _log(batch: Sequence[_Text], model: Embedder) -> None:
    """Each office reads in its log how many of its texts went where."""
    counts: dict[int, int] = {}
    for one in batch:
        counts[one.office.id] = counts.get(one.office.id, 0) + 1
    offices: Mapping[int, Office] = {one.office.id: one.office for one in batch}
    for office_id, count in sorted(counts.items()):
        record(Actor.system(), "embeddings.send", office=offices[office_id], texts=count, to=model.where)


def _of_problem(problem: Problem) -> _Text:
    return _Text(masked_problem(problem), problem.office, problem_id=problem.id)


def _of_expert(expert: Expert) -> _Text:
    return _Text(masked_expert(expert), expert.office, expert_id=expert.id)


def _digest(text: str, *owner: int | None) -> str:
    return sha256(repr((text, owner)).encode()).hexdigest()


def _vector(raw: bytes) -> np.ndarray:
    return np.frombuffer(raw, dtype="<f4").astype(np.float64)


def _key() -> str:
    return str(db.engine.url)
