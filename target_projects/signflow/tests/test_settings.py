from datetime import timedelta
from pathlib import Path

import pytest
from builders import make_settings

from signflow.documents import Order
from signflow.errors import SettingsError
from signflow.settings import Reader, defaults, find, load, overlay

SECRET = "0123456789abcdef"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path.resolve()


def reader(text="", **environ):
    """Reads single settings: from the environment, a file's text and the defaults."""
    parser = defaults()
    if text:
        Path("site.ini").write_text(text, encoding="utf-8")
        overlay(parser, Path("site.ini"))
    variables = {f"SIGNFLOW_{name}": value for name, value in environ.items()}
    return Reader(parser, variables, Path.cwd())


def refused(message, call, *arguments):
    with pytest.raises(SettingsError, match=message):
        call(*arguments)


def from_env(**environ):
    return load(environ={f"SIGNFLOW_{name}": value for name, value in environ.items()})


def test_defaults(folder):
    settings = load(environ={})
    assert settings.database == folder / "signflow.db"
    assert (settings.versions, settings.audit) == (folder / "versions", folder / "audit")
    assert (settings.spool, settings.templates) == (folder / "spool", folder / "templates")
    assert settings.exports == folder / "exports"
    assert (settings.base_url, settings.lifetime) == ("https://sign.example.com", timedelta(days=7))
    assert settings.secrets == ()
    assert (settings.order, settings.deadline) == (Order.PARALLEL, timedelta(days=14))
    assert (settings.max_signatories, settings.max_resends) == (20, 3)
    assert settings.decline_reason is True
    assert [span.days for span in settings.remind_after] == [2, 5, 10]
    assert settings.last_call == timedelta(hours=24)
    assert str(settings.sender) == "Signing desk <desk@example.com>"
    assert (settings.language, settings.batch) == ("en", 50)
    assert settings.office.utcoffset(None) == timedelta(hours=1)


SITE = """
[storage]
database = d/a.db
versions = v
audit = ../log
spool = s
templates = t
exports = e
[links]
base_url = http://sign.test:8080/x/
lifetime = 36h
secret = 100%-sure-of-that-one
retired_secrets = , fedcba9876543210 ,
[signing]
order = Groups
deadline = 3w
max_signatories = 7
max_resends = 5
decline_reason = off
[reminders]
after = 5d, 36h,,5d
last_call = 2h
[mail]
sender = Kanzlei Größe <k@example.org>
language = DE
batch = 2
[office]
utc_offset = +05:30
"""


def test_settings_of_a_site(folder):
    (folder / "etc").mkdir()
    (folder / "etc" / "site.ini").write_bytes(SITE.encode())
    settings = load(Path("etc/site.ini"), {})
    assert settings.database == folder / "etc" / "d" / "a.db"
    assert settings.audit == folder / "etc" / ".." / "log"
    assert [getattr(settings, n).name for n in ("versions", "spool")] == ["v", "s"]
    assert (settings.templates.name, settings.exports.name) == ("t", "e")
    assert settings.base_url == "http://sign.test:8080/x"
    assert settings.lifetime == timedelta(hours=36)
    assert settings.secrets == ("100%-sure-of-that-one", "fedcba9876543210")
    assert (settings.order, settings.deadline.days) == (Order.GROUPS, 21)
    assert (settings.max_signatories, settings.max_resends) == (7, 5)
    assert settings.decline_reason is False
    assert settings.remind_after == (timedelta(hours=36), timedelta(days=5))
    assert settings.last_call == timedelta(hours=2)
    assert (settings.sender.name, settings.language, settings.batch) == ("Kanzlei Größe", "de", 2)
    assert settings.office.utcoffset(None) == timedelta(minutes=330)


def test_settings_of_the_environment(folder):
    Path("signflow.ini").write_text("[mail]\nbatch = 3\nlanguage = de\n", encoding="utf-8")
    settings = from_env(MAIL_BATCH=" 8 ", MAIL_LANGUAGE="", STORAGE_AUDIT="trail")
    assert (settings.batch, settings.language) == (8, "de")
    assert settings.audit == folder / "trail"


