"""What a run of this tier measured, for the end of its report."""

from dataclasses import dataclass, field


@dataclass
class Figures:
    """Lines such as ``search: ready after 3.1 s``, in the order they were found."""

    lines: list[str] = field(default_factory=list)

    def add(self, what: str, number: float, unit: str) -> None:
        self.lines.append(f"{what}: {number:,.1f} {unit}")
