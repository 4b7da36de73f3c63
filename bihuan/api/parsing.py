"""Reading JSON strictly: what PostgreSQL or a page could not keep is refused before anybody works with it."""

import json
import re
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

HALF = re.compile(r"\\u[dD][89a-fA-F]")  # one half of a pair; alone it is no character


class StrictParser(Parser):
    """UTF-8 alone, no NaN or Infinity, no halves of characters."""

    def parse_body(self, request: HttpRequest) -> Any:
        text = request.body.decode()
        read = json.loads(text, parse_constant=_no_constant)
        if HALF.search(text):
            json.dumps(read, ensure_ascii=False).encode()
        return read


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
