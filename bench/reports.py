"""(a) Reports a second over HTTP with everything that follows, against plain ways to write the same rows."""

import json
import socket
import statistics
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import psutil
import psycopg

from bench import district, site

DATABASE = "reports"
WORKERS, THREADS, CONNECTIONS = 2, 4, 16
WARM_UP = 3.0
PREPARED = 12_000  # requests; a run that needs more starts again with keys it has used
BOUNDARY = "----bench"
JSON = "application/json"
PATIENCE = 600  # seconds in which the worker must have worked off what one run queued


@dataclass(frozen=True)
class Result:
    """One run: how many a second, how fast, and what each report cost whom, in milliseconds of CPU."""

    rate: float
    p50: float
    p95: float
    web: float
    database: float
    client: float


# -- requests -----------------------------------------------------------------------------------------


def _http(path: str, port: int, kind: str, body: bytes, *headers: str) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _fields(words: district.Words) -> dict[str, str]:
    """One report as a resident fills it in; every second one leaves a number."""
    place = words.address()
    lon, lat = words.point()
    leaves_number = words.chance.random() < 0.5
    return {
        "key": str(uuid4()),
        "place": "",
        "lon": f"{lon:.6f}",
        "lat": f"{lat:.6f}",
        "words": words.report(place),
        "address": place,
        "name": "居民" if leaves_number else "",
        "phone": words.phone() if leaves_number else "",
        **({"may_call": "on"} if leaves_number else {}),
    }


def page_requests(port: int, count: int) -> list[bytes]:
    """What a browser sends from the public page: a new visitor each time, who has opened the page before."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/report/") as response:
        cookies = SimpleCookie(response.headers["Set-Cookie"])
    token = cookies["csrftoken"].value
    words = district.Words(seed=1)
    return [
        _http(
            "/report/",
            port,
            f"multipart/form-data; boundary={BOUNDARY}",
            _multipart({"csrfmiddlewaretoken": token, **_fields(words)}),
            f"Cookie: csrftoken={token}",
        )
        for _ in range(count)
    ]


def _multipart(fields: dict[str, str]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    nothing = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename=""\r\n'
    parts += [nothing + "Content-Type: application/octet-stream\r\n\r\n\r\n"] * 2
    return "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()


def api_requests(port: int, count: int) -> list[bytes]:
    """What a program sends to the interface, without an account."""
    words = district.Words(seed=2)
    return [_http("/api/v1/reports", port, JSON, _json(_fields(words))) for _ in range(count)]


def plain_requests(port: int, count: int) -> list[bytes]:
    words = district.Words(seed=3)
    return [_http("/report/", port, JSON, _json(_fields(words))) for _ in range(count)]


def _json(fields: dict[str, str]) -> bytes:
    told = {name: value for name, value in fields.items() if value and name not in ("key", "may_call")}
    numbers = {"lon": float(fields["lon"]), "lat": float(fields["lat"]), "may_call": "may_call" in fields}
    return json.dumps(told | numbers, ensure_ascii=False).encode()


def send(port: int, request: bytes) -> bytes:
    """One request by itself; the beginning of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        return connection.recv(65_536)


# -- runs ---------------------------------------------------------------------------------------------


def _load(port: int, requests: list[bytes], seconds: float) -> dict[str, object]:
    file = site.DATA / "requests"
    file.write_bytes(b"\n".join(map(b64encode, requests)))
    return dict(
        json.loads(
            site.run(DATABASE, "-m", "bench.load", str(port), str(CONNECTIONS), str(seconds), str(file))
        )
    )


