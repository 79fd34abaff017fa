"""Cells that a spreadsheet would run as formulas are made text."""

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet program would take it for a formula."""
    stripped = text.lstrip()
    return f"'{text}" if stripped.startswith(_STARTS) and not _is_number(stripped) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