def test_least_values():
    settings = from_env(
        LINKS_LIFETIME="1h", SIGNING_DEADLINE="1d", SIGNING_MAX_SIGNATORIES="1",
        SIGNING_MAX_RESENDS="0", REMINDERS_LAST_CALL="0s", MAIL_BATCH="1",
    )  # fmt: skip
    assert (settings.lifetime, settings.deadline) == (timedelta(hours=1), timedelta(days=1))
    assert (settings.max_signatories, settings.max_resends, settings.batch) == (1, 0, 1)
    assert settings.last_call == timedelta(0)


def test_greatest_values():
    settings = from_env(
        LINKS_LIFETIME="30d", SIGNING_DEADLINE="26w", SIGNING_MAX_SIGNATORIES="100",
        SIGNING_MAX_RESENDS="10", REMINDERS_LAST_CALL="7d", MAIL_BATCH="1000",
    )  # fmt: skip
    assert (settings.lifetime, settings.deadline) == (timedelta(days=30), timedelta(weeks=26))
    assert (settings.max_signatories, settings.max_resends, settings.batch) == (100, 10, 1000)
    assert settings.last_call == timedelta(days=7)


def test_values_out_of_range():
    for message, name, values in [
        ("links.lifetime: must lie between 1h and 30d", "LINKS_LIFETIME", ("59m", "31d")),
        ("signing.deadline: must lie between 1d and 26w", "SIGNING_DEADLINE", ("23h", "183d")),
        ("signatories: .* from 1 to 100, got", "SIGNING_MAX_SIGNATORIES", ("0", "101")),
        ("resends: must be a whole number from 0 to 10", "SIGNING_MAX_RESENDS", ("-1", "11")),
        ("batch: must be a whole number from 1 to 1000", "MAIL_BATCH", ("0", "1001")),
        ("last_call: must lie between 0s and 7d", "REMINDERS_LAST_CALL", ("169h",)),
    ]:
        for value in values:
            with pytest.raises(SettingsError, match=message):
                from_env(**{name: value})


