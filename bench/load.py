"""A cheap client: keeps connections busy with prepared requests, and says what came back how fast.

    python -m bench.load PORT CONNECTIONS SECONDS FILE    requests, each in a line of FILE as base64

Raw sockets in one asyncio loop: what it uses of the machine is measured and told, so that it can be left out.
"""

import asyncio
import json
import sys
import time
from base64 import b64decode
from collections import Counter
from itertools import cycle
from pathlib import Path


class Connection(asyncio.Protocol):
    """Sends one request after another as long as the run lasts."""

    def __init__(self, run: "Run"):
        self.run = run
        self.buffer = b""
        self.needed = 0
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.run.open += 1
        self._send()

    def _send(self) -> None:
        if time.perf_counter() >= self.run.end:
            self.transport.close()
            return
        self.sent_at = time.perf_counter()
        self.transport.write(next(self.run.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.needed:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.needed = end + 4 + _length(self.buffer[:end])
        if len(self.buffer) < self.needed:
            return
        now = time.perf_counter()
        self.run.statuses[self.buffer[9:12].decode()] += 1
        self.run.times.append(now - self.sent_at)
        self.run.last = now
        self.buffer, self.needed = self.buffer[self.needed :], 0
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        self.run.open -= 1
        if error is not None or time.perf_counter() < self.run.end:
            self.run.statuses["lost"] += 1
        if not self.run.open:
            self.run.done.set()


def _length(head: bytes) -> int:
    place = head.lower().find(b"\r\ncontent-length:")
    return int(head[place + 17 :].split(b"\r\n", 1)[0]) if place >= 0 else 0


class Run:
    """One measurement: what is sent until when, and what came of it."""

    def __init__(self, requests: list[bytes], seconds: float):
        self.requests = cycle(requests)
        self.statuses: Counter[str] = Counter()
        self.times: list[float] = []
        self.open = 0
        self.done = asyncio.Event()
        self.start = time.perf_counter()
        self.end = self.start + seconds
        self.last = self.start

    async def over(self, port: int, connections: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            await loop.create_connection(lambda: Connection(self), "127.0.0.1", port)
        await self.done.wait()


def measure(port: int, connections: int, seconds: float, requests: list[bytes]) -> dict[str, object]:
    before = time.process_time()

    async def go() -> Run:
        run = Run(requests, seconds)
        await run.over(port, connections)
        return run

    run = asyncio.run(go())
    return {
        "seconds": run.last - run.start,
        "statuses": dict(run.statuses),
        "times": sorted(run.times),
        "cpu": time.process_time() - before,
    }


if __name__ == "__main__":
    port, connections, seconds, file = sys.argv[1:]
    lines = [b64decode(line) for line in Path(file).read_bytes().split()]
    json.dump(measure(int(port), int(connections), float(seconds), lines), sys.stdout)
