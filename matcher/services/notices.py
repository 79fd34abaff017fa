"""Notices: written with the fact they tell, sent afterwards, and always there to be copied by hand."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from sqlalchemy import ColumnElement, and_, or_, select

from matcher.db import db, now
from matcher.models import (
    Actor,
    Expert,
    Menu,
    Notice,
    NoticeState,
    Office,
    Party,
    Problem,
    Role,
    User,
    UserRole,
)
from matcher.services import links

#: An e-mail that the server put off is tried again after so long, then twice as long, and so on…
FIRST_PAUSE = timedelta(seconds=20)
#: …this often, over two days (a server that greylists or is full); then the desk has to hand it on.
MOST_TRIES = 13
#: Answers of a mail server from here on are final.
REFUSED = 500


class ServerAsleep(Exception):
    """The mail server does not answer or does not let us in: no notice is to blame, all of them wait."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail goes out; an empty host means that nothing is sent."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    sender: str
    base_url: str


def tell_expert(expert: Expert, kind: str, subject: str, body: str, *, problem: Problem | None = None) -> Notice:
    """Tell an expert; by e-mail where one is known, else the desk copies the text into WeChat."""
    return _add(
        kind,
        Party.EXPERT,
        expert.office_id,
        subject,
        body,
        expert.email,
        expert_id=expert.id,
        problem=problem,
    )


def tell_enterprise(menu: Menu, kind: str, subject: str, body: str, *, problem: Problem | None = None) -> Notice:
    """Tell who posted the menu. No e-mail is asked of enterprises, so the desk copies the text."""
    return _add(
        kind,
        Party.ENTERPRISE,
        menu.office_id,
        subject,
        body,
        None,
        enterprise_id=menu.enterprise_id,
        menu_id=menu.id,
        problem=problem,
    )


def tell_office(
    office: Office,
    kind: str,
    subject: str,
    body: str,
    *,
    problem: Problem | None = None,
    role: Role = Role.DISPATCHER,
) -> list[Notice]:
    """Tell everybody of an office who wears the hat."""
    query = select(User).join(UserRole).where(User.office_id == office.id, User.is_active, UserRole.role == role)
    users = db.session.scalars(query.order_by(User.id))
    return [tell_user(user, kind, subject, body, problem=problem) for user in users]


def tell_user(user: User, kind: str, subject: str, body: str, *, problem: Problem | None = None) -> Notice:
    """Tell one member of staff, in the app and by e-mail."""
    return _add(kind, Party.OFFICE, user.office_id, subject, body, user.email, user_id=user.id, problem=problem)


def send_waiting(server: MailServer, *, limit: int = 200, after_each: Callable[[], None]) -> int:
    """Send what waits, oldest first; one that fails does not hold up the rest. Returns how many went out.

    `after_each` is called when a notice was settled (the job commits there), so that a mail that went out
    is never sent again because a later one failed. While the server sleeps nothing is tried and nothing is lost.
    """
    if not server.host:
        return 0
    query = select(Notice).where(Notice.state == NoticeState.WAITING, _is_due()).order_by(Notice.id).limit(limit)
    sent = 0
    try:
        for notice in db.session.scalars(query).all():
            sent += _send(notice, server)
            after_each()
    except ServerAsleep:
        after_each()
    return sent


def unread(user: User) -> list[Notice]:
    """What a member of staff has not yet seen in the app, newest first."""
    query = select(Notice).where(Notice.user_id == user.id, Notice.read_at.is_(None)).order_by(Notice.id.desc())
    return list(db.session.scalars(query.limit(100)))


def to_hand_on(office: Office) -> list[Notice]:
    """What nobody sends by e-mail to experts and enterprises: the desk copies the text for WeChat or telephones.

    Staff see theirs in the app.
    """
    query = select(Notice).where(
        Notice.office_id == office.id,
        Notice.user_id.is_(None),
        or_(Notice.state == NoticeState.BY_HAND, Notice.state == NoticeState.FAILED),
        Notice.read_at.is_(None),
    )
    return list(db.session.scalars(query.order_by(Notice.id.desc()).limit(200)))


def mark_read(notice: Notice, *, by: Actor) -> None:
    """Seen, or handed on by the desk."""
    notice.read_at = notice.read_at or now()


def text_with_link(notice: Notice, *, base_url: str) -> str:
    """The text to hand on, with a fresh personal link of the expert or the menu it is for.

    Links are kept as hashes only, so a notice cannot hold one: it is minted when the text goes out.
    """
    if notice.expert is not None:
        return f"{notice.body}\n{base_url}/e/{links.mint_for_expert(notice.expert)}"
    if notice.menu is not None:
        return f"{notice.body}\n{base_url}/f/{links.mint_for_menu(notice.menu)}"
    return notice.body


def _is_due() -> ColumnElement[bool]:
    """Whether the pause after the last try is over."""
    made_before = [now() - FIRST_PAUSE * (2**tries - 1) for tries in range(MOST_TRIES)]
    return or_(*(and_(Notice.tries == tries, Notice.made_at <= made) for tries, made in enumerate(made_before)))


def _send(notice: Notice, server: MailServer) -> bool:
    try:
        _deliver(notice, server)
    except smtplib.SMTPAuthenticationError as error:
        raise _asleep(notice, error) from error
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException, ValueError) as error:
        notice.tries += 1
        notice.error = str(error)[:500]
        if notice.tries >= MOST_TRIES or _is_final(error):
            notice.state = NoticeState.FAILED
        return False
    except OSError as error:  # smtplib's own errors are OSErrors too: refused, timed out, hung up
        raise _asleep(notice, error) from error
    notice.tries += 1
    notice.state, notice.sent_at, notice.error = NoticeState.SENT, now(), ""
    return True


def _asleep(notice: Notice, error: Exception) -> ServerAsleep:
    notice.error = str(error)[:500]
    return ServerAsleep(str(error))


def _is_final(error: Exception) -> bool:
    """Whether trying again is useless: an address that cannot be written, or a server that said no for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= REFUSED for code, _said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= REFUSED
    return True


def _deliver(notice: Notice, server: MailServer) -> None:
    message = EmailMessage()
    # A name or title may hold a line break, which no header may.
    message["From"], message["To"] = server.sender, notice.address
    message["Subject"] = " ".join(notice.subject.split())
    message["Message-ID"] = f"<notice-{notice.id}@dianjiang>"
    message.set_content(text_with_link(notice, base_url=server.base_url))
    with smtplib.SMTP(server.host, server.port, timeout=15) as smtp:
        if server.starttls:
            smtp.starttls()
        if server.user:
            smtp.login(server.user, server.password)
        smtp.send_message(message)


def _add(
    kind: str,
    party: Party,
    office_id: int,
    subject: str,
    body: str,
    address: str | None,
    *,
    problem: Problem | None,
    **to: int | None,
) -> Notice:
    notice = Notice(
        kind=kind,
        party=party,
        office_id=office_id,
        subject=subject,
        body=body,
        address=address,
        problem_id=problem.id if problem else None,
        state=NoticeState.WAITING if address else NoticeState.BY_HAND,
        **to,
    )
    db.session.add(notice)
    return notice
