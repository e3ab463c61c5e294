"""The gateway: hello, identify, heartbeat, dispatch, resume, and the ways in which it fails."""

import contextlib
import json
import zlib
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.discord.components import Json
from tests.fakes.discord.guild import guild
from tests.fakes.discord.world import World, snowflake

DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
PRIVILEGED = (1 << 1) | (1 << 8) | (1 << 15)  # members, presences, message content
UNKNOWN_ERROR = 4000
SESSIONS_A_DAY = 1000
GUILDS, DIRECT_MESSAGES = 1 << 0, 1 << 12
NEEDED = {"GUILD_CREATE": GUILDS, "GUILD_DELETE": GUILDS, "MESSAGE_CREATE": DIRECT_MESSAGES}
BAD_TOKEN, BAD_SHARD, DISALLOWED_INTENTS, NOT_IDENTIFIED = 4004, 4010, 4014, 4003


class Socket:
    """One connection, with its own compression stream."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws = ws
        self._request = request
        compress = request.query.get("compress")
        self._zlib = zlib.compressobj() if compress == "zlib-stream" else None

    def cut(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()

    async def send(self, op: int, data: object, seq: int | None = None, event: str = "") -> None:
        text = json.dumps({"op": op, "d": data, "s": seq, "t": event or None})
        with contextlib.suppress(ConnectionError):
            if self._zlib is None:
                await self.ws.send_str(text)
            else:
                packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                await self.ws.send_bytes(packed)


@dataclass
class Session:
    """What an IDENTIFY opened: it outlives its socket, so that a RESUME can replay."""

    id: str
    shard: tuple[int, int]
    intents: int
    socket: Socket | None
    events: list[tuple[str, Json]] = field(default_factory=list)
    valid: bool = True

    async def dispatch(self, event: str, data: Json) -> None:
        """Deliver what the intents ask for."""
        needed = NEEDED.get(event, 0)
        if self.intents & needed != needed:
            return
        self.events.append((event, data))
        if self.socket is not None:
            await self.socket.send(DISPATCH, data, len(self.events), event)

    async def replay(self, after: int) -> None:
        assert self.socket is not None
        for seq, (event, data) in enumerate(self.events[after:], start=after + 1):
            await self.socket.send(DISPATCH, data, seq, event)


class Gateway:
    """All sockets and sessions."""

    def __init__(self, world: World, app_id: str) -> None:
        self.world = world
        self.app_id = app_id
        self.token = ""
        self.url = ""
        self.heartbeat_seconds = 40.0
        self.acknowledges = True
        self.turned_away = 0
        self.turns_away = False  # connections are accepted, and closed as soon as they ask in
        self.turns_away_with = UNKNOWN_ERROR
        self.hangs_up = False  # whoever asks in is taken in, and cut at once
        self.away = False  # nobody answers at all
        self.knocks = 0  # connections that nobody answered
        self.sessions_left = SESSIONS_A_DAY
        self.sessions: dict[str, Session] = {}
        self.sockets: set[Socket] = set()
        self.identifies: list[Json] = []
        self.heartbeats = 0
        self.resumes = 0
        self.clean_closes = 0

    @property
    def live(self) -> list[Session]:
        return [s for s in self.sessions.values() if s.valid and s.socket is not None]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if self.away:
            self.knocks += 1
            self.world.ring()
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=499)
        ws = web.WebSocketResponse(max_msg_size=4096)
        await ws.prepare(request)
        socket = Socket(ws, request)
        self.sockets.add(socket)
        await socket.send(HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)})
        session: Session | None = None
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    session = await self._receive(socket, session, json.loads(message.data))
        finally:
            self._gone(socket, session)
        return ws

    def _gone(self, socket: Socket, session: Session | None) -> None:
        self.sockets.discard(socket)
        if session is not None and session.socket is socket:
            session.socket = None
            if socket.ws.close_code in (1000, 1001):  # the session ends with a clean close
                session.valid = False
                self.clean_closes += 1
        self.world.ring()

    async def _receive(
        self, socket: Socket, session: Session | None, message: Json
    ) -> Session | None:
        match message["op"]:
            case 2 | 6 if self.turns_away:
                self.turned_away += 1
                self.world.ring()
                await socket.ws.close(code=self.turns_away_with)
            case 1:
                self.heartbeats += 1
                self.world.ring()
                if self.acknowledges:
                    await socket.send(HEARTBEAT_ACK, None)
            case 2 | 6 as op:
                take = self._identify if op == IDENTIFY else self._resume
                session = await take(socket, message["d"])
                if self.hangs_up:
                    socket.cut()
            case _ if session is None:
                await socket.ws.close(code=NOT_IDENTIFIED)
        return session

    async def _identify(self, socket: Socket, data: Json) -> Session | None:
        self.identifies.append(data)
        shard_id, count = data.get("shard", (0, 1))
        if data.get("token") != self.token:
            await socket.ws.close(code=BAD_TOKEN, message=b"Authentication failed.")
            return None
        if not 0 <= shard_id < count:
            await socket.ws.close(code=BAD_SHARD, message=b"Invalid shard.")
            return None
        if self.sessions_left <= 0:  # Discord resets the token of whoever begins too many
            self.token = ""
            await socket.ws.close(code=BAD_TOKEN, message=b"Authentication failed.")
            return None
        self.sessions_left -= 1
        if data["intents"] & PRIVILEGED:
            await socket.ws.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
            return None
        session = Session(snowflake(), (shard_id, count), data["intents"], socket)
        self.sessions[session.id] = session
        await session.dispatch("READY", self._ready(session))
        for guild_id in self._guilds_of(session):
            await session.dispatch("GUILD_CREATE", guild(self.world.guilds[guild_id], self.app_id))
        self.world.ring()
        return session

    async def _resume(self, socket: Socket, data: Json) -> Session | None:
        session = self.sessions.get(data.get("session_id", ""))
        if session is None or not session.valid or data.get("token") != self.token:
            await socket.send(INVALID_SESSION, False)
            return None
        self.resumes += 1
        session.socket = socket
        await session.replay(int(data.get("seq") or 0))
        await session.dispatch("RESUMED", {})
        self.world.ring()
        return session

    def _ready(self, session: Session) -> Json:
        bot = {"id": self.app_id, "username": "crossroads", "discriminator": "0", "avatar": None}
        return {
            "v": 10,
            "user": {**bot, "bot": True, "verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [{"id": g, "unavailable": True} for g in self._guilds_of(session)],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": self.app_id, "flags": 0},
        }

    def _guilds_of(self, session: Session) -> list[str]:
        shard_id, count = session.shard
        return [g for g in self.world.guilds if (int(g) >> 22) % count == shard_id]

    # what tests do to it ----------------------------------------------------------------------

    async def dispatch(self, event: str, data: Json, guild_id: str | None = None) -> None:
        """Deliver to every session of the shard that owns the server (direct messages: shard 0)."""
        for session in list(self.sessions.values()):
            shard_id, count = session.shard
            if session.valid and (int(guild_id or 0) >> 22) % count == shard_id:
                await session.dispatch(event, data)

    def go_away(self) -> None:
        """Cut every connection and let nobody in, until `away` is False again."""
        self.away = True
        self.drop_sockets()

    def drop_sockets(self) -> None:
        """Cut every connection without a word; the sessions can be resumed."""
        for socket in list(self.sockets):
            socket.cut()

    async def ask_reconnect(self) -> None:
        for socket in list(self.sockets):
            await socket.send(RECONNECT, None)

    async def invalidate(self, *, resumable: bool = False) -> None:
        for session in self.live:
            session.valid = resumable
            assert session.socket is not None
            await session.socket.send(INVALID_SESSION, resumable)

    async def close_all(self, code: int) -> None:
        for socket in list(self.sockets):
            await socket.ws.close(code=code)
