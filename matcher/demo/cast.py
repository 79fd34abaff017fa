"""Who takes part: the county's staff, its group of experts and its enterprises, by the keys of the content."""

from dataclasses import dataclass, field

from argon2 import PasswordHasher
from sqlalchemy import select

from matcher.db import db, today
from matcher.demo.logins import LOGINS
from matcher.demo.script import Part, parts
from matcher.demo.timeline import Days
from matcher.models import Actor, Channel, Enterprise, Expert, Office, Party, Problem, Role, User
from matcher.services import accounts, enterprises, experts, words

COUNTY, CITY, NEIGHBOUR = "320923", "320900", "320924"

#: login -> (office, name, hats). The expert's account belongs to the first made-up expert of the roster.
STAFF: dict[str, tuple[str, str, tuple[Role, ...]]] = {
    "dispatcher": (COUNTY, "派单员甲（示例）", (Role.DISPATCHER,)),
    "dispatcher2": (COUNTY, "派单员乙（示例）", (Role.DISPATCHER,)),
    "leader": (COUNTY, "县总领导（示例）", (Role.LEADER,)),
    "writer": (COUNTY, "报告员（示例）", (Role.WRITER,)),
    "verifier": (COUNTY, "核实员（示例）", (Role.VERIFIER,)),
    "admin": (COUNTY, "管理员（示例）", (Role.ADMIN,)),
    "auditor": (COUNTY, "审计员（示例）", (Role.AUDITOR,)),
    "expert": (COUNTY, "", (Role.EXPERT,)),
    "city": (CITY, "市总派单员（示例）", (Role.DISPATCHER,)),
    "cityleader": (CITY, "市总领导（示例）", (Role.LEADER, Role.WRITER)),
    "neighbour": (NEIGHBOUR, "邻县派单员（示例）", (Role.DISPATCHER,)),
}


@dataclass(slots=True)
class World:
    """Everybody and everything that the stories speak of, by key."""

    days: Days
    offices: dict[str, Office] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    experts: dict[str, Expert] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)

    @property
    def county(self) -> Office:
        """Whose demo it is."""
        return self.offices[COUNTY]

    def office(self, login: str = "dispatcher") -> Actor:
        """A member of staff, acting for the office."""
        return Actor(user=self.staff[login])

    def expert(self, key: str) -> Actor:
        """An expert on their own pages."""
        return Actor(expert=self.experts[key])

    def enterprise(self, key: str) -> Actor:
        """An enterprise on its follow link."""
        return Actor(enterprise=self.enterprises[key])

    def recorded(self, party: Party, channel: Channel = Channel.TELEPHONE) -> Actor:
        """Staff writing down today what somebody said on the telephone (代录)."""
        return self.office().on_behalf_of(party, channel=channel, on=today())


def gather(days: Days, hasher: PasswordHasher) -> World:
    """Put staff, experts and enterprises on record; the offices are there already."""
    world = World(days)
    codes = (COUNTY, CITY, NEIGHBOUR)
    world.offices = {o.code: o for o in db.session.scalars(select(Office).where(Office.code.in_(codes)))}
    for part in parts("enterprises"):
        world.enterprises[part.key] = _register(world, part)
    for part in parts("experts"):
        world.experts[part.key] = _enlist(world, part)
    made_up = next(expert for expert in world.experts.values() if "示例" in expert.name)
    for _, login, password in LOGINS:
        world.staff[login] = _employ(world, login, password, hasher, made_up)
    return world


def _employ(world: World, login: str, password: str, hasher: PasswordHasher, expert: Expert) -> User:
    code, name, roles = STAFF[login]
    return accounts.add_account(
        world.offices[code],
        name=name or expert.name,
        login=login,
        password=password,
        roles=roles,
        hasher=hasher,
        by=Actor.system(),
        expert=expert if Role.EXPERT in roles else None,
        must_change=False,
    )


def _register(world: World, part: Part) -> Enterprise:
    return enterprises.register(
        world.county,
        part.name,
        by=Actor.system(),
        phone=part.phone,
        tier=part.tier,
        uscc=part.uscc,
        industry=part.industry,
        size=part.size,
        ownership=part.ownership,
        has_union=part.has_union,
        town=part.town,
        contact_name=part.contact or None,
    )


def _enlist(world: World, part: Part) -> Expert:
    return experts.add_expert(
        world.county,
        part.name,
        by=Actor.system(),
        phone=part.phone,
        honours=[_honour(honour) for honour in part.honours],
        skills=part.skills,
        employer=part.employer,
        title=part.title,
        trade=part.trade,
        skill_grade=part.skill_grade,
        professional_title=part.professional_title,
        profile=part.profile,
        industries=part.industries,
        town=part.town,
        capacity=part.capacity,
    )


def _honour(honour: Part) -> tuple[str | None, str, int | None]:
    return honour.code, honour.text or words.word("honours", honour.code), honour.year