def test_which_file(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.setenv("USERPROFILE", str(folder / "home"))
    assert find(None, {}) is None
    assert find(None, {"SIGNFLOW_CONFIG": " "}) is None
    Path("signflow.ini").mkdir()
    assert find(None, {}) is None
    Path("signflow.ini").rmdir()
    Path("signflow.ini").touch()
    assert find(None, {}) == Path("signflow.ini")
    assert find(None, {"SIGNFLOW_CONFIG": " other.ini "}) == Path("other.ini")
    assert find(None, {"SIGNFLOW_CONFIG": "~/site.ini"}) == folder / "home" / "site.ini"
    assert find(Path("~/b.ini"), {"SIGNFLOW_CONFIG": "a.ini"}) == folder / "home" / "b.ini"


def test_environment_goes_over_the_file_unless_empty():
    text = "[mail]\nbatch = 7\n"
    assert reader(text, MAIL_BATCH=" 8 ").text("mail", "batch") == "8"
    assert reader(text, MAIL_BATCH="").text("mail", "batch") == "7"
    assert reader(text).text("mail", "language") == "en"


def test_file_in_any_encoding_mark_on_an_ascii_machine(ascii_machine):
    parser = defaults()
    Path("site.ini").write_bytes("\ufeff[mail]\nsender = Größe <k@example.org>\n".encode())
    overlay(parser, Path("site.ini"))
    assert parser.get("mail", "sender") == "Größe <k@example.org>"


def test_paths(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.setenv("USERPROFILE", str(folder / "home"))
    assert reader(STORAGE_SPOOL="~/out").path("storage", "spool") == folder / "home" / "out"
    assert reader().path("storage", "spool") == folder / "spool"


def test_secrets():
    assert reader(LINKS_SECRET=SECRET).secrets() == (SECRET,)
    assert reader(LINKS_SECRET=SECRET, LINKS_RETIRED_SECRETS=f"{SECRET[::-1]}, ,").secrets() == (
        SECRET, SECRET[::-1],
    )  # fmt: skip
    assert reader(LINKS_RETIRED_SECRETS=SECRET).secrets() == ()

    refused("at least 16 characters", reader(LINKS_SECRET=SECRET[:15]).secrets)
    both = reader(LINKS_SECRET=SECRET, LINKS_RETIRED_SECRETS="short")
    refused("links.secret: needs at least 16 characters", both.secrets)


def test_secrets_are_not_shown(folder):
    assert SECRET not in repr(make_settings(folder, secrets=(SECRET,)))


def test_several_spans():
    def after(text):
        return reader(REMINDERS_AFTER=text).spans("reminders", "after")

    assert after("2d, 1s, ,2d,") == (timedelta(seconds=1), timedelta(days=2))
    assert after(",") == ()
    refused("reminders.after: must be later than at once", after, "2d, 0s")
    refused("reminders.after: not a span of time: ' soon'", after, "2d, soon")


def test_switch_words():
    def switch(word):
        return reader(SIGNING_DECLINE_REASON=word).switch("signing", "decline_reason")

    words = ("yes", "ON", "true", "1", "no", "Off", "false", "0")
    assert [switch(word) for word in words] == [True] * 4 + [False] * 4
    refused("signing.decline_reason: must be yes or no, got 'maybe'", switch, "maybe")


def test_web_addresses():
    def url(value):
        return reader(LINKS_BASE_URL=value).url("links", "base_url")

    assert url("https://sign.test/") == "https://sign.test"
    assert url("http://sign.test:80") == "http://sign.test:80"
    for value in ("sign.example.com", "ftp://sign.example.com", "https://"):
        refused(f"links.base_url: not a web address: '{value}'", url, value)


def test_choices():
    def choice(value):
        return reader(MAIL_LANGUAGE=value).choice("mail", "language", {"en", "de"})

    assert choice("De") == "de"
    refused("mail.language: must be one of de, en", choice, "FR")


def test_orders_and_languages():
    with pytest.raises(SettingsError, match="language: must be one of de, en"):
        from_env(MAIL_LANGUAGE="fr")
    with pytest.raises(SettingsError, match="order: must be one of groups, parallel, sequential"):
        from_env(SIGNING_ORDER="random")
    assert from_env(SIGNING_ORDER="sequential").order is Order.SEQUENTIAL


def test_values_that_cannot_be_read():
    for message, name, value in [
        ("links.lifetime: not a span of time: 'soon'", "LINKS_LIFETIME", "soon"),
        ("mail.sender: not an e-mail address", "MAIL_SENDER", "desk"),
        ("office.utc_offset: not an offset", "OFFICE_UTC_OFFSET", "CET"),
    ]:
        with pytest.raises(SettingsError, match=message):
            from_env(**{name: value})


def test_whole_numbers():
    def count(value):
        return reader(MAIL_BATCH=value).count("mail", "batch", 2, 5)

    assert (count("2"), count("5")) == (2, 5)
    for value in ("1", "6", "-1", "2.5", "many", "1e2", "²"):
        refused(f"mail.batch: must be a whole number from 2 to 5, got '{value}'", count, value)


def test_lengths_of_time():
    def span(value):
        return reader(LINKS_LIFETIME=value).span("links", "lifetime", "1h", "2d")

    assert (span("60m"), span("48h")) == (timedelta(hours=1), timedelta(days=2))
    for value in ("3599s", "2d 1s"):
        refused("links.lifetime: must lie between 1h and 2d", span, value)


def test_unknown_names_in_the_file():
    refused(r"unknown section \[link\]", reader, "[link]\n")
    refused("unknown setting links.life_time", reader, "[links]\nlife_time = 7d\n")


def test_file_that_cannot_be_read(folder):
    refused("cannot read absent.ini: No such file", overlay, defaults(), Path("absent.ini"))
    (folder / "folder").mkdir()
    refused("cannot read folder: ", overlay, defaults(), Path("folder"))
    refused(r"site.ini: File contains no section headers\.$", reader, "batch = 7\n")
    Path("latin.ini").write_bytes("[mail]\nsender = Größe <k@example.org>".encode("latin-1"))
    refused("latin.ini: ", overlay, defaults(), Path("latin.ini"))
