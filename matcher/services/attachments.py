"""Photos and papers: cleaned, kept under their own hash, tied to one thing."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import and_, or_, select

from matcher.db import db, now
from matcher.errors import BadInput
from matcher.models import Actor, Attachment, Case, FileKind
from matcher.plain.pictures import PAPER_MIMES, check_file, clean_picture
from matcher.services.history import record, subject_kind

#: A thing holds this many photos and papers at the most.
MOST = 20


class Store(Protocol):
    """Where the bytes lie; a folder here, an object store where an installation has one."""

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes; keeping the same key again changes nothing."""

    def path(self, key: str) -> Path:
        """The file to send."""


class Folder:
    """A store in a local folder, two levels deep by the first letters of the hash."""

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)

    def put(self, key: str, data: bytes) -> None:
        """Write once, atomically."""
        target = self.path(key)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{id(data)}.part")
        partial.write_bytes(data)
        partial.replace(target)

    def path(self, key: str) -> Path:
        """Where the bytes of a key lie."""
        return self.root / key[:2] / key


def attach_picture(thing: Any, data: bytes, *, store: Store, by: Actor) -> Attachment:
    """Hang a photo on a thing: re-encoded, without where and when it was taken. UploadError if it is none."""
    return attach_kept(thing, keep_picture(data, store=store), by=by)


@dataclass(frozen=True, slots=True)
class Kept:
    """A clean photo that lies in the store and hangs on nothing yet (a form that is not finished)."""

    key: str
    mime: str
    size: int
    width: int
    height: int


def keep_picture(data: bytes, *, store: Store) -> Kept:
    """Clean a photo and keep it, so that a form shown again has not lost it."""
    picture = clean_picture(data)
    store.put(picture.sha256, picture.data)
    return Kept(picture.sha256, picture.mime, len(picture.data), picture.width, picture.height)


def attach_kept(thing: Any, kept: Kept, *, by: Actor) -> Attachment:
    """Hang a kept photo on a thing."""
    return _hang(thing, FileKind.PICTURE, by=by, **asdict(kept))


def attach_file(thing: Any, data: bytes, filename: str, *, store: Store, by: Actor) -> Attachment:
    """Hang a paper (pdf, docx, xlsx) or a photo on a thing."""
    paper = check_file(data, filename)
    store.put(paper.sha256, data)
    about = {"key": paper.sha256, "mime": paper.mime, "name": paper.name, "size": len(data)}
    return _hang(thing, FileKind.DOCUMENT, by=by, **about)


def attach(thing: Any, data: bytes, filename: str, *, store: Store, by: Actor) -> Attachment:
    """Hang a photo, or a paper if its name says that it is one, on a thing."""
    if filename.rsplit(".", 1)[-1].lower() in PAPER_MIMES:
        return attach_file(thing, data, filename, store=store, by=by)
    return attach_picture(thing, data, store=store, by=by)


def attachments_of(thing: Any) -> list[Attachment]:
    """What hangs on the thing, in the order it came."""
    query = select(Attachment).where(
        Attachment.subject_kind == subject_kind(thing),
        Attachment.subject_id == thing.id,
        Attachment.removed_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Attachment.id)))


def files_by_thing(things: Iterable[Any]) -> Callable[[Any], list[Attachment]]:
    """attachments_of for all of these things, asked of the database once."""
    ids: dict[str, list[int]] = {}
    for thing in things:
        ids.setdefault(subject_kind(thing), []).append(thing.id)
    found: dict[tuple[str, int], list[Attachment]] = {}
    if ids:
        on_them = [and_(Attachment.subject_kind == kind, Attachment.subject_id.in_(some)) for kind, some in ids.items()]
        query = select(Attachment).where(or_(*on_them), Attachment.removed_at.is_(None)).order_by(Attachment.id)
        for attachment in db.session.scalars(query):
            found.setdefault((attachment.subject_kind, attachment.subject_id), []).append(attachment)
    return lambda thing: found.get((subject_kind(thing), thing.id), [])


def parts_of(case: Case) -> list[Any]:
    """Everything of a case that photos and papers may hang on, benefits apart."""
    return [case, *case.visits, *case.diagnoses, *case.fixes]


def remove(attachment: Attachment, *, by: Actor) -> None:
    """Take it off the thing; the line in the log stays."""
    attachment.removed_at = now()
    record(by, "attachment.remove", attachment)


def _hang(thing: Any, kind: FileKind, *, by: Actor, **about: Any) -> Attachment:
    if thing.id is None:
        db.session.flush()
    if len(attachments_of(thing)) >= MOST:
        raise BadInput("最多上传 %(most)d 个文件。", field="photos", most=MOST)
    attachment = Attachment(
        subject_kind=subject_kind(thing),
        subject_id=thing.id,
        kind=kind,
        party=by.party,
        user_id=by.user.id if by.user else None,
        **about,
    )
    db.session.add(attachment)
    record(by, "attachment.add", thing, kind=kind, size=about["size"])
    return attachment
