"""Milvus answers at once in all tests of the engines."""

import time
from importlib.util import find_spec
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="session", autouse=True)
def milvus_not_waited_for():
    """pymilvus sleeps for half a second before it asks whether an index has been made; ours are three."""
    with pytest.MonkeyPatch.context() as patch:
        if find_spec("pymilvus"):
            from pymilvus.client import grpc_handler

            hasty = SimpleNamespace(**vars(time) | {"sleep": lambda seconds: time.sleep(seconds / 50)})
            patch.setattr(grpc_handler, "time", hasty)
        yield
