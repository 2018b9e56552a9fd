from datetime import time, timedelta
from pathlib import Path

import pytest

from signflow.documents import Order
from signflow.errors import SettingsError
from signflow.settings import load

SECRET = "0123456789abcdef"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path.resolve()


def from_file(text, **environ):
    Path("site.ini").write_text(text, encoding="utf-8")
    return load(Path("site.ini"), environ)


def from_env(**environ):
    return load(environ={f"SIGNFLOW_{name}": value for name, value in environ.items()})


def refused(message, **environ):
    with pytest.raises(SettingsError, match=message):
        from_env(**environ)


def test_default_folders(folder):
    settings = load(environ={})
    assert settings.database == folder / "signflow.db"
    assert (settings.versions, settings.audit) == (folder / "versions", folder / "audit")
    assert (settings.spool, settings.templates) == (folder / "spool", folder / "templates")
    assert settings.exports == folder / "exports"


def test_default_links_and_signing():
    settings = load(environ={})
    assert (settings.base_url, settings.lifetime) == ("https://sign.example.com", timedelta(days=7))
    assert settings.secrets == ()

    settings = load(environ={})
    assert (settings.order, settings.deadline) == (Order.PARALLEL, timedelta(days=14))
    assert (settings.max_signatories, settings.max_resends) == (20, 3)
    assert settings.decline_reason is True


def test_default_reminders():
    settings = load(environ={})
    assert [span.days for span in settings.remind_after] == [2, 5, 10]
    assert settings.last_call == timedelta(hours=24)
    assert (settings.opens, settings.closes, settings.weekends) == (time(8), time(18), False)


def test_default_mail_and_office():
    settings = load(environ={})
    assert str(settings.sender) == "Signing desk <desk@example.com>"
    assert (settings.language, settings.batch) == ("en", 50)
    assert settings.office.utcoffset(None) == timedelta(hours=1)
    assert settings.mask_addresses is False


def test_folders_from_file_and_environment(folder):
    text = "[storage]\ndatabase = d/a.db\nversions = v\naudit = a\n"
    text += "spool = s\ntemplates = t\nexports = e\n"
    settings = from_file(text)
    assert settings.database == folder / "d/a.db"
    assert [getattr(settings, n).name for n in ("versions", "audit", "spool")] == ["v", "a", "s"]
    assert (settings.templates.name, settings.exports.name) == ("t", "e")
    assert from_env(STORAGE_AUDIT="trail").audit == folder / "trail"


def test_links_from_file_and_environment():
    settings = from_file("[links]\nbase_url = http://sign.test:8080/x/\nlifetime = 36h\n")
    assert settings.base_url == "http://sign.test:8080/x"
    assert settings.lifetime == timedelta(hours=36)
    assert from_env(LINKS_LIFETIME="2d").lifetime == timedelta(days=2)


def test_signing_from_file_and_environment():
    settings = from_file("[signing]\norder = Groups\ndeadline = 3w\nmax_signatories = 7\n")
    assert (settings.order, settings.deadline.days) == (Order.GROUPS, 21)
    assert settings.max_signatories == 7
    settings = from_env(SIGNING_MAX_RESENDS="5", SIGNING_DECLINE_REASON="off")
    assert (settings.max_resends, settings.decline_reason) == (5, False)


def test_reminders_from_file_and_environment():
    settings = from_file("[reminders]\nafter = 5d, 36h,,5d\nlast_call = 2h\nopens = 7:30\n")
    assert settings.remind_after == (timedelta(hours=36), timedelta(days=5))
    assert (settings.last_call, settings.opens) == (timedelta(hours=2), time(7, 30))
    settings = from_env(REMINDERS_CLOSES="20:15", REMINDERS_WEEKENDS="Yes")
    assert (settings.closes, settings.weekends) == (time(20, 15), True)

    assert from_file("[reminders]\nafter =\n").remind_after == ()


def test_mail_and_office_from_file_and_environment():
    settings = from_file(
        "[mail]\nsender = Kanzlei Größe <k@example.org>\nlanguage = DE\nbatch = 2\n"
    )
    assert (settings.sender.name, settings.language, settings.batch) == ("Kanzlei Größe", "de", 2)
    settings = from_env(OFFICE_UTC_OFFSET="+05:30", OFFICE_MASK_ADDRESSES="1")
    assert settings.office.utcoffset(None) == timedelta(minutes=330)
    assert settings.mask_addresses is True


def test_environment_goes_over_the_file_unless_empty():
    text = "[mail]\nbatch = 7\n"
    assert from_file(text, SIGNFLOW_MAIL_BATCH=" 8 ").batch == 8
    assert from_file(text, SIGNFLOW_MAIL_BATCH="").batch == 7


def test_file_in_any_encoding_mark_on_an_ascii_machine(ascii_machine):
    Path("site.ini").write_bytes("\ufeff[mail]\nsender = Größe <k@example.org>\n".encode())
    assert load(Path("site.ini"), {}).sender.name == "Größe"


def test_usual_file_and_the_one_that_a_variable_names():
    Path("signflow.ini").write_text("[mail]\nbatch = 3\n", encoding="utf-8")
    Path("other.ini").write_text("[mail]\nbatch = 4\n", encoding="utf-8")
    assert load(environ={}).batch == 3
    assert load(environ={"SIGNFLOW_CONFIG": " other.ini "}).batch == 4
    assert load(environ={"SIGNFLOW_CONFIG": " "}).batch == 3
    assert load(Path("signflow.ini"), {"SIGNFLOW_CONFIG": "other.ini"}).batch == 3


