"""Text that lies in pieces, as office programs keep it, with values put in between."""

from dataclasses import dataclass
from typing import Any

SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass
class Pieces:
    """The text elements of one paragraph or cell; `text` reads through all of them.

    What holds no text (a tab, a line break) counts as one character, so that nothing joins over it.
    """

    elements: list[Any]  # text elements, or None for what holds no text
    text: str = ""

    def __post_init__(self) -> None:
        self.text = "".join("\t" if one is None else one.text or "" for one in self.elements)

    def replace(self, changes: list[tuple[int, int, str]]) -> None:
        """Put texts into the places from start to end; each takes the look of where its place begins."""
        for start, end, new in sorted(changes, reverse=True):
            at, first = 0, True
            for element in self.elements:
                own = "\t" if element is None else element.text or ""
                left, right = max(start - at, 0), min(end - at, len(own))
                if element is not None and left < right:
                    element.text = own[:left] + (new if first else "") + own[right:]
                    first = False
                at += len(own)
        for element in self.elements:
            if element is not None and element.text:
                element.set(SPACE, "preserve")
        self.text = "".join("\t" if one is None else one.text or "" for one in self.elements)
