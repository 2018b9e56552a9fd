"""Taking a configuration over touches no secret, whatever the endpoint is doing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from builders import make_endpoint

from hookrelay.endpoints import EndpointBook, EndpointState

NOW = datetime(2024, 3, 5, 9, tzinfo=UTC)
NEW = "whsec_OrchardNew20240305"


def test_a_rotation_outlives_every_state(db):
    for state in EndpointState:
        for wanted in (EndpointState.ACTIVE, EndpointState.PAUSED):
            book = EndpointBook(db)
            book.save(make_endpoint(state=state))
            rotated = book.rotate("orchard-main", NEW, NOW, timedelta(days=1))
            for url in (rotated.url, "https://new.example/"):
                book.configure(replace(make_endpoint(state=wanted), url=url))
                assert book.get("orchard-main").secrets == rotated.secrets
