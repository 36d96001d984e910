"""The auditor: holds the service against its invariants, sharing no code with what it audits.

It reads the tables with SQL of its own, the payment provider's books over HTTP and the workflows' histories
from Temporal, and does its own arithmetic. It imports nothing of the service.
"""

from cli.audit.evidence import Answer, Evidence, Finding, WorkflowSeen
from cli.audit.gather import gather
from cli.audit.invariants import INVARIANTS, Invariant, Verdict, audit, judge

__all__ = [
    "INVARIANTS",
    "Answer",
    "Evidence",
    "Finding",
    "Invariant",
    "Verdict",
    "WorkflowSeen",
    "audit",
    "gather",
    "judge",
]
