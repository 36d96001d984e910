"""The provider's own doings in the background: it decides what is due, and sends its notices."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Final

import httpx
from standardwebhooks import Webhook

from adapters.payments.sandbox_service.database import Database, DatabaseAwayError
from adapters.payments.sandbox_service.decisions import Decisions
from adapters.payments.sandbox_service.notices import Notice, claim_notice, mark_delivered, put_off
from adapters.payments.sandbox_service.terms import NoticeAddress
from config.failpoints import declare, failpoint

_LOG: Final = logging.getLogger(__name__)

_SENT: Final = declare("psp-notice-sent", "a notice has arrived, its sender has not noted it")
_LOOK_EVERY: Final = 0.25
_ANSWER_SECONDS: Final = 3.0
"""Shorter than a lease: a notice under way is nobody else's."""
_IN_A_ROW: Final = 20
"""Notices that are sent before what is due is decided again."""


class Sender:
    """Runs until it is cancelled; whatever it was doing is done again by the next one, at least once."""

    def __init__(self, database: Database, decisions: Decisions, address: NoticeAddress | None) -> None:
        self._database = database
        self._decisions = decisions
        self._address = address
        self._signature = Webhook(address.secret) if address else None

    async def run(self) -> None:
        """Decide and send for as long as the service runs."""
        async with httpx.AsyncClient(timeout=None) as http:  # noqa: S113 (limited as a whole, below)
            while True:
                try:
                    busy = await self._decisions.decide_due() | await self._send_due(http)
                except DatabaseAwayError as error:
                    _LOG.warning("PostgreSQL gave no answer: %s", error)
                    busy = False
                except Exception:  # noqa: BLE001 (one fault must not silence all further news)
                    _LOG.exception("the sender has stumbled, and goes on")
                    busy = False
                if not busy:
                    await asyncio.sleep(_LOOK_EVERY)

    async def _send_due(self, http: httpx.AsyncClient) -> bool:
        """Send some notices; tell whether there may be more."""
        if self._address is None or self._signature is None:
            return False
        for _ in range(_IN_A_ROW):
            async with self._database.transaction() as transaction:
                notice = await claim_notice(transaction)
            if notice is None:
                return False
            arrived = await _arrives(http, self._address.of(notice.account), self._signature, notice)
            if arrived:
                failpoint(_SENT)
            async with self._database.transaction() as transaction:
                await (mark_delivered if arrived else put_off)(transaction, notice)
        return True


async def _arrives(http: httpx.AsyncClient, url: str, signature: Webhook, notice: Notice) -> bool:
    """Deliver once, signed as of now; True for any 2xx."""
    now = datetime.now(UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": notice.event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature.sign(notice.event_id, now, notice.body),
    }
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            answer = await http.post(url, content=notice.body, headers=headers)
    except (httpx.HTTPError, TimeoutError) as error:
        _LOG.warning("notice %s did not arrive: %s", notice.event_id, type(error).__name__)
        return False
    if not answer.is_success:
        _LOG.warning("notice %s was answered %s", notice.event_id, answer.status_code)
    return answer.is_success
