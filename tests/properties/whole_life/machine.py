"""The state machine: random moves on random orders against the running service, looked at after each.

Hypothesis draws which move comes next and the number that decides its details. The service is live, so a
sequence is no pure function of its draws: nothing is shrunk, and a broken story tells its trace instead.
"""

import asyncio
import time
import traceback
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, TypeVar

import asyncpg
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.one_story import auditors, prepare
from tests.properties.whole_life.ending import end_all
from tests.properties.whole_life.luck import Luck
from tests.properties.whole_life.moves.every import EVERY
from tests.properties.whole_life.moves.move import Move
from tests.properties.whole_life.moves.placing import open_shop, place_order
from tests.properties.whole_life.played import played_in
from tests.properties.whole_life.story import Broken, Story
from tests.properties.whole_life.truth import wrongs, wrongs_at_the_end
from tests.world import World

T = TypeVar("T")

_PATIENCE: Final = 900.0
"""Seconds that anything may take on a busy machine; who waits for something in particular asks for less."""
_NUMBERS: Final = st.integers(0, 2**32 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far to look: `moves` of one sequence, beside the opening and the end; `lanes` are run side by side.

    It ends early once `most_broken` sequences are.
    """

    sequences: int
    first_seed: int
    moves: int = 8
    lanes: int = 10
    most_broken: int = 1


@dataclass
class Exploration:
    """What all sequences of a run share, and what came of them.

    `moves`: the steps by the move that made them. `played`: how often each kind of thing happened, and
    `played_in`: in how many sequences.
    """

    world: World
    watch: asyncpg.Pool
    auditors: asyncpg.Pool
    loop: asyncio.AbstractEventLoop
    most_broken: int = 1
    sequences: int = 0
    steps: int = 0
    broken: list[str] = field(default_factory=list)
    moves: Counter[str] = field(default_factory=Counter)
    played: Counter[str] = field(default_factory=Counter)
    played_in: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def over(self) -> bool:
        """Whether enough is broken to stop looking for more."""
        return len(self.broken) >= self.most_broken

    def note(self, played: Counter[str]) -> None:
        """Count what one sequence met."""
        self.played += played
        self.played_in.update(played.keys())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the service's event loop; called from a lane's thread."""
        return asyncio.run_coroutine_threadsafe(_patient(work), self.loop).result()


async def _patient(work: Coroutine[Any, Any, T]) -> T:
    async with asyncio.timeout(_PATIENCE):
        return await work


class WholeLife(RuleBasedStateMachine):
    """One sequence: a shop is opened, moves are made, and every order is brought to its end."""

    exploration: ClassVar[Exploration]
    moving: ClassVar[asyncio.Event]
    begun: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).begun += 1
        exploration = self.exploration
        self._story = Story(exploration.world, exploration.watch, exploration.auditors)
        self._luck = Luck(0)
        self._looked_at = 0
        # Hypothesis begins with the simplest sequence of all, the same in every lane.
        self._simplest = self.begun == 1
        self._over = self._simplest or self.exploration.over

    @initialize(number=_NUMBERS)
    def opens(self, number: int) -> None:
        """Products, stock, and the first orders."""
        self._luck = Luck(number)
        if not self._simplest:
            self.exploration.loop.call_soon_threadsafe(self.moving.set)
        self._do("opens", self._open())

    async def _open(self) -> None:
        await open_shop(self._story, self._luck)
        for _ in range(self._luck.pick((1, 1, 1, 2, 3))):
            await place_order(self._story, self._luck)

    def make(self, move: Move, number: int) -> None:
        """Make a move."""
        before = len(self._story.trace)
        self._do(move.name, move.play(self._story, Luck(number)))
        self.exploration.moves[move.name] += len(self._story.trace) > before

    @invariant()
    def everything_holds(self) -> None:
        """Look after each step that did something."""
        if not self._over and len(self._story.trace) > self._looked_at:
            self._looked_at = len(self._story.trace)
            self.exploration.steps += 1
            self._do("the invariants", self._look())

    async def _look(self) -> None:
        found = await wrongs(self._story)
        if found:
            raise Broken("\n".join(found))

    def teardown(self) -> None:
        """Bring every order to its end, and look once more."""
        self._do("the end", self._end())
        self.exploration.run(self._story.forget())
        self.exploration.sequences += not self._simplest

    async def _end(self) -> None:
        self._story.tell("the end begins")
        await end_all(self._story, self._luck)
        found = await wrongs_at_the_end(self._story)
        self.exploration.note(await played_in(self._story))
        if found:
            raise Broken("\n".join(found))

    def _do(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Do something unless the story is over; what goes wrong ends it, and is told with its trace."""
        if self._over:
            work.close()
            return
        try:
            self.exploration.run(work)
        except Exception as error:  # noqa: BLE001 (whatever it is, it ends this story alone)
            self._over = True
            trace = "\n".join(self._story.trace)
            self.exploration.broken.append(f"{name}: {error!r}\n{error}\n{trace}")
            # A test run tells of a connection that nobody closed, and then not of what broke.
            self.exploration.run(self._story.forget())


def _rule(move: Move) -> Any:
    def make(self: WholeLife, number: int) -> None:
        self.make(move, number)

    make.__name__ = move.name
    return rule(number=_NUMBERS)(make)


def _lane(exploration: Exploration, number: int) -> type[WholeLife]:
    """A machine with a rule for each move, as many as it has weight, and a seed of its own."""
    rules = {
        f"{move.name}_{copy}" if copy else move.name: _rule(move)
        for move in EVERY
        for copy in range(move.weight)
    }
    lane = type("Lane", (WholeLife,), {**rules, "exploration": exploration, "moving": asyncio.Event()})
    return seed(number)(lane)


async def explore(world: World, extent: Extent) -> Exploration:
    """Run sequences in several lanes side by side, each from a seed of its own."""
    lanes = extent.lanes
    url = world.settings.database_url
    await prepare(url)
    began = time.monotonic()
    # Threads of their own: the service plans in those of its event loop.
    with ThreadPoolExecutor(lanes) as threads:
        async with (
            asyncpg.create_pool(url, min_size=1, max_size=lanes + 2, ssl=False) as watch,
            auditors(url, lanes) as looking,
        ):
            loop = asyncio.get_running_loop()
            exploration = Exploration(world, watch, looking, loop, extent.most_broken)
            shares = [len(range(lane, extent.sequences, lanes)) for lane in range(lanes)]
            running: list[asyncio.Future[None]] = []
            for number, share in enumerate(shares):
                if share:
                    lane = _lane(exploration, extent.first_seed * 1000 + number)
                    running.append(exploration.loop.run_in_executor(threads, _run, lane, share, extent.moves))
                    await _is_moving(lane, running[-1])
            # All lanes are waited for whatever one of them raises: the others need this loop to end.
            ends = await asyncio.gather(*running, return_exceptions=True)
        for error in [end for end in ends if isinstance(end, BaseException)]:
            exploration.broken.append("".join(traceback.format_exception(error)))
    exploration.seconds = time.monotonic() - began
    return exploration


async def _is_moving(lane: type[WholeLife], running: asyncio.Future[None]) -> None:
    """Wait until a lane makes its moves, or has ended.

    Until then Hypothesis parses sources, and Python 3.11 cannot in two threads at once: gh-106905,
    "AST constructor recursion depth mismatch".
    """
    running.add_done_callback(lambda _: lane.moving.set())
    await lane.moving.wait()


def _run(lane: type[WholeLife], sequences: int, moves: int) -> None:
    chosen = settings(
        max_examples=sequences + 1,
        stateful_step_count=moves + 1,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lane, settings=chosen)
