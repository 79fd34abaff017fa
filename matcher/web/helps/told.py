"""What a page's help is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, init=False)
class Help:
    """Help of one page: the key that templates ask for it by, the page's name, and two to five sentences."""

    key: str
    title: str
    lines: tuple[str, ...]

    def __init__(self, key: str, title: str, *lines: str) -> None:
        for name, value in (("key", key), ("title", title), ("lines", lines)):
            object.__setattr__(self, name, value)
