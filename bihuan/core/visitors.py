"""Visitors without an account: the address they come from, and how often it may ask."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from bihuan.core import clock
from bihuan.core.personal import blind_index


def client_address(request: HttpRequest) -> str:
    """The visitor's address. Of X-Forwarded-For only what our own proxies wrote is believed."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return request.META.get("REMOTE_ADDR", "")


def origin(request: HttpRequest) -> str:
    """What a limit counts: the address, or an IPv6 network, whose owner has billions of addresses."""
    address = client_address(request)
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{address}/64", strict=False)) if found.version == 6 else address


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds from one origin.

    It keeps floods away and nothing more: requests at the very same moment may slip through together.
    The address itself is never written down.
    """

    name: str
    times: int
    seconds: int
    for_all: bool = False  # counts whoever asks, from wherever

    def is_reached(self, request: HttpRequest) -> bool:
        return settings.VISITOR_LIMITS and self._used(request) >= self.times

    def count(self, request: HttpRequest) -> None:
        """Note one more use."""
        cache.set(self._key(request), self._used(request) + 1, self.seconds)

    def take(self, request: HttpRequest) -> bool:
        """Use it once if that is still allowed; False when it is not."""
        if not settings.VISITOR_LIMITS:
            return True
        used = self._used(request)
        if used >= self.times:
            return False
        cache.set(self._key(request), used + 1, self.seconds)
        return True

    def _used(self, request: HttpRequest) -> int:
        return cache.get(self._key(request), 0)

    def _key(self, request: HttpRequest) -> str:
        window = int(clock.now().timestamp()) // self.seconds
        whose = "all" if self.for_all else blind_index(origin(request)).hex()[:32]
        return f"limit:{self.name}:{window}:{whose}"
