import json
from datetime import timedelta
from pathlib import Path

import pytest
from builders import DAY, NOW, SECOND, SECRET, make_endpoint, make_event
from hookrelay.endpoints import (
    Endpoint,
    EndpointBook,
    EndpointState,
    Secret,
    check_url,
    parse_endpoint,
    read_endpoints,
)
from hookrelay.errors import EndpointError, NotFound, SignatureError

NEW, NEWER = "whsec_" + "n" * 16, "whsec_" + "m" * 16
SAMPLES = Path(__file__).parent.parent / "samples"


def make_config(**changes):
    config = {
        "id": "orchard-main",
        "merchant": "orchard",
        "url": "https://hooks.orchard.example/in",
        "secret": SECRET,
        "contact": "it@orchard.example",
    }
    config.update(changes)
    return {name: value for name, value in config.items() if value is not None}


def test_addresses_in_one_spelling():
    for text, url in [
        ("https://hooks.shop.example", "https://hooks.shop.example/"),
        (" HTTPS://Hooks.Shop.Example/In?A=1#top ", "https://hooks.shop.example/In?A=1"),
        ("https://shop.example:443/in", "https://shop.example/in"),
        ("https://shop.example:8443/in", "https://shop.example:8443/in"),
        ("https://shop.example./in", "https://shop.example/in"),
        ("https://a-1.b2.co/", "https://a-1.b2.co/"),
        ("https://x.a12b.9-b.co/", "https://x.a12b.9-b.co/"),
        ("\u00a0https://shop.example/in ", "https://shop.example/in"),
    ]:
        assert check_url(text) == url


def test_addresses_we_do_not_deliver_to():
    for text, problem in [
        ("http://shop.example/in", "endpoints are https, got 'http'"),
        ("shop.example/in", "endpoints are https, got 'nothing'"),
        ("https://ana:pw@shop.example/", "must not hold a user name"),
        ("https://ana@shop.example/", "must not hold a user name"),
        ("https://@shop.example/", "must not hold a user name"),
        ("https://:pw@shop.example/", "must not hold a user name"),
        ("https:///in", "not a host name: ''"),
        ("https://localhost/in", "not a host name: 'localhost'"),
        ("https://10.0.0.1/in", "not a host name: '10.0.0.1'"),
        ("https://[::1]/in", "not a host name: '::1'"),
        ("https://-shop.example/", "not a host name"),
        ("https://.shop.example/", "not a host name"),
        ("https://shop.example_/", "not a host name"),
        ("https://shop.example:99999/", "not an address"),
        ("https://[shop.example/", "not an address"),
        ("https://vault.internal/in", "vault.internal is not a public host name"),
        ("https://printer.LOCAL/in", "printer.local is not a public host name"),
        ("https://x.localhost/in", "x.localhost is not a public host name"),
    ]:
        with pytest.raises(EndpointError, match=problem):
            check_url(text)


def test_a_configuration():
    endpoint = parse_endpoint(make_config(events=["Payment.*", "refund.created", "payment.*"]))
    assert endpoint == Endpoint(
        id="orchard-main",
        merchant="orchard",
        url="https://hooks.orchard.example/in",
        patterns=("payment.*", "refund.created"),
        secrets=(Secret(SECRET),),
        contact="it@orchard.example",
        state=EndpointState.ACTIVE,
    )

    assert parse_endpoint(make_config()).patterns == ("*",)


def test_a_paused_endpoint():
    assert parse_endpoint(make_config(paused=True)).state is EndpointState.PAUSED
    assert parse_endpoint(make_config(paused=False)).state is EndpointState.ACTIVE

    endpoint = parse_endpoint(
        make_config(id=" Orchard_2 ", merchant="ORCHARD", contact=" a@b-c.CO ")
    )
    assert (endpoint.id, endpoint.merchant, endpoint.contact) == (
        "orchard_2",
        "orchard",
        "a@b-c.CO",
    )


