"""The same firm standing twice on the register: known names that are nearly this one."""

from rapidfuzz import fuzz, process
from sqlalchemy import select

from matcher.db import db
from matcher.models import Enterprise, EnterpriseState, Office

#: RapidFuzz likeness of two name keys from which a firm is shown as possibly the same.
ALIKE = 60.0
MOST = 6


def alike(enterprise: Enterprise, office: Office, *, limit: int = MOST) -> list[Enterprise]:
    """Known enterprises of the office's subtree whose name or code is nearly the same, the likest first."""
    query = (
        select(Enterprise.id, Enterprise.name_key, Enterprise.uscc)
        .join(Office, Enterprise.office_id == Office.id)
        .where(
            Office.path.startswith(office.path),
            Enterprise.state == EnterpriseState.KNOWN,
            Enterprise.id != enterprise.id,
        )
        .order_by(Enterprise.id)
    )
    rows = db.session.execute(query).all()
    same_code = [row.id for row in rows if enterprise.uscc and row.uscc == enterprise.uscc]
    names = {row.id: row.name_key for row in rows}
    near = process.extract(enterprise.name_key, names, scorer=_likeness, score_cutoff=ALIKE, limit=limit)
    ids = list(dict.fromkeys([*same_code, *(found_id for _name, _score, found_id in near)]))[:limit]
    return [db.session.get_one(Enterprise, found_id) for found_id in ids]


def _likeness(one: str, other: str, **_options: object) -> float:
    """A short name inside a long one (金一新能源 in 阜宁县金一新能源科技) is as good as a spelling variant."""
    return max(fuzz.ratio(one, other), 0.9 * fuzz.partial_ratio(one, other))
