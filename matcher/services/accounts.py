"""Accounts: log in, lock out, change the password, put on hats."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import or_, select

from matcher.db import db, now
from matcher.errors import BadInput, NotAllowed
from matcher.models import Actor, Expert, Office, PasswordUsed, Role, User, UserRole
from matcher.services.history import first_come, record

#: 等级保护 level 2: lock after repeated failures, complex passwords, no reuse (domain.md 6.2).
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
SHORTEST = 8
CLASSES = 3
REMEMBERED = 5


def log_in(name: str, password: str, *, hasher: PasswordHasher, address: str | None = None) -> User | None:
    """The account, or None. Wrong name and wrong password look the same; five failures lock for a while.

    The caller commits in both cases: the failure counts too.
    """
    login = name.strip().lower()
    user = db.session.scalar(select(User).where(or_(User.login == login, User.email == login)))
    if user is None:
        # The same work as for a known name, so that the time does not tell.
        hasher.hash(password)
        return None
    by = Actor(user=user, address=address)
    if user.locked_until is not None and now() < user.locked_until:
        record(by, "login.locked", user, ok=False)
        return None
    if not (user.is_active and _matches(user.password_hash, password, hasher)):
        _count_failure(user)
        record(by, "login.failed", user, ok=False)
        return None
    user.failed_logins, user.locked_until = 0, None
    if hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hasher.hash(password)
    record(by, "login", user)
    return user


def add_account(
    office: Office,
    *,
    name: str,
    login: str,
    password: str,
    roles: Iterable[Role],
    hasher: PasswordHasher,
    by: Actor,
    email: str | None = None,
    expert: Expert | None = None,
    must_change: bool = True,
) -> User:
    """A new account with a first password, which its owner must change (unless a demo says otherwise)."""
    if not login.strip() or not name.strip():
        raise BadInput("请填写姓名和账号。", field="login")
    user = User(
        office=office,
        expert=expert,
        name=name.strip(),
        login=login.strip().lower(),
        email=email.strip().lower() if email else None,
        password_hash=hasher.hash(password),
        must_change_password=must_change,
        session_stamp=secrets.token_hex(8),
        hats=[UserRole(role=role) for role in sorted(set(roles))],
    )
    db.session.add(user)
    with first_come("这个账号或邮箱已经有人使用。"):
        pass
    record(by, "user.add", user, roles=sorted(role.value for role in user.roles))
    return user


def change_password(user: User, current: str, new: str, *, hasher: PasswordHasher, by: Actor) -> None:
    """Replace one's own password; every other session of the account ends."""
    if not _matches(user.password_hash, current, hasher):
        raise BadInput("当前密码不对。", field="current")
    check_strength(new)
    _check_unused(user, new, hasher)
    _set_password(user, hasher.hash(new), must_change=False)
    record(by, "user.password", user)


def reset_password(user: User, new: str, *, hasher: PasswordHasher, by: Actor) -> None:
    """An administrator gives a new first password, which must be changed at the next log-in."""
    check_strength(new)
    _set_password(user, hasher.hash(new), must_change=True)
    user.failed_logins, user.locked_until = 0, None
    record(by, "user.password_reset", user)


def set_roles(user: User, roles: Iterable[Role], *, by: Actor) -> None:
    """Put on and take off hats. Business, administration and audit stay apart (separation of duties)."""
    wanted = set(roles)
    check_separation(wanted)
    before = sorted(role.value for role in user.roles)
    user.hats = [hat for hat in user.hats if hat.role in wanted]
    user.hats += [UserRole(role=role) for role in sorted(wanted - user.roles)]
    record(by, "user.roles", user, before=before, after=sorted(role.value for role in wanted))


def check_separation(roles: set[Role]) -> None:
    """An auditor does nothing but audit."""
    if Role.AUDITOR in roles and len(roles) > 1:
        raise BadInput("审计员不能同时担任其他角色。", field="roles")


def set_active(user: User, active: bool, *, by: Actor) -> None:
    """Open or close an account; closing ends its sessions. Nobody closes their own."""
    if by.user is not None and by.user.id == user.id and not active:
        raise NotAllowed("不能停用自己的账号。")
    user.is_active = active
    user.session_stamp = secrets.token_hex(8)
    record(by, "user.open" if active else "user.close", user)


def is_password_old(user: User, days: int) -> bool:
    """Whether the password has to be changed: it is a first one, or older than the rule allows (0: no rule)."""
    if user.must_change_password or not days:
        return user.must_change_password
    return now() - user.password_changed_at > timedelta(days=days)


def check_strength(password: str) -> None:
    """At least eight characters of three of the four classes."""
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    present = sum(any(kind(c) for c in password) for kind in kinds)
    if len(password) < SHORTEST or present < CLASSES:
        raise BadInput(
            "密码至少 %(length)d 位，并包含大写字母、小写字母、数字、符号中的三种。",
            field="new",
            length=SHORTEST,
        )


def hasher_with(*, time_cost: int, memory_cost: int, parallelism: int) -> PasswordHasher:
    """The hasher of this installation (argon2id); memory in KiB."""
    return PasswordHasher(time_cost, memory_cost, parallelism)


def _set_password(user: User, password_hash: str, *, must_change: bool) -> None:
    db.session.add(PasswordUsed(user_id=user.id, password_hash=user.password_hash))
    user.password_hash, user.password_changed_at = password_hash, now()
    user.must_change_password = must_change
    user.session_stamp = secrets.token_hex(8)


def _check_unused(user: User, new: str, hasher: PasswordHasher) -> None:
    query = select(PasswordUsed.password_hash).filter_by(user_id=user.id).order_by(PasswordUsed.id.desc())
    used = [user.password_hash, *db.session.scalars(query.limit(REMEMBERED))]
    if any(_matches(old, new, hasher) for old in used):
        raise BadInput("这个密码最近用过，请换一个。", field="new")


def _matches(password_hash: str, password: str, hasher: PasswordHasher) -> bool:
    try:
        return hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _count_failure(user: User) -> None:
    user.failed_logins += 1
    if user.failed_logins >= MOST_FAILURES:
        user.locked_until, user.failed_logins = now() + LOCKED_FOR, 0