def test_configurations_that_do_not_fit():
    for changes, problem in [
        ({"id": None}, "an endpoint needs id"),
        ({"merchant": None}, "an endpoint needs merchant"),
        ({"url": None}, "an endpoint needs url"),
        ({"secret": 5}, "an endpoint needs secret"),
        ({"contact": None}, "an endpoint needs contact"),
        ({"colour": 1, "age": 2}, "unknown keys: age, colour"),
        ({"id": "ab"}, "not an endpoint id: 'ab'"),
        ({"id": "-abc"}, "not an endpoint id"),
        ({"id": "a" * 41}, "not an endpoint id"),
        ({"merchant": "?"}, "orchard-main: not a merchant"),
        ({"secret": "whsec_1"}, "orchard-main: a secret is"),
        ({"contact": "it@orchard"}, "orchard-main: not a contact"),
        ({"contact": "a@b.co, c@d.co"}, "orchard-main: not a contact"),
        ({"url": "http://x.example"}, "endpoints are https"),
        ({"events": []}, "events must be a list"),
        ({"events": "payment.*"}, "events must be a list"),
        ({"events": ["payment"]}, "not a pattern"),
        ({"events": [5]}, "not a pattern: '5'"),
    ]:
        with pytest.raises(EndpointError, match=problem):
            parse_endpoint(make_config(**changes))

    for contact in ("a@b2.co", "a@b.c3", "a@b.c-d.co", "A.B+c@D-e.CO"):
        assert parse_endpoint(make_config(contact=contact)).contact == contact
    for name in ("abc", "0-_", "a" * 40):
        assert parse_endpoint(make_config(id=name)).id == name


def test_a_configuration_file(tmp_path, windows_text):
    file = tmp_path / "endpoints.json"
    configs = [make_config(), make_config(id="second", url="https://shop.example/straße")]
    file.write_bytes(json.dumps({"endpoints": configs}, ensure_ascii=False).encode())
    first, second = read_endpoints(file)
    assert first.id == "orchard-main"
    assert second.url == "https://shop.example/straße"


def test_the_sample_configuration():
    assert [endpoint.id for endpoint in read_endpoints(SAMPLES / "endpoints.json")] == [
        "orchard-main",
        "kiosk-1",
    ]


def test_an_id_is_there_once(tmp_path):
    file = tmp_path / "endpoints.json"
    twice = {"endpoints": [make_config(), make_config(id="other"), make_config(id="Orchard-Main")]}
    file.write_text(json.dumps(twice), encoding="utf-8")
    with pytest.raises(EndpointError, match="orchard-main is there twice"):
        read_endpoints(file)

    file = tmp_path / "e.json"
    for text in ["{", "[]", '{"endpoint": []}']:
        file.write_text(text, encoding="utf-8")
        with pytest.raises(EndpointError, match=r"e\.json is no endpoint configuration"):
            read_endpoints(file)
    with pytest.raises(EndpointError, match=r"there is no file none\.json"):
        read_endpoints(tmp_path / "none.json")


def test_there_and_back(db):
    secrets = (Secret(NEW), Secret(SECRET, NOW))
    endpoint = make_endpoint(
        patterns=("payment.*", "refund.*"), secrets=secrets, state=EndpointState.PAUSED
    )
    EndpointBook(db).save(endpoint)
    assert EndpointBook(db).get("orchard-main") == endpoint


def test_an_endpoint_that_is_not_there(db):
    with pytest.raises(NotFound, match="there is no endpoint nobody"):
        EndpointBook(db).get("nobody")


def test_configuring_anew(db):
    book = EndpointBook(db)
    assert book.configure(make_endpoint()) == "added"
    assert book.configure(make_endpoint()) == "unchanged"
    assert book.configure(make_endpoint(contact="new@orchard.example")) == "changed"
    assert book.get("orchard-main").contact == "new@orchard.example"


def test_a_configuration_does_not_touch_the_secrets(db):
    book = EndpointBook(db)
    book.configure(make_endpoint())
    assert book.configure(make_endpoint(secrets=(Secret(NEW),))) == "unchanged"
    book.configure(make_endpoint(secrets=(Secret(NEW),), url="https://new.example/"))
    assert book.get("orchard-main").secrets == (Secret(SECRET),)


def test_another_merchants_endpoint_is_not_taken_over(db):
    EndpointBook(db).configure(make_endpoint())
    with pytest.raises(EndpointError, match="orchard-main belongs to orchard"):
        EndpointBook(db).configure(make_endpoint("kiosk", id="orchard-main"))


