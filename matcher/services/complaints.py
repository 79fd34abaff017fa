"""投诉建议: said by anybody from any page, answered at the desk."""

from matcher.db import db, now
from matcher.errors import BadInput
from matcher.models import Actor, Complaint, Office
from matcher.services import notices
from matcher.services.history import record

LONGEST = 5_000


def complain(
    office: Office,
    text: str,
    *,
    by: Actor,
    kind: str = "complaint",
    page: str = "",
    phone: str | None = None,
    contact_name: str = "",
) -> Complaint:
    """Say what is wrong or could be better; contact is optional."""
    if not text.strip():
        raise BadInput("请写下您的意见。", field="text")
    if len(text) > LONGEST:
        raise BadInput("意见最多写 %(most)d 个字。", field="text", most=LONGEST)
    complaint = Complaint(
        office=office, kind=kind, text=text.strip(), page=page[:200], contact_name=contact_name or None
    )
    complaint.set_phone(phone)
    db.session.add(complaint)
    record(by, "complaint.make", complaint)
    notices.tell_office(office, "complaint", "收到投诉建议", text.strip()[:200])
    return complaint


def answer(complaint: Complaint, text: str, *, by: Actor) -> None:
    """Write down what was answered or done."""
    if not text.strip():
        raise BadInput("请写下处理结果。", field="answer")
    complaint.answer, complaint.answered_at = text.strip(), now()
    complaint.answered_by_id = by.user.id if by.user else None
    record(by, "complaint.answer", complaint)
