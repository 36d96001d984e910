"""The sandbox payment provider: a real HTTP service with books of its own.

It keeps authorizations, every keyed operation and the notices that it owes in PostgreSQL, schema `psp`, and
misbehaves as real providers do when a scripted token or a plan of faults asks it to.
"""

from adapters.payments.sandbox_service.app import create_app
from adapters.payments.sandbox_service.terms import FeeRule, NoticeAddress, Terms

__all__ = ["FeeRule", "NoticeAddress", "Terms", "create_app"]