def test_a_disabled_endpoint_goes_on_at_a_new_address(db):
    book = EndpointBook(db)
    book.save(make_endpoint(state=EndpointState.DISABLED))
    assert book.configure(make_endpoint()) == "unchanged"
    assert book.get("orchard-main").state is EndpointState.DISABLED
    assert book.configure(make_endpoint(url="https://new.example/")) == "changed"
    assert book.get("orchard-main").state is EndpointState.ACTIVE


def test_a_paused_endpoint_goes_on_when_configured_so(db):
    book = EndpointBook(db)
    book.save(make_endpoint(state=EndpointState.PAUSED))
    assert book.configure(make_endpoint()) == "changed"
    assert book.get("orchard-main").state is EndpointState.ACTIVE


def test_endpoints_of_a_merchant_by_id(db):
    book = EndpointBook(db)
    for name in ("orchard-b", "orchard-a", "orchard-c"):
        book.save(make_endpoint(id=name))
    book.save(make_endpoint("kiosk"))
    assert [endpoint.id for endpoint in book.of_merchant("orchard")] == [
        "orchard-a",
        "orchard-b",
        "orchard-c",
    ]


def test_who_gets_an_event(db):
    book = EndpointBook(db)
    book.save(make_endpoint(id="all-of-them"))
    book.save(make_endpoint(id="refunds", patterns=("refund.*",)))
    book.save(make_endpoint(id="both", patterns=("refund.*", "payment.succeeded")))
    book.save(make_endpoint(id="paused", state=EndpointState.PAUSED))
    book.save(make_endpoint(id="disabled", state=EndpointState.DISABLED))
    book.save(make_endpoint("kiosk"))
    found = [endpoint.id for endpoint in book.subscribed(make_event())]
    assert found == ["all-of-them", "both", "paused"]


def test_rotating_a_secret(db):
    book = EndpointBook(db)
    book.save(make_endpoint())
    changed = book.rotate("orchard-main", f" {NEW} ", NOW, DAY)
    assert changed.secrets == (Secret(NEW), Secret(SECRET, NOW + DAY))
    assert book.get("orchard-main") == changed
    assert changed.signing_secrets(NOW + DAY - SECOND) == [NEW, SECRET]
    assert changed.signing_secrets(NOW + DAY) == [NEW]


def test_rotating_twice_does_not_prolong_the_oldest(db):
    book = EndpointBook(db)
    book.save(make_endpoint())
    book.rotate("orchard-main", NEW, NOW, DAY)
    changed = book.rotate("orchard-main", NEWER, NOW + DAY / 2, DAY)
    assert changed.secrets == (
        Secret(NEWER),
        Secret(NEW, NOW + 1.5 * DAY),
        Secret(SECRET, NOW + DAY),
    )


def test_a_shorter_overlap_counts_for_old_secrets_too(db):
    book = EndpointBook(db)
    book.save(make_endpoint(secrets=(Secret(NEW), Secret(SECRET, NOW + DAY))))
    changed = book.rotate("orchard-main", NEWER, NOW, timedelta(hours=1))
    assert [secret.expires for secret in changed.secrets] == [
        None,
        NOW + timedelta(hours=1),
        NOW + timedelta(hours=1),
    ]


def test_secrets_that_have_run_out_are_forgotten(db):
    book = EndpointBook(db)
    book.save(make_endpoint(secrets=(Secret(NEW), Secret(SECRET, NOW))))
    assert [secret.value for secret in book.rotate("orchard-main", NEWER, NOW, DAY).secrets] == [
        NEWER,
        NEW,
    ]


def test_secrets_that_cannot_be_the_next(db):
    book = EndpointBook(db)
    book.save(make_endpoint(secrets=(Secret(NEW), Secret(SECRET, NOW + DAY))))
    with pytest.raises(EndpointError, match="orchard-main has had this secret before"):
        book.rotate("orchard-main", SECRET, NOW, DAY)
    with pytest.raises(SignatureError, match="a secret is"):
        book.rotate("orchard-main", "hunter2", NOW, DAY)
