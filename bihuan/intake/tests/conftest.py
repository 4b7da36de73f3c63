"""What the tests of the intake share."""

from typing import Any

import pytest


@pytest.fixture
def client_of_a_stranger() -> Any:
    """Another visitor's browser."""
    from django.test import Client

    return Client()
