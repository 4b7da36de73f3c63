"""Reaching an address that somebody typed in, without being led into the own network.

The name is resolved once, every address it has is judged, and the connection goes to the one judged; a name
that means another machine a moment later leads nowhere.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

TIMEOUT = httpx.Timeout(10, connect=5)  # seconds for each step
AT_MOST = 20  # seconds for the whole request, however slowly the other side drips its answer


class Unreachable(Exception):
    """An address that this installation does not go to."""


def judge(url: str) -> str:
    """What is wrong with the shape of an address; nothing when it will do."""
    try:
        parts = urlsplit(url)
        port = parts.port
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        return "not an address"
    schemes = {"https", "http"} if settings.WEBHOOK_PRIVATE else {"https"}
    if parts.scheme not in schemes or not parts.hostname or any(sign.isspace() for sign in url):
        return "not an https address"
    if parts.username or parts.password or parts.fragment or port == 0:
        return "an address with a name, a password or a fragment"
    with suppress(ValueError):
        if not _may_reach(ip_address(parts.hostname)):
            return "an address within a private network"
    return ""


def _may_reach(address: IPv4Address | IPv6Address) -> bool:
    if settings.WEBHOOK_PRIVATE:
        return True
    if isinstance(address, IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        nat64 = IPv4Address(int(address) & 0xFFFFFFFF) if address.packed[:4] == b"\x00\x64\xff\x9b" else None
        for inner in (hidden, nat64):
            if inner is not None and not _may_reach(inner):
                return False
    return address.is_global and not address.is_multicast


def resolve(host: str, port: int) -> str:
    """The one address to connect to. A name of which any address is private is refused as a whole."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(_may_reach(ip_address(address.partition("%")[0])) for address in found):
        raise Unreachable("an address within a private network")
    return found[0]


class Deadline:
    """Cuts a request off that lasts too long as a whole, though no single step of it does."""

    def __init__(self, seconds: float):
        self.socket: socket.socket | None = None
        self.timer = Timer(seconds, self.cut)

    def watch(self, event: str, info: Mapping[str, Any]) -> None:
        """Follows the request (httpx's `trace`) to know its socket."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self.socket = info["return_value"].get_extra_info("socket")

    def cut(self) -> None:
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Deadline:
        self.timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()


def reach(url: str, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
    """POST and give back status and headers. OSError and httpx.HTTPError say what the network said."""
    if fault := judge(url):
        raise Unreachable(fault)
    target = httpx.URL(url)
    port = target.port or (443 if target.scheme == "https" else 80)
    host = target.raw_host.decode()
    address = resolve(host, port)
    with (
        Deadline(AT_MOST) as deadline,
        httpx.Client(trust_env=False, follow_redirects=False, timeout=TIMEOUT) as client,
        client.stream(
            "POST",
            target.copy_with(host=address),
            content=body,
            headers={**headers, "host": target.netloc.decode()},
            extensions={"sni_hostname": host, "trace": deadline.watch},
        ) as response,
    ):
        return response
