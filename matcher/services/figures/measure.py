"""Figures: everything that is told of an office and a period, as one value that can be frozen."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from matcher.models import ConfirmedVia, Per, SolvedBy
from matcher.services.figures.reading import Reading
from matcher.services.figures.scope import Scope
from matcher.services.figures.tallies.reading import read


@dataclass(frozen=True, slots=True)
class Figures:
    """product.md section 6. Money in yuan; estimated and verified, one-off and yearly are never added."""

    office: str
    start: date
    end: date
    sessions: int
    expert_times: int
    enterprises: int
    enterprises_srdi: int
    requested: int
    accepted: int
    solved: int
    solved_by_card: int
    solved_by_phone: int
    partly: int
    confirmed_own_link: int
    confirmed_recorded: int
    rate_ended: int
    rate_base: int
    persons: int
    persons_unnamed: int
    attendances: int
    pairs: int
    estimated_once: Decimal
    estimated_yearly: Decimal
    verified_once: Decimal
    verified_yearly: Decimal
    leads_found: int
    leads_drafted: int
    leads_submitted: int
    typical: int
    response: dict[str, Decimal]

    @property
    def completion_rate(self) -> Decimal | None:
        """办结率 in percent with one place, or None where nothing was accepted."""
        if not self.rate_base:
            return None
        return (Decimal(100) * self.rate_ended / self.rate_base).quantize(Decimal("0.1"))

    def as_json(self) -> dict[str, Any]:
        """Plain values: days as ISO text, money as text with two places."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Figures":
        """The value again, from what a frozen report keeps."""
        return cls(**{field.name: _value(str(field.type), kept[field.name]) for field in fields(cls)})


#: Figures that are a plain count.
COUNTED = (
    "sessions",
    "expert_times",
    "enterprises",
    "enterprises_srdi",
    "requested",
    "accepted",
    "partly",
    "rate_ended",
    "rate_base",
    "leads_found",
    "leads_drafted",
    "leads_submitted",
    "typical",
)


def measure(scope: Scope) -> Figures:
    """All figures of the scope, each from its own definition."""
    return figures_of(read(scope))


def figures_of(reading: Reading) -> Figures:
    """All figures of a reading."""
    tagged = reading.by_tag(("solved", "confirmed"))
    solved, confirmed = tagged["solved"], tagged["confirmed"]
    trained, yuan = reading.trained(), reading.amounts
    return Figures(
        office=reading.scope.office.code,
        start=reading.scope.period.start,
        end=reading.scope.period.end,
        **reading.counts(COUNTED),
        solved=sum(solved.values()),
        solved_by_card=solved.get(SolvedBy.CARD, 0),
        solved_by_phone=solved.get(SolvedBy.PHONE, 0),
        confirmed_own_link=confirmed.get(ConfirmedVia.OWN_LINK, 0),
        confirmed_recorded=confirmed.get(ConfirmedVia.RECORDED, 0),
        persons=sum(persons for persons, _times in trained.values()),
        persons_unnamed=trained.get("unnamed", (0, 0))[0],
        attendances=sum(times for _persons, times in trained.values()),
        pairs=reading.pairs(),
        estimated_once=_money(yuan["estimated"], Per.ONCE),
        estimated_yearly=_money(yuan["estimated"], Per.YEAR),
        verified_once=_money(yuan["verified"], Per.ONCE),
        verified_yearly=_money(yuan["verified"], Per.YEAR),
        response={step.value: hours for step, hours in reading.hours().items()},
    )


def _money(yuan: dict[str, dict[str, Decimal]], per: Per) -> Decimal:
    return sum(yuan.get(per.value, {}).values(), Decimal(0)).quantize(Decimal("0.01"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: str(each) for name, each in value.items()}
    return str(value) if isinstance(value, (Decimal, date)) else value


def _value(kind: str, kept: Any) -> Any:
    if "dict" in kind:
        return {name: Decimal(each) for name, each in kept.items()}
    if "Decimal" in kind:
        return Decimal(kept)
    return date.fromisoformat(kept) if "date" in kind else kept
