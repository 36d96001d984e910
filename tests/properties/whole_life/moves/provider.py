"""The payment provider misbehaves for one order, and recovers; a bank sends a refund back."""

from collections.abc import Sequence
from typing import Any, Final

from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.story import Story

_Plan = dict[str, Any]

_OF_ANSWERS: Final[tuple[_Plan, ...]] = (
    {"latency_ms": 300},
    {"latency_ms": 1100},
    {"error_rate": 0.5},
    {"error_rate": 0.5},
    {"timeout_after_effect": 0.7},
    {"timeout_after_effect": 0.7},
)
"""They come late, or too late, or are 503, or do not come though there was the effect."""
OF_NEWS: Final[tuple[_Plan, ...]] = (
    {"duplicate_notices": 0.8},
    {"reorder_notices": 0.8},
    {"lost_notices": 0.6},
)
"""They come twice, late, or never."""
_SENT_BACK: Final = """UPDATE psp.operations SET decide_at = now()
    WHERE order_id = $1 AND status = 'succeeded' AND fails"""
_PLAN: Final = "/faults?order_id={}"


async def provider_misbehaves(story: Story, luck: Luck) -> None:
    """One trouble or several, for one order, until there is another plan for it."""
    if story.orders:
        await misbehave(story, luck.pick(story.orders), luck, luck.pick((_OF_ANSWERS, OF_NEWS)))


async def provider_recovers(story: Story, luck: Luck) -> None:
    """All is well again for one order."""
    if story.troubles:
        await _follow(story, luck.pick([*story.troubles]), {})


async def refund_comes_back(story: Story, luck: Luck) -> None:
    """A bank cannot credit what one order refunded."""
    if story.orders:
        await send_back(story, luck.pick(story.orders))


async def send_back(story: Story, order_id: str) -> None:
    """What was refunded came back, days later by the bank's own clock; that news is not lost."""
    if "lost_notices" not in story.troubles.get(order_id, {}):
        done = await story.watch.execute(_SENT_BACK, order_id)
        story.tell(f"refunds of {order_id} come back: {done}")


async def misbehave(story: Story, order_id: str, luck: Luck, troubles: Sequence[_Plan] = _OF_ANSWERS) -> None:
    """Have one or two of these troubles met by an order, which may still have to be placed."""
    plan = {"seed": luck.number(0, 10**6)} | luck.pick(troubles) | luck.pick(troubles)
    await _follow(story, order_id, plan)


async def answer_in_time(story: Story) -> None:
    """Whatever else goes wrong, answers come: what was asked for can come to its end."""
    for order_id, plan in [*story.troubles.items()]:
        if plan.get("latency_ms"):
            await _follow(story, order_id, plan | {"latency_ms": 0})


async def _follow(story: Story, order_id: str, plan: _Plan) -> None:
    await story.provider("PUT", story.world.settings.psp_url + _PLAN.format(order_id), plan)
    story.troubles[order_id] = plan


MOVES: Final = (Move(provider_misbehaves, weight=2), Move(provider_recovers), Move(refund_comes_back))
