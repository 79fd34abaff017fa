"""A province at work for a year, written by PostgreSQL itself: for benches only."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from matcher.db import Base, db
from matcher.models import (
    Activity,
    ActivityEnterprise,
    ActivityExpert,
    Benefit,
    Case,
    Clock,
    Enterprise,
    EnterpriseTier,
    Expert,
    Lead,
    Menu,
    Office,
    Problem,
    Visit,
    Visitor,
)

CITIES, COUNTIES = 10, 100
#: In each county.
EXPERTS, ENTERPRISES, ACTIVITIES = 60, 600, 120
#: Ids of what is made here begin after this.
FIRST = 100_000
#: Working hours of each step: from, to.
STEPS = (
    ("accept", 0, 9),
    ("dispatch", 1, 18),
    ("answer", 0, 9),
    ("visit", 4, 45),
    ("close", 20, 140),
    ("confirm", 2, 80),
)

#: One line per case: whose, who goes, when it was posted, how far it came.
PLAN = """
CREATE UNLOGGED TABLE plan AS
SELECT n AS id, :first + :cities + 1 + n % :counties AS office,
  1 + (n % :counties) * :enterprises + (random() * (:enterprises - 1))::int AS firm,
  1 + (n % :counties) * :experts + (random() * (:experts - 1))::int AS expert,
  (ARRAY['tackling','skills','management','mentoring','thought'])[1 + (random() * 4)::int] AS kind,
  (ARRAY['17','26','30','33','34','35','38','39','01','04'])[1 + (random() * 9)::int] AS industry,
  now() - (random() * 365) * interval '1 day' AS at, random() AS luck, (random() * 400)::int * 500 AS money
