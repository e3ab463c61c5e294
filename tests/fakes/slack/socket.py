"""Socket Mode: tickets that are good once, several connections, envelopes and their acks."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivery import ACK_SECONDS, Ack, Kind, NotAcknowledgedError
from tests.fakes.slack.world import Json

CONNECTIONS = 10


@dataclass
class Connection:
    socket: web.WebSocketResponse
    request: web.Request
    frozen: bool = False  # half-open: the line stands, nobody is there
    envelopes: int = 0

    def cut(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass
class _Waiting:
    answer: asyncio.Future[Json]
    takes_payload: bool


@dataclass
class SocketMode:
    """The socket side of the fake; `base_url` is set once the server listens."""

    base_url: str = ""
    refuse_tickets: int = 0  # so many connections are turned away at the door
    tickets_issued: int = 0
    stale_tickets_tried: int = 0
    violations: list[str] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, _Waiting] = field(default_factory=dict)
    _turn: int = 0

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/link", self._handle)]

    def open_ticket(self) -> str:
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        self.tickets_issued += 1
        return f"{self.base_url.replace('http', 'ws', 1)}/link?ticket={ticket}&app_id=A1"

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            self.stale_tickets_tried += 1
            return web.Response(status=403, text="invalid ticket")
        self._tickets.discard(ticket)
        if self.refuse_tickets:
            self.refuse_tickets -= 1
            return web.Response(status=403, text="ticket refused")
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if len(self.live) >= CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await self._serve(Connection(socket, request))
        return socket

    async def _serve(self, connection: Connection) -> None:
        self.connections.append(connection)
        try:
            await connection.socket.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self.live),
                    "connection_info": {"app_id": "A1"},
                    "debug_info": {"host": "fake", "approximate_connection_time": 18060},
                }
            )
            async for message in connection.socket:
                if connection.frozen:
                    continue
                if message.type is WSMsgType.PING:
                    await connection.socket.pong(message.data)
                elif message.type is WSMsgType.TEXT:
                    self._acknowledged(message.json())
        finally:
            self.connections.remove(connection)

    @property
    def live(self) -> list[Connection]:
        return [c for c in self.connections if not c.socket.closed and not c.frozen]

    def _acknowledged(self, ack: Json) -> None:
        if unknown := set(ack) - {"envelope_id", "payload"}:
            self.violations.append(f"unknown fields in an ack: {sorted(unknown)}")
        waiting = self._waiting.get(ack.get("envelope_id", ""))
        if waiting is None:
            return  # too late, or acknowledged before: Slack does not mind
        payload = ack.get("payload") or {}
        if payload and not waiting.takes_payload:
            self.violations.append("a payload in an ack that takes none")
        if not waiting.answer.done():
            waiting.answer.set_result(payload)

    async def deliver(
        self, kind: Kind, payload: Json, retry: int = 0, envelope: str | None = None
    ) -> Ack:
        """Send one envelope to one connection and wait for its acknowledgement."""
        envelope = envelope or str(uuid.uuid4())
        takes_payload = kind != "events_api"
        body = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": takes_payload,
        }
        if kind == "events_api":
            body |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        waiting = _Waiting(asyncio.get_running_loop().create_future(), takes_payload)
        self._waiting[envelope] = waiting
        started = time.perf_counter()
        try:
            await self._send(body)
            answer = await asyncio.wait_for(waiting.answer, ACK_SECONDS)
        except (TimeoutError, ConnectionError) as error:
            raise NotAcknowledgedError(kind) from error
        finally:
            self._waiting.pop(envelope, None)
        return Ack(answer, time.perf_counter() - started)

    async def _send(self, body: Json) -> None:
        candidates = [c for c in self.connections if not c.socket.closed]
        if not candidates:
            raise ConnectionError("no socket is open")
        self._turn += 1
        connection = candidates[self._turn % len(candidates)]
        connection.envelopes += 1
        await connection.socket.send_json(body)

    async def refresh(self) -> None:
        """Ask every connection to go and come back, as Slack does every few hours."""
        for connection in list(self.live):
            await connection.socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def drop(self) -> None:
        """Cut every line without a word."""
        for connection in list(self.connections):
            connection.cut()

    async def freeze(self) -> None:
        """Half-open: every line stands and nothing comes back on it."""
        for connection in self.connections:
            connection.frozen = True

    async def connected(self, at_least: int = 1, within: float = 30) -> None:
        """Wait until so many connections are live."""
        deadline = time.monotonic() + within
        while len(self.live) < at_least:
            assert time.monotonic() < deadline, f"{len(self.live)} of {at_least} sockets"
            await asyncio.sleep(0.02)

    async def replaced(self, before: list[Connection], within: float) -> None:
        """Wait until all of `before` are gone, and as many live ones have come in their place."""
        deadline = time.monotonic() + within
        while len(self.live) < len(before) or any(one in self.connections for one in before):
            assert time.monotonic() < deadline, f"{len(self.live)} sockets after {within} s"
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        for connection in list(self.connections):
            connection.cut()
