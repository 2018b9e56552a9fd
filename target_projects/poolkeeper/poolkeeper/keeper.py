"""The keeper of one pool: what the gateway asks for, and what has to be done from time to time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from . import snapshot
from .errors import NoCapacity
from .health import HealthMonitor, Probe, Verdict
from .limiter import RateLimiter
from .moments import Clock, system_clock
from .plans import PlanBook, shipped_plans
from .pool import Move, Pool
from .poolfile import PoolFile
from .servers import ServerState
from .settings import Settings
from .strategies import make_strategy

OK, TOO_MANY_REQUESTS, UNAVAILABLE = 200, 429, 503
RETRY_WHEN_FULL = 5


@dataclass(frozen=True)
class Reply:
    status: int
    server: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Keeper:
    def __init__(
        self, definition: PoolFile, settings: Settings, clock: Clock = system_clock
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.plans = plan_book(settings)
        self.limiter = RateLimiter(
            self.plans, clock, settings.limits.idle_after, settings.reports.zone
        )
        self.health = HealthMonitor(settings.health)
        strategy = make_strategy(definition.strategy, settings.pool.virtual_nodes)
        self.pool = Pool(definition.name, strategy, settings.pool, clock)
        first = ServerState.ACTIVE if settings.health.trust_new else ServerState.STARTING
        for spec in definition.servers:
            self.pool.join(spec, first)

    def handle(self, user: str, client: str, zone: str | None = None) -> Reply:
        """Where the gateway sends a request: 200 with a server, or 429 or 503 with Retry-After."""
        decision = self.limiter.check(user)
        headers = {"X-RateLimit-Remaining": str(decision.remaining)}
        if not decision.allowed:
            headers["Retry-After"] = str(decision.retry_after)
            headers["X-RateLimit-Reason"] = decision.reason
            return Reply(TOO_MANY_REQUESTS, None, headers)
        try:
            server = self.pool.connect(client, zone)
        except NoCapacity:
            headers["Retry-After"] = str(RETRY_WHEN_FULL)
            return Reply(UNAVAILABLE, None, headers)
        return Reply(OK, server, headers)

    def observe(self, probes: Iterable[Probe]) -> list[Move]:
        """Take in what the probers saw, and move the sessions of servers that went down."""
        moves: list[Move] = []
        for probe in probes:
            member = self.pool.member(probe.server)
            verdict = self.health.record(probe)
            if verdict is Verdict.DOWN and member.state is not ServerState.DOWN:
                moves += self.pool.fail(member.id)
            elif verdict is Verdict.UP and member.state in (ServerState.DOWN, ServerState.STARTING):
                self.pool.resume(member.id)
        return moves

    def tick(self) -> list[Move]:
        """To be called every few seconds: idle sessions and users, drains that are over."""
        self.limiter.forget_idle()
        return self.pool.tick()

    def save(self) -> Path:
        rules = self.settings.state
        document = snapshot.capture(self.pool, self.limiter, self.clock())
        return snapshot.save(document, rules.folder, rules.keep)

    def restore(self) -> bool:
        """Go on where the last snapshot ended; False when there is none to go on from."""
        rules = self.settings.state
        document = snapshot.latest(rules.folder, self.pool.name, self.clock(), rules.max_age)
        if document is None:
            return False
        snapshot.apply(document, self.pool, self.limiter)
        return True


def plan_book(settings: Settings) -> PlanBook:
    limits = settings.limits
    return PlanBook(shipped_plans(), limits.users, limits.default_plan)