FROM generate_series(1, :cases) n
"""

CLOSED = "UPDATE plan SET closed_at = at + interval '9 days' WHERE luck < 0.92 AND at < now() - interval '10 days'"
#: Tables that number their rows.
NUMBERED = (Office, Expert, Enterprise, Menu, Problem, Case, Clock, Visit, Benefit, Activity, EnterpriseTier, Lead)
WORDS = "'设备异响，温度偏高，自己的技术员修了三次没有修好；换过轴承和联轴器，停机两天，影响交货，请派人来看看。'"


def fill(cases: int, *, seed: float = 0.5) -> None:
    """Write the cases and everything around them; FIRST is the province. Triggers and foreign keys sleep."""
    run = db.session.execute
    run(sa.text("SET session_replication_role = replica"))
    run(sa.text(f"SELECT setseed({seed})"))
    _offices()
    numbers = {"first": FIRST, "cities": CITIES, "counties": COUNTIES, "enterprises": ENTERPRISES, "experts": EXPERTS}
    run(sa.text(PLAN), {**numbers, "cases": cases})
    run(sa.text("ALTER TABLE plan ADD closed_at timestamptz"))
    run(sa.text(CLOSED))
    _people()
    _cases()
    _benefits()
    _activities()
    run(sa.text("SET session_replication_role = origin"))
    for noun in NUMBERED:
        name = noun.__tablename__
        run(sa.text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"))
    run(sa.text("DROP TABLE plan"))
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


def _offices() -> None:
    province = {"id": FIRST, "code": "B0", "name": "示例省总工会", "short_name": "示例省", "level": "province"}
    rows = [{**province, "parent_id": None, "path": f"/{FIRST}/"}]
    for city in range(1, CITIES + 1):
        name = {"code": f"B{city}", "name": f"示例{city}市总工会", "short_name": f"示例{city}市", "level": "city"}
        rows.append({**name, "id": FIRST + city, "parent_id": FIRST, "path": f"/{FIRST}/{FIRST + city}/"})
    for county in range(1, COUNTIES + 1):
        above, this = FIRST + 1 + county % CITIES, FIRST + CITIES + county
        name = {"code": f"BC{county}", "name": f"示例{county}县总工会", "short_name": f"示例{county}县"}
        rows.append({**name, "level": "county", "id": this, "parent_id": above, "path": f"/{FIRST}/{above}/{this}/"})
    db.session.execute(sa.insert(Office), [{**row, "settings": {"started_on": "2020-01-01"}} for row in rows])


def _people() -> None:
    firms, experts = COUNTIES * ENTERPRISES, COUNTIES * EXPERTS
    office = f"{FIRST} + {CITIES} + 1 + (n - 1) / "
    _write(Expert, f"generate_series(1, {experts}) n", id="n", office_id=f"{office}{EXPERTS}", state="'active'",
        name="'示例专家' || n", trade="'维修电工'")  # fmt: skip
    _write(Enterprise, f"generate_series(1, {firms}) n", id="n", office_id=f"{office}{ENTERPRISES}", state="'known'",
        name="'示例企业' || n", name_key="'示例企业' || n", town="'示例镇' || n % 17", industry="'34'")  # fmt: skip
    _write(EnterpriseTier, f"generate_series(1, {firms}, 10) n", enterprise_id="n", tier="'srdi'",
        valid_from="DATE '2020-01-01'")  # fmt: skip


def _cases() -> None:
    solved = "CASE WHEN closed_at IS NULL THEN 'dispatched' WHEN luck < 0.8 THEN 'solved' ELSE 'partly' END"
    _write(Menu, "plan", id="id", number="'B-' || id", office_id="office", enterprise_id="firm", channel="'phone'",
        text=WORDS, firm_as_written="'示例企业' || firm", town="'示例镇' || firm % 17", posted_at="at")  # fmt: skip
    _write(Problem, "plan", id="id", number="'B-' || id || '-1'", menu_id="id", position="1", office_id="office",
        owner_office_id="office", state=solved, title="'设备异响'", text=WORDS, reporting_kind="kind",
        solved_by=f"CASE WHEN {solved} = 'solved' THEN 'case' END", industry="industry", submitted_at="at",
        accepted_at="at + interval '1 hour'", ended_at="closed_at")  # fmt: skip
    state = "CASE WHEN closed_at IS NULL THEN 'opened' WHEN luck < 0.6 THEN 'confirmed' ELSE 'closed' END"
    is_confirmed = "closed_at IS NOT NULL AND luck < 0.6"
    _write(Case, "plan", id="id", number="'B-' || id || '-1-1'", problem_id="id", round="1", state=state,
        outcome="CASE WHEN closed_at IS NOT NULL THEN CASE WHEN luck < 0.8 THEN 'solved' ELSE 'partly' END END",
        opened_at="at + interval '5 hours'", closed_at="closed_at", persons="(luck * 9)::int",
        attendances="(luck * 12)::int", trained_on="LEAST((at + interval '3 days')::date, current_date)",
        confirmed_via=f"CASE WHEN {is_confirmed} THEN CASE WHEN luck < 0.3 THEN 'own_link' ELSE 'recorded' END END",
        confirmed_at=f"CASE WHEN {is_confirmed} THEN closed_at END")  # fmt: skip
    _write(Visit, "plan WHERE at < now() - interval '3 days'", id="id", case_id="id", state="'held'", form="'onsite'",
        held_on="(at + interval '3 days')::date")  # fmt: skip
    _write(Visitor, "plan WHERE at < now() - interval '3 days'", visit_id="id", expert_id="expert")
    for number, (step, least, most) in enumerate(STEPS):
        _write(Clock, "plan WHERE closed_at IS NOT NULL", problem_id="id", office_id="office", step=f"'{step}'",
            started_at="at", resumed_at="at", due_at="at + interval '20 days'", hours_before="0", is_met="TRUE",
            hours=f"{least} + round((random() * {most - least})::numeric, 2)",
            ended_at=f"at + interval '{number * 36 + 1} hours'")  # fmt: skip
    _write(Lead, "plan WHERE closed_at IS NOT NULL AND luck < 0.02", case_id="id", office_id="office",
        state="'found'", found_at="closed_at")  # fmt: skip


def _benefits() -> None:
    line = {"case_id": "id", "kind": "'saving'", "per": "CASE WHEN id % 3 = 0 THEN 'year' ELSE 'once' END"}
    line |= {"evidence_grade": "'telephone'"}
    for place, (entry, luck) in enumerate((("stated", 0.6), ("adopted", 0.6), ("verified", 0.2))):
        _write(Benefit, f"plan WHERE closed_at IS NOT NULL AND luck < {luck}", **line, id=f"id * 3 + {place + 1}",
            entry=f"'{entry}'", about_id="id * 3 + 1" if place else "NULL", party="'office'", amount="money",
            entered_on=f"LEAST((closed_at + interval '{place * 20} days')::date, current_date)")  # fmt: skip


def _activities() -> None:
    number = COUNTIES * ACTIVITIES
    place = f"((n - 1) / {ACTIVITIES})"
    _write(Activity, f"generate_series(1, {number}) n", id="n", office_id=f"{FIRST} + {CITIES} + 1 + {place}",
        state="'held'", kind="'training'", title="'示例培训'", planned_on="current_date - n % 365",
        held_on="current_date - n % 365", persons="30", attendances="40", pairs="n % 3", place="''")  # fmt: skip
    _write(ActivityExpert, f"generate_series(1, {number}) n, generate_series(1, 2) m", activity_id="n", has_come="TRUE",
        expert_id=f"1 + {place} * {EXPERTS} + (n * 7 + m) % {EXPERTS}")  # fmt: skip
    _write(ActivityEnterprise, f"generate_series(1, {number}) n, generate_series(1, 5) m", activity_id="n",
        has_come="TRUE", enterprise_id=f"1 + {place} * {ENTERPRISES} + (n * 11 + m) % {ENTERPRISES}")  # fmt: skip


def _write(noun: type[Base], source: str, **values: str) -> None:
    """Rows of SQL expressions; what the model gives by itself is given here too."""
    for column in noun.__table__.c:
        if column.key not in values and column.default is not None:
            values[column.key] = _default(column)
    columns, expressions = ", ".join(values), ", ".join(values.values())
    statement = f"INSERT INTO {noun.__tablename__} ({columns}) SELECT {expressions} FROM {source}"
    db.session.connection().exec_driver_sql(statement.replace("%", "%%"))


def _default(column: Any) -> str:
    default = column.default
    value = default.arg(None) if default.is_callable else default.arg
    if isinstance(value, datetime):
        return "now()"
    return str(value).upper() if isinstance(value, (bool, int, Decimal)) else f"'{value}'"
