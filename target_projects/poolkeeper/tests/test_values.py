from dataclasses import FrozenInstanceError, fields

import pytest
from builders import NOW, make_definition, make_entry, make_plan, make_settings, make_spec
from poolkeeper.health import Probe
from poolkeeper.keeper import Reply
from poolkeeper.limiter import Decision
from poolkeeper.pool import Move
from poolkeeper.servers import Session


def test_what_is_handed_around_can_not_be_changed():
    values = [
        Session(NOW, NOW),
        Move("c1", "a", None),
        Decision(True, 1),
        Probe("a", NOW, 200),
        Reply(200),
        make_spec("a"),
        make_plan(),
        make_entry(),
        make_definition("a"),
        make_settings(),
        *vars(make_settings()).values(),
    ]
    for value in values:
        with pytest.raises(FrozenInstanceError):
            setattr(value, fields(value)[0].name, None)
