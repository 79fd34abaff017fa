"""What a problem is pre-filled with: the engine's classification, and the words that led to it."""

from dataclasses import asdict

from matcher.matching import classify
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
        classified={code: [asdict(span) for span in spans] for code, spans in read.why.items()},
    )
