import pytest
from builders import make_settings

from billcycle.mail import MemoryTransport
from billcycle.moments import FrozenClock
from billcycle.service import Billing
from billcycle.storage import connect


@pytest.fixture
def db():
    connection = connect(":memory:")
    yield connection
    connection.close()


@pytest.fixture
def clock():
    return FrozenClock("2024-03-01T08:00:00+00:00")


@pytest.fixture
def settings():
    return make_settings()


@pytest.fixture
def billing(db, settings, clock):
    return Billing(db, settings, clock)


@pytest.fixture
def transport():
    return MemoryTransport()
