"""Operations change the settings file or a variable and look at what the service makes of it."""

WHO = "an administrator who installs the service"
SUBJECT = "Settings of the service"
DETAIL = "One of the settings files of the steps is in Latin-1."

CASES = {
    "no settings at all": ("", {}),
    "a database elsewhere": ("[server]\ndatabase = 'data/desk.db'", {}),
    "a database in memory": ("", {"SERVER_DATABASE": ":memory:"}),
    "logs in the home folder": ("[server]\naccess_log = '~/logs'", {}),
    "the smallest body": ("[server]\nmax_body = '1KB'", {}),
    "a body in bytes": ("[server]\nmax_body = 2048", {}),
    "a body in blank and bytes": ("[server]\nmax_body = '2048 b'", {}),
    "a body of megabytes": ("[server]\nmax_body = '10 MB'", {}),
    "a body that is too small": ("[server]\nmax_body = '1023'", {}),
    "a body that is too large": ("[server]\nmax_body = '11MB'", {}),
    "a body in gigabytes": ("[server]\nmax_body = '1GB'", {}),
    "the largest pages": ("[pages]\nmax_limit = 1000\ndefault_limit = 1000", {}),
    "pages that are too large": ("[pages]\nmax_limit = 1001", {}),
    "pages of one": ("[pages]\nmax_limit = 1\ndefault_limit = 1", {}),
    "pages of none": ("[pages]\ndefault_limit = 0", {}),
    "usual pages above the limit": ("[pages]\ndefault_limit = 101", {}),
    "an empty variable": ("[pages]\nmax_limit = 50", {"PAGES_MAX_LIMIT": " "}),
    "a variable over the file": ("[pages]\nmax_limit = 50", {"PAGES_MAX_LIMIT": " 60 "}),
    "a number with a sign": ("[pages]\nmax_limit = -5", {}),
    "another usual plan": ("[keys]\ndefault_plan = 'Bulk'\nmax_age = '1d'", {}),
    "a usual plan that is none": ("[keys]\ndefault_plan = 'gold'", {}),
    "keys that last too long": ("[keys]\nmax_age = '1826d'", {}),
    "keys that last five years": ("[keys]\nmax_age = '1825d'", {}),
    "the highest fee": ("[charges]\nfee_percent = '25%'", {}),
    "no fee": ("[charges]\nfee_percent = 0", {}),
    "a fee that is too high": ("[charges]\nfee_percent = '25.1'", {}),
    "a fee below zero": ("[charges]\nfee_percent = '-1'", {}),
    "a fee in words": ("[charges]\nfee_percent = 'none'", {}),
    "another processor": ("[processor]\nurl = 'https://bank.example'\ntimeout = '1m'\nretry_after = '10m'", {}),
    "a processor with blanks": ("[processor]\nurl = ' https://bank.example '", {}),
    "a processor with little time": ("[processor]\ntimeout = '999ms'", {}),
    "a processor that is asked too soon": ("[processor]\nretry_after = '500ms'", {}),
    "a patient client": ("[client]\nmax_attempts = 10\nbase = '10s'\ncap = '5m'\npatience = '1h'", {}),
    "a hasty client": ("[client]\nmax_attempts = 1\nbase = '50ms'\ncap = '1s'\npatience = '1s'", {}),
    "a cap below the base": ("[client]\nbase = '2s'\ncap = '1s'", {}),
    "a cap equal to the base": ("[client]\nbase = '2s'\ncap = '2s'", {}),
    "too many attempts": ("[client]\nmax_attempts = 11", {}),
    "another plan": ("[plans]\nbasic = '250 / 1H'", {"PLANS_BULK": "7/10s"}),
    "a plan without a time": ("[plans]\nbasic = '250'", {}),
    "a plan without requests": ("[plans]\nbasic = '/1m'", {}),
    "a plan of no requests": ("[plans]\nbasic = '0/1m'", {}),
    "a plan of no time": ("[plans]\nbasic = '1/0s'", {}),
    "a plan of one": ("[plans]\ntrial = '1/1ms'", {}),
    "a plan of two times": ("[plans]\ntrial = '1/1m/1m'", {}),
    "a plan that is new": ("[plans]\ngold = '1/1m'", {}),
    "a fee of a third of a percent": ("[charges]\nfee_percent = 0.33", {}),
    "a fee with a comma": ("[charges]\nfee_percent = '2,9'", {}),
    "a log in a folder with an accent": ("[server]\naccess_log = 'Łódź/log'", {}),
    "a log by a variable": ("", {"SERVER_ACCESS_LOG": "~/log"}),
    "an unknown section": ("[page]\nmax_limit = 5", {}),
    "an unknown setting": ("[pages]\nlimit = 5", {}),
    "a section that is a number": ("pages = 5", {}),
    "a duration without a unit": ("[client]\ncap = 5", {}),
    "a file that is no TOML": ("pages", {}),
    "no named file": (None, {}),
    "a variable that names a file": (None, {"CONFIG": "other.toml"}),
    "a variable that names no file": (None, {"CONFIG": ""}),
    "a file and a variable that names one": ("[pages]\nmax_limit = 40", {"CONFIG": "other.toml"}),
    "a variable that names a file in the home folder": (None, {"CONFIG": "~/mine.toml"}),
    "a variable that names a file that is not there": (None, {"CONFIG": "absent.toml"}),
    "a file in another encoding": (None, {"CONFIG": "latin.toml"}),
}


def journey(text, environ):
    import os
    from pathlib import Path
    from restdesk.settings import load

    os.environ["HOME"] = str(Path.cwd() / "ana")
    for number, file in enumerate(["restdesk.toml", "other.toml", "ana/mine.toml"], 31):
        Path(file).parent.mkdir(exist_ok=True)
        Path(file).write_text(f"[pages]\nmax_limit = {number}\n", encoding="utf-8")
    Path("latin.toml").write_bytes(b"[server]\naccess_log = 'K\xf6ln'\n")
    if text is not None:
        Path("ana/desk.toml").write_text(text, encoding="utf-8")
    named = None if text is None else Path("ana/desk.toml")
    settings = load(named, {f"RESTDESK_{name}": value for name, value in environ.items()})
    for name, value in vars(settings).items():
        if name in ("plans", "currencies"):
            print(*value.values(), sep="\n")
        elif name in ("database", "access_log") and value != ":memory:":
            print(name, Path(value).relative_to(Path.cwd()).as_posix())
        else:
            print(name, value)