def test_paths_start_at_the_file_and_stay_there(folder, monkeypatch):
    (folder / "etc").mkdir()
    (folder / "etc/site.ini").write_text("[storage]\naudit = ../log\n", encoding="utf-8")
    settings = load(Path("etc/site.ini"), {})
    assert settings.versions == folder / "etc" / "versions"
    assert settings.audit == folder / "etc" / ".." / "log"


def test_home_is_expanded(folder, monkeypatch):
    home = folder / "home"
    home.mkdir()
    (home / "site.ini").write_text("[storage]\nspool = ~/out\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    assert load(Path("~/site.ini"), {}).spool == home / "out"
    assert load(environ={"SIGNFLOW_CONFIG": "~/site.ini"}).spool == home / "out"


def test_secrets():
    settings = from_file(
        "[links]\nsecret = 100%-sure-of-that-one\nretired_secrets = , fedcba9876543210 ,\n"
    )
    assert settings.secrets == ("100%-sure-of-that-one", "fedcba9876543210")
    assert from_env(LINKS_SECRET=SECRET).secrets == (SECRET,)
    assert from_env(LINKS_RETIRED_SECRETS=SECRET).secrets == ()

    assert SECRET not in repr(from_env(LINKS_SECRET=SECRET))


def test_short_secrets():
    refused("at least 16 characters", LINKS_SECRET=SECRET[:15])
    refused("at least 16 characters", LINKS_SECRET=SECRET, LINKS_RETIRED_SECRETS="short")


def test_limits_of_links_and_deadline():
    for value in ("1h", "30d"):
        assert from_env(LINKS_LIFETIME=value)
    for value in ("59m", "31d"):
        refused("links.lifetime: must lie between 1h and 30d", LINKS_LIFETIME=value)
    for value in ("1d", "26w"):
        assert from_env(SIGNING_DEADLINE=value)
    for value in ("23h", "183d"):
        refused("signing.deadline: must lie between 1d and 26w", SIGNING_DEADLINE=value)


def test_limits_of_counts():
    assert from_env(SIGNING_MAX_SIGNATORIES="1").max_signatories == 1
    assert from_env(SIGNING_MAX_SIGNATORIES="100").max_signatories == 100
    assert from_env(SIGNING_MAX_RESENDS="0").max_resends == 0
    assert from_env(SIGNING_MAX_RESENDS="10").max_resends == 10
    assert from_env(MAIL_BATCH="1").batch == 1
    assert from_env(MAIL_BATCH="1000").batch == 1000
    for value in ("0", "101"):
        refused(
            "max_signatories: must be a whole number from 1 to 100", SIGNING_MAX_SIGNATORIES=value
        )
    refused("max_resends: must be a whole number from 0 to 10, got '11'", SIGNING_MAX_RESENDS="11")
    for value in ("0", "1001"):
        refused("batch: must be a whole number from 1 to 1000", MAIL_BATCH=value)


def test_limits_of_reminders():
    assert from_env(REMINDERS_LAST_CALL="0s").last_call == timedelta(0)
    assert from_env(REMINDERS_LAST_CALL="7d").last_call == timedelta(days=7)
    refused("last_call: must lie between 0s and 7d", REMINDERS_LAST_CALL="169h")
    assert from_env(REMINDERS_AFTER="1s").remind_after == (timedelta(seconds=1),)
    refused("reminders.after: must be later", REMINDERS_AFTER="2d, 0s")


def test_office_closes_after_it_opens():
    assert from_env(REMINDERS_OPENS="17:59").opens == time(17, 59)
    refused("closes must come after", REMINDERS_OPENS="18:00")


def test_switch_words():
    words = ("yes", "ON", "true", "1", "no", "Off", "false", "0")
    read = [from_env(REMINDERS_WEEKENDS=word).weekends for word in words]
    assert read == [True] * 4 + [False] * 4
    refused("weekends: must be yes or no, got 'maybe'", REMINDERS_WEEKENDS="maybe")


def test_web_address_and_choices():
    for value in ("sign.example.com", "ftp://sign.example.com", "https://"):
        refused("links.base_url: not a web address", LINKS_BASE_URL=value)

    refused("mail.language: must be one of de, en", MAIL_LANGUAGE="fr")
    refused("signing.order: must be one of groups, parallel, sequential", SIGNING_ORDER="random")
    assert from_env(SIGNING_ORDER="sequential").order is Order.SEQUENTIAL


def test_values_that_cannot_be_read():
    refused("links.lifetime: not a span of time: 'soon'", LINKS_LIFETIME="soon")
    refused("mail.sender: not an e-mail address", MAIL_SENDER="desk")
    refused("office.utc_offset: not an offset", OFFICE_UTC_OFFSET="CET")

    for value in ("-1", "2.5", "many", "1e2", "²"):
        refused("mail.batch: must be a whole number", MAIL_BATCH=value)


def test_unknown_names_in_the_file():
    with pytest.raises(SettingsError, match=r"unknown section \[link\]"):
        from_file("[link]\n")
    with pytest.raises(SettingsError, match="unknown setting links.life_time"):
        from_file("[links]\nlife_time = 7d\n")


def test_file_that_cannot_be_read(folder):
    with pytest.raises(SettingsError, match="cannot read absent.ini"):
        load(Path("absent.ini"), {})
    with pytest.raises(SettingsError, match="cannot read folder: "):
        (folder / "folder").mkdir()
        load(Path("folder"), {})
    with pytest.raises(SettingsError, match="site.ini: File contains no section headers"):
        from_file("batch = 7\n")
    Path("latin.ini").write_bytes("[mail]\nsender = Größe <k@example.org>".encode("latin-1"))
    with pytest.raises(SettingsError, match="latin.ini: "):
        load(Path("latin.ini"), {})
