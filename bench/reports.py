"""(a) Reports a second over HTTP with everything that follows, against plain ways to write the same rows."""

import json
import statistics
import urllib.request
from base64 import b64encode
from dataclasses import dataclass
from http.cookies import SimpleCookie
from uuid import uuid4

import psutil

from bench import district, site

DATABASE = "reports"
WORKERS, THREADS, CONNECTIONS = 2, 4, 16
WARM_UP = 3.0
PREPARED = 12_000  # requests; a run that needs more starts again with keys it has used
BOUNDARY = "----bench"


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


def plain_requests(port: int, count: int) -> list[bytes]:
    words = district.Words(seed=1)
    found = []
    for _ in range(count):
        fields = _fields(words)
        body = {**fields, "lon": float(fields["lon"]), "lat": float(fields["lat"])}
        found.append(
            _http("/report/", port, "application/json", json.dumps(body, ensure_ascii=False).encode())
        )
    return found


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
    """The product as shipped, without its worker: what is queued stays queued."""
    with site.web(DATABASE, workers=WORKERS, threads=THREADS) as (web, port):
        _load(port, page_requests(port, 500), WARM_UP)
        return middle(
            [_measured(web, port, page_requests(port, PREPARED), seconds, "302") for _ in range(repeats)]
        )


def by_a_plain_view(seconds: float, repeats: int) -> Result:
    command = ("-m", "bench.plain")
    with site.web(DATABASE, workers=WORKERS, threads=THREADS, command=command) as (web, port):
        _load(port, plain_requests(port, 500), WARM_UP)
        return middle(
            [_measured(web, port, plain_requests(port, PREPARED), seconds, "201") for _ in range(repeats)]
        )


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
