"""Enough of Mermaid's grammar to see that a diagram can be drawn: its kind, its blocks, its names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

KINDS: Final = ("flowchart", "sequenceDiagram", "stateDiagram-v2")
_OPENS: Final = {"alt", "opt", "loop", "par", "critical", "break", "rect", "box"}
_BETWEEN: Final = {"else": "alt", "and": "par", "option": "critical"}
_NAME: Final = r"[A-Za-z_]\w*"
_PARTICIPANT: Final = re.compile(rf"(?:participant|actor) ({_NAME})(?: as \S.*)?")
_MESSAGE: Final = re.compile(rf"({_NAME})\s*(?:-->>|->>|--x|-x|--\)|-\))\s*[+-]?({_NAME}): \S.*")
_NOTE: Final = re.compile(rf"Note (?:over|left of|right of) ({_NAME})(?:,\s*({_NAME}))?: \S.*")
_TRANSITION: Final = re.compile(rf"(?:\[\*\]|{_NAME}) --> (?:\[\*\]|{_NAME})(?:: \S.*)?")
_STATE: Final = re.compile(rf'(?:state (?:"[^"]+" as )?{_NAME}(?: <<choice>>)?|{_NAME}: \S.*)')
_NODE: Final = rf"{_NAME}(?:\[\([^()\[\]]+\)\]|\(\[[^()\[\]]+\]\)|\[[^()\[\]]+\])?"
_EDGE: Final = re.compile(rf"{_NODE}(?: (?:-- [^->|]+ -->|-\. [^|]+ \.->|-->|-\.->) {_NODE})+")
_PLAIN: Final = re.compile(rf"{_NODE}")


@dataclass(frozen=True)
class Diagram:
    """One fenced diagram: where it is, its kind, and its lines below that."""

    where: str
    kind: str
    lines: tuple[str, ...]

    def problems(self) -> list[str]:
        """Say what could not be drawn."""
        if self.kind not in KINDS:
            return [f"{self.where}: no diagram is called {self.kind!r}"]
        found = {
            "flowchart": self._flow, "sequenceDiagram": self._sequence, "stateDiagram-v2": self._states,
        }[self.kind]()  # fmt: skip
        return [f"{self.where}: {problem}" for problem in found]

    def _sequence(self) -> Iterator[str]:
        known: set[str] = set()
        blocks: list[str] = []
        for line in self.lines:
            word = line.split(maxsplit=1)[0]
            if declared := _PARTICIPANT.fullmatch(line):
                known.add(declared[1])
            elif word in _OPENS:
                blocks.append(word)
            elif line == "end":
                if not blocks:
                    yield "an end without a beginning"
                blocks = blocks[:-1]
            elif word in _BETWEEN:
                if blocks[-1:] != [_BETWEEN[word]]:
                    yield f"{word!r} outside of {_BETWEEN[word]!r}"
            elif line != "autonumber":
                yield from _spoken(line, known)
        yield from (f"{block!r} has no end" for block in blocks)

    def _states(self) -> Iterator[str]:
        for line in self.lines:
            if not (_TRANSITION.fullmatch(line) or _STATE.fullmatch(line) or line.startswith("direction ")):
                yield f"cannot be read: {line}"

    def _flow(self) -> Iterator[str]:
        depth = 0
        for line in self.lines:
            depth += line.startswith("subgraph ") - (line == "end")
            if depth < 0:
                yield "an end without a beginning"
            if line == "end" or line.startswith(("subgraph ", "direction ")):
                continue
            if not (_EDGE.fullmatch(line) or _PLAIN.fullmatch(line)):
                yield f"cannot be read: {line}"
        if depth > 0:
            yield "a subgraph has no end"


def _spoken(line: str, known: set[str]) -> Iterator[str]:
    spoken = _MESSAGE.fullmatch(line) or _NOTE.fullmatch(line)
    if spoken is None:
        yield f"cannot be read: {line}"
        return
    if ";" in line or "#" in line:
        yield f"a sign that ends a statement: {line}"
    unknown = [name for name in spoken.groups() if name and name not in known]
    yield from (f"{name} is not declared before: {line}" for name in unknown)


def diagrams_of(document: str, text: str) -> list[Diagram]:
    """Every Mermaid block of a document."""
    found = []
    for block in re.finditer(r"^```mermaid\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        lines = [line.strip() for line in block[1].splitlines() if line.strip()]
        where = f"{document}:{text[: block.start()].count(chr(10)) + 1}"
        found.append(Diagram(where, lines[0].split()[0], tuple(lines[1:])))
    return found