def _measured(web: psutil.Process, port: int, requests: list[bytes], seconds: float, expected: str) -> Result:
    processes = {"web": web, "database": site.postgres()}
    before = {name: site.cpu_seconds(process) for name, process in processes.items()}
    told = _load(port, requests, seconds)
    used = {name: site.cpu_seconds(process) - before[name] for name, process in processes.items()}
    statuses, times = told["statuses"], told["times"]
    assert isinstance(times, list)
    if statuses != {expected: len(times)}:
        raise RuntimeError(f"not every report was taken in: {statuses}; see {site.DATA / 'bench.log'}")
    return Result(
        rate=len(times) / float(str(told["seconds"])),
        p50=times[len(times) // 2] * 1000,
        p95=times[int(len(times) * 0.95)] * 1000,
        web=1000 * used["web"] / len(times),
        database=1000 * used["database"] / len(times),
        client=1000 * float(str(told["cpu"])) / len(times),
    )


def middle(results: list[Result]) -> Result:
    """The run in the middle by its rate."""
    return sorted(results, key=lambda result: result.rate)[len(results) // 2]


def over_the_page(seconds: float, repeats: int) -> Result:
    """The public page as shipped, without a worker: what is queued stays queued."""
    return _served(page_requests, "302", seconds, repeats)


def over_the_api(seconds: float, repeats: int) -> Result:
    """The same over the interface for programs."""
    return _served(api_requests, "201", seconds, repeats)


def by_a_plain_view(seconds: float, repeats: int) -> Result:
    """A Django view that makes the same rows and queues one job, on the same server."""
    return _served(plain_requests, "201", seconds, repeats, command=("-m", "bench.plain"))


def _served(
    requests: Callable[[int, int], list[bytes]], expected: str, seconds: float, repeats: int, **more: Any
) -> Result:
    with site.web(DATABASE, workers=WORKERS, threads=THREADS, **more) as (web, port):
        _load(port, requests(port, 500), WARM_UP)
        prepared = requests(port, PREPARED)
        return middle([_measured(web, port, prepared, seconds, expected) for _ in range(repeats)])


def with_a_worker(seconds: float) -> tuple[float, float]:
    """Reports a second until the last reaction has taken effect, and reactions for each report."""
    with (
        site.web(DATABASE, workers=WORKERS, threads=THREADS) as (_web, port),
        psycopg.connect(**district.address(DATABASE), autocommit=True) as server,
    ):
        _load(port, page_requests(port, 500), WARM_UP)
        with site.started(DATABASE, "-m", "bihuan", "worker"):
            _wait_until_worked_off(server)
            before = _effects(server)
            start = time.monotonic()
            times = _load(port, page_requests(port, PREPARED), seconds)["times"]
            assert isinstance(times, list)
            _wait_until_worked_off(server)
            took = time.monotonic() - start
        return len(times) / took, (_effects(server) - before) / len(times)


def _wait_until_worked_off(server: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    waiting = "SELECT 1 FROM procrastinate_jobs WHERE queue_name = 'reactions' AND status <> 'failed' LIMIT 1"
    while server.execute(waiting).fetchone():
        if time.monotonic() > deadline:
            raise RuntimeError("the worker did not work off what was queued")
        time.sleep(0.05)


def _effects(server: Any) -> int:
    return int(server.execute("SELECT count(*) FROM audit_effect").fetchone()[0])


def by_plain_inserts(seconds: float, repeats: int) -> float:
    """Reports a second when nothing but the rows is written."""
    rates = []
    for _ in range(repeats):
        told = json.loads(
            site.run(
                DATABASE, "-m", "bench.plain.inserts", DATABASE, str(WORKERS), str(THREADS), str(seconds)
            )
        )
        rates.append(told["made"] / told["seconds"])
    return statistics.median(rates)


if __name__ == "__main__":
    district.open_database(DATABASE)
    seconds, repeats = float(sys.argv[1]), int(sys.argv[2])
    told: dict[str, Any] = {
        "page": vars(over_the_page(seconds, repeats)),
        "api": vars(over_the_api(seconds, repeats)),
        "view": vars(by_a_plain_view(seconds, repeats)),
        "inserts": by_plain_inserts(seconds, repeats),
    }
    told["worked_off"], told["reactions"] = with_a_worker(seconds)
    print(json.dumps(told))
