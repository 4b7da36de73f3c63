"""What a rule answers: yes, or no with a code and a sentence for the person who asked."""

from dataclasses import dataclass
from typing import Any


class Refusal(Exception):
    """The rules say no. Becomes a 409 with this code and sentence, as page, fragment or JSON."""

    def __init__(self, code: str, sentence: Any):
        self.code = code
        self.sentence = sentence
        super().__init__(code)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


@dataclass(frozen=True)
class Verdict:
    """The answer of a rule.

    `sentence` is lazily translated. `held` is the duty that made a yes possible, so that an action can
    record on whose behalf a stand-in acted.
    """

    ok: bool
    code: str = ""
    sentence: Any = ""
    held: Any = None

    def __bool__(self) -> bool:
        return self.ok

    def enforce(self) -> "Verdict":
        """Return a yes; raise a no as a Refusal."""
        if not self.ok:
            raise Refusal(self.code, self.sentence)
        return self

    @property
    def on_behalf_of(self) -> Any:
        """The absent person whose duty a stand-in used, or None."""
        return getattr(self.held, "on_behalf_of", None)


YES = Verdict(True)


def yes(held: Any = None) -> Verdict:
    """A yes that remembers the duty it rests on."""
    return Verdict(True, held=held)


def no(code: str, sentence: Any) -> Verdict:
    return Verdict(False, code, sentence)
