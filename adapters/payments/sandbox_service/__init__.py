"""The sandbox payment provider: a real HTTP service with books of its own.

It keeps authorizations and every keyed operation in PostgreSQL, schema `psp`, and misbehaves as real
providers do when a scripted token asks it to.
"""

from adapters.payments.sandbox_service.app import create_app

__all__ = ["create_app"]
