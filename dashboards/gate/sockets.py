"""The open WebSockets of each session, and the scissors for those whose session ended."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Collection

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# RFC 6455: 1008 means that the peer violated a policy; the browser does not know more than that.
_POLICY_VIOLATION = 1008

FindLive = Callable[[Collection[str]], frozenset[str]]


class LiveSockets:
    """Knows which sockets are open for which session."""

    def __init__(self, find_live: FindLive) -> None:
        """Take the question to ask about sessions."""
        self._find_live = find_live
        self._cuts: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    async def serve(
        self, app: ASGIApp, session_hash: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Run the application on a socket until either side or the session ends."""
        cut = asyncio.Event()
        self._cuts[session_hash].add(cut)
        try:
            await app(scope, _receive_until(cut, receive), _send_until(cut, send))
        finally:
            self._cuts[session_hash].discard(cut)
            if not self._cuts[session_hash]:
                del self._cuts[session_hash]
            if cut.is_set():
                with contextlib.suppress(RuntimeError, OSError):
                    await send({"type": "websocket.close", "code": _POLICY_VIOLATION})

    async def watch(self, every_seconds: float) -> None:
        """Cut sockets whose session is no longer live, for ever."""
        while True:
            await asyncio.sleep(every_seconds)
            watched = list(self._cuts)
            if watched:
                live = await run_in_threadpool(self._find_live, watched)
                self.cut(set(watched) - live)

    def cut(self, session_hashes: Collection[str]) -> None:
        """Cut every socket of the given sessions."""
        for session_hash in session_hashes:
            for event in self._cuts.get(session_hash, ()):
                event.set()


def _receive_until(cut: asyncio.Event, receive: Receive) -> Receive:
    async def receive_or_cut() -> Message:
        if cut.is_set():
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
        incoming = asyncio.ensure_future(receive())
        ended = asyncio.ensure_future(cut.wait())
        done, _ = await asyncio.wait({incoming, ended}, return_when=asyncio.FIRST_COMPLETED)
        if incoming in done and not cut.is_set():
            ended.cancel()
            return incoming.result()
        incoming.cancel()
        ended.cancel()
        return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}

    return receive_or_cut


def _send_until(cut: asyncio.Event, send: Send) -> Send:
    async def send_unless_cut(message: Message) -> None:
        if not cut.is_set():
            await send(message)

    return send_unless_cut
