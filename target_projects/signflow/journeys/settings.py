"""An operator changes a setting and looks at what the service makes of it."""

WHO = "an operator of the signing desk"
SUBJECT = "Settings of the desk"
DETAIL = "A second settings file lies in a folder etc, which the steps make."

CASES = {
    "no settings at all": ("", {}),
    "other folders": ("[storage]\ndatabase = d/s.db\nversions = v\naudit = a\nspool = s\ntemplates = t\nexports = e", {}),
    "a folder from a variable": ("", {"STORAGE_AUDIT": "trail"}),
    "another web address": ("[links]\nbase_url = http://sign.test:8080/x/", {}),
    "a web address without https": ("", {"LINKS_BASE_URL": "sign.test"}),
    "a web address of another kind": ("", {"LINKS_BASE_URL": "ftp://sign.test"}),
    "a web address without a host": ("", {"LINKS_BASE_URL": "https://"}),
    "the shortest life of links": ("", {"LINKS_LIFETIME": "1h"}),
    "too short a life of links": ("", {"LINKS_LIFETIME": "3599s"}),
    "the longest life of links": ("", {"LINKS_LIFETIME": "30d"}),
    "too long a life of links": ("", {"LINKS_LIFETIME": "30d 1s"}),
    "a life of links in words": ("", {"LINKS_LIFETIME": "soon"}),
    "a secret": ("[links]\nsecret = 100%-sure-of-that", {}),
    "a secret of sixteen characters": ("", {"LINKS_SECRET": "0123456789abcdef"}),
    "a secret of fifteen characters": ("", {"LINKS_SECRET": "0123456789abcde"}),
    "retired secrets": ("", {"LINKS_SECRET": "0123456789abcdef", "LINKS_RETIRED_SECRETS": "fedcba9876543210 ,, aaaaaaaaaaaaaaaa"}),
    "a short retired secret": ("", {"LINKS_SECRET": "0123456789abcdef", "LINKS_RETIRED_SECRETS": "short"}),
    "retired secrets alone": ("", {"LINKS_RETIRED_SECRETS": "fedcba9876543210"}),
    "groups": ("[signing]\norder = Groups", {}),
    "signatures one after the other": ("", {"SIGNING_ORDER": "sequential"}),
    "an unknown order": ("", {"SIGNING_ORDER": "random"}),
    "the shortest deadline": ("", {"SIGNING_DEADLINE": "24h"}),
    "too short a deadline": ("", {"SIGNING_DEADLINE": "23h 59m"}),
    "the longest deadline": ("", {"SIGNING_DEADLINE": "26w"}),
    "too long a deadline": ("", {"SIGNING_DEADLINE": "183d"}),
    "one signatory": ("", {"SIGNING_MAX_SIGNATORIES": "1"}),
    "no signatory": ("", {"SIGNING_MAX_SIGNATORIES": "0"}),
    "a hundred signatories": ("", {"SIGNING_MAX_SIGNATORIES": "100"}),
    "a hundred and one signatories": ("", {"SIGNING_MAX_SIGNATORIES": "101"}),
    "no resends": ("", {"SIGNING_MAX_RESENDS": "0"}),
    "ten resends": ("", {"SIGNING_MAX_RESENDS": "10"}),
    "eleven resends": ("", {"SIGNING_MAX_RESENDS": "11"}),
    "refusals without a reason": ("[signing]\ndecline_reason = off", {}),
    "other reminders": ("[reminders]\nafter = 5d, 36h, 5d\nlast_call = 2h", {}),
    "no reminders": ("[reminders]\nafter =\nlast_call = 0s", {}),
    "a reminder at once": ("", {"REMINDERS_AFTER": "2d, 0s"}),
    "a reminder a second later": ("", {"REMINDERS_AFTER": "1s"}),
    "a last call of a week": ("", {"REMINDERS_LAST_CALL": "7d"}),
    "a last call of more than a week": ("", {"REMINDERS_LAST_CALL": "7d 1s"}),
    "refusals with yes": ("", {"SIGNING_DECLINE_REASON": "Yes"}),
    "refusals with 1": ("", {"SIGNING_DECLINE_REASON": "1"}),
    "refusals with true": ("", {"SIGNING_DECLINE_REASON": "TRUE"}),
    "refusals with 0": ("", {"SIGNING_DECLINE_REASON": "0"}),
    "refusals with maybe": ("", {"SIGNING_DECLINE_REASON": "maybe"}),
    "another sender": ("[mail]\nsender = Kanzlei Größe <K@Example.org>", {}),
    "a sender without an address": ("", {"MAIL_SENDER": "desk"}),
    "a sender of two lines": ("", {"MAIL_SENDER": "2: desk@example.com\nother@example.com"}),
    "German": ("", {"MAIL_LANGUAGE": "DE"}),
    "French": ("", {"MAIL_LANGUAGE": "fr"}),
    "the smallest batch": ("", {"MAIL_BATCH": "1"}),
    "an empty batch": ("", {"MAIL_BATCH": "0"}),
    "the largest batch": ("", {"MAIL_BATCH": "1000"}),
    "too large a batch": ("", {"MAIL_BATCH": "1001"}),
    "half a mail": ("", {"MAIL_BATCH": "2.5"}),
    "an office in India": ("[office]\nutc_offset = +05:30", {}),
    "an office in a named zone": ("", {"OFFICE_UTC_OFFSET": "CET"}),
    "a file and a variable": ("[mail]\nbatch = 7", {"MAIL_BATCH": " 8 "}),
    "a variable that is empty": ("[mail]\nbatch = 7", {"MAIL_BATCH": ""}),
    "a misspelt section": ("[link]\nlifetime = 7d", {}),
    "a misspelt setting": ("[links]\nlife_time = 7d", {}),
    "a setting outside a section": ("batch = 7", {}),
    "a setting twice": ("[mail]\nbatch = 7\nbatch = 8", {}),
    "a file with a byte order mark": ("\ufeff[mail]\nbatch = 7", {}),
    "a file that a variable names": (None, {"CONFIG": " etc/other.ini "}),
    "a file that is not there": (None, {"CONFIG": "etc/none.ini"}),
    "a folder of the usual name": ("(folder)", {}),
    "a folder instead of a file": (None, {"CONFIG": "etc"}),
}


def journey(text, environ):
    from pathlib import Path

    from signflow.settings import load

    Path("etc").mkdir()
    Path("etc/other.ini").write_text("[mail]\nbatch = 9\n[storage]\nspool = ../out\n", encoding="utf-8")
    if text == "(folder)":
        Path("signflow.ini").mkdir()
    elif text is not None:
        Path("signflow.ini").write_text(text, encoding="utf-8")
    settings = load(environ={f"SIGNFLOW_{name}": value for name, value in environ.items()})
    for name, value in vars(settings).items():
        shown = value.relative_to(Path.cwd()).as_posix() if isinstance(value, Path) else value
        print(f"{name}: {[str(part) for part in shown] if isinstance(shown, tuple) else shown}")
    print(settings.sender)
