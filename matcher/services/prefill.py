"""What a problem is pre-filled with: the engine's classification, and the words that led to it."""

from dataclasses import asdict, replace

from matcher.matching import Classification, classify
from matcher.models import Problem, ProblemState
from matcher.services.lexicon import current_lexicon
from matcher.services.menus import Item


def item(text: str, *, title: str = "") -> Item:
    """A problem ready to post, classified as the engine reads it; people correct it at the desk."""
    read = classify(text, current_lexicon())
    return Item(
        text=text,
        title=title,
        urgency=read.urgency,
        site_risks=read.site_risks,
        reporting_kind=read.reporting_kind,
        problem_kind=read.problem_kind,
        industry=read.industry,
        classified=_why(read),
    )


def filled(given: Item, *, industry: str | None = None) -> Item:
    """An item of a ledger, filled where the ledger says nothing; `industry` is that of the enterprise, which counts
    more than a guess."""
    read = classify(given.text, current_lexicon())
    return replace(
        given,
        urgency=read.urgency if given.urgency == "normal" else given.urgency,
        site_risks=given.site_risks or read.site_risks,
        reporting_kind=given.reporting_kind or read.reporting_kind,
        problem_kind=given.problem_kind or read.problem_kind,
        industry=given.industry or industry or read.industry,
        classified={**_why(read), **given.classified},
    )


def led_to(problem: Problem) -> dict[str, str]:
    """By what is pre-filled: the words of the text that led to it, while nobody has looked at it yet."""
    if problem.state is not ProblemState.SUBMITTED:
        return {}
    kept = {about: spans for about, spans in problem.classified.items() if isinstance(spans, list)}
    said = {about: "、".join(dict.fromkeys(span["text"] for span in spans)) for about, spans in kept.items()}
    risks = [said[code] for code in problem.site_risks if code in said]
    return {**said, "site_risks": "、".join(risks)}


def _why(read: Classification) -> dict[str, object]:
    return {about: [asdict(span) for span in spans] for about, spans in read.why.items()}
