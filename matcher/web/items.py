"""The problems of one text in a form: proposed apart, edited, joined or struck by the person, words kept."""

from werkzeug.datastructures import MultiDict

from matcher.matching import split

#: Form fields item-0, item-1 …; join-1 ties the second to the first, drop-1 strikes it.
Pair = tuple[str, str]


def split_items(text: str) -> list[Pair]:
    """(title, exact words) of each problem that the engine sees in a text."""
    return [("", text[start:end].strip()) for start, end in split(text) if text[start:end].strip()]


def items_from(form: MultiDict[str, str]) -> list[Pair]:
    """The problems as the person left them: struck ones gone, joined ones one, empty ones forgotten."""
    found: list[Pair] = []
    index = 0
    while f"item-{index}" in form:
        words = form[f"item-{index}"].strip()
        if words and f"drop-{index}" not in form:
            if f"join-{index}" in form and found:
                title, before = found[-1]
                found[-1] = (title, f"{before}\n{words}")
            else:
                found.append((form.get(f"title-{index}", ""), words))
        index += 1
    extra = form.get("item-new", "").strip()
    return [*found, ("", extra)] if extra else found
