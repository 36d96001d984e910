"""The audit: the list of invariants, each with the check that looks for violations of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from cli.audit import (
    answered,
    authorizations,
    books,
    capacity,
    documents,
    fates,
    grace,
    histories,
    holds,
    intake,
    journal,
    judged,
    ledger,
    money,
    quantities,
    refunds,
    reservations,
    returns,
    stock,
    taxes,
)
from cli.audit.evidence import Answer, Evidence, Finding
from cli.audit.gather import gather


@dataclass(frozen=True, slots=True)
class Invariant:
    """A sentence that must be true, the check of it, and what the check cannot do without."""

    sentence: str
    check: Callable[[Evidence], list[Finding]]
    needs_books: bool = False
    needs_workflows: bool = False

    def can_judge(self, evidence: Evidence) -> bool:
        """Whether the evidence suffices."""
        if self.needs_books and evidence.operations is None:
            return False
        return not (self.needs_workflows and evidence.workflows is None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one invariant; `findings` is None when the evidence did not suffice."""

    sentence: str
    findings: list[Finding] | None

    @property
    def holds(self) -> bool:
        """Whether it was looked at and nothing was found."""
        return self.findings == []


INVARIANTS: Final = (
    Invariant("one POST is one order, one order or return one workflow", intake.check, needs_workflows=True),
    Invariant("histories are sound and hold no personal data", histories.check, needs_workflows=True),
    Invariant("each payment effect is in the provider's books once", books.check, needs_books=True),
    Invariant("the ledger balances, and says what orders and provider say", ledger.check, needs_books=True),
    Invariant("documents are over what left and what is owed back, without gaps", documents.check),
    Invariant("taxes are their rates' shares, and sum to the order's", taxes.check),
    Invariant("payments are judged and told once, declined orders go nowhere", judged.check),
    Invariant("captured is what left, less refunds what is kept", money.check, needs_books=True),
    Invariant("nothing is set aside for closed orders", authorizations.check, needs_books=True),
    Invariant("refunds are for what came back or never came, once", refunds.check),
    Invariant("unpaid orders have their grace, and ship nothing", grace.check),
    Invariant("holds are obeyed", holds.check),
    Invariant("stock: 0 <= reserved <= on hand, movements sum to levels", stock.check),
    Invariant("stock is reserved for open work only, and all of it", reservations.check),
    Invariant("units sum to what was ordered and are where work says", quantities.check),
    Invariant("units ended where their parcels did", fates.check),
    Invariant("returns add up, and become stock once or not at all", returns.check),
    Invariant("answers were true: cancelled never ships, shipped stays", answered.check),
    Invariant("events without gaps, each with an actor; outbox empty", journal.check),
    Invariant("no location was given more than its daily capacity", capacity.check),
)


def judge(evidence: Evidence) -> list[Verdict]:
    """Hold the evidence against every invariant that it suffices for."""
    return [
        Verdict(one.sentence, one.check(evidence) if one.can_judge(evidence) else None) for one in INVARIANTS
    ]


async def audit(  # noqa: PLR0913, PLR0917 (four places to look at, and the two lists of the driver)
    database_url: str,
    psp_url: str | None,
    temporal_address: str | None,
    namespace: str,
    accepted: Sequence[str] | None,
    answers: Sequence[Answer] = (),
) -> list[Finding]:
    """Return every violation found.

    `accepted`: the orders that the driver was told are taken, None when there was no driver; `answers`: the
    2xx it was given. Without `psp_url` or `temporal_address` only what the tables tell is judged.
    """
    evidence = await gather(
        database_url,
        psp_url=psp_url,
        temporal_address=temporal_address,
        namespace=namespace,
        driver=(accepted, answers),
    )
    return [finding for verdict in judge(evidence) for finding in verdict.findings or ()]
