"""What a problem is pre-filled with: the engine's classification, and the words that led to it."""

from collections.abc import Collection
from dataclasses import asdict, replace

from matcher.matching import classify
from matcher.models import Problem, ProblemState
from matcher.services.lexicon import current_lexicon
from matcher.services.menus import Item


def told(text: str, *, urgency: str, risks: Collection[str], industry: str | None = None) -> Item:
    """A problem as somebody told it: the urgency is theirs, and the risks they named stand beside those that the text
    speaks of; the rest is filled."""
    item = filled(Item(text), industry=industry)
    return replace(item, urgency=urgency, site_risks=sorted({*item.site_risks, *risks}))


def filled(given: Item, *, industry: str | None = None) -> Item:
    """An item filled where it says nothing, as the engine reads its text; people correct it at the desk. `industry` is
    that of the enterprise, which counts more than a guess."""
    read = classify(given.text, current_lexicon())
    why = {about: [asdict(span) for span in spans] for about, spans in read.why.items()}
    return replace(
        given,
        urgency=read.urgency if given.urgency == "normal" else given.urgency,
        site_risks=given.site_risks or read.site_risks,
        reporting_kind=given.reporting_kind or read.reporting_kind,
        problem_kind=given.problem_kind or read.problem_kind,
        industry=given.industry or industry or read.industry,
        classified={**why, **given.classified},
    )


def led_to(problem: Problem) -> dict[str, str]:
    """By what is pre-filled: the words of the text that led to it, while nobody has looked at it yet."""
    if problem.state is not ProblemState.SUBMITTED:
        return {}
    kept = {about: spans for about, spans in problem.classified.items() if isinstance(spans, list)}
    said = {about: "、".join(dict.fromkeys(span["text"] for span in spans)) for about, spans in kept.items()}
    risks = [said[code] for code in problem.site_risks if code in said]
    return {**said, "site_risks": "、".join(risks)}
