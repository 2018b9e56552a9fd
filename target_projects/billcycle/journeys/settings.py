"""An operator changes a setting and looks at what the service makes of it."""

WHO = "an operator of the billing service"
SUBJECT = "Settings of the service"
DETAIL = "The settings file lies in a folder conf, which the steps make."

CASES = {
    "no settings at all": ("", {}),
    "another database and spool": ('[storage]\ndatabase = "data/b.db"\nspool = "out"', {}),
    "another lease and skew": ('[worker]\nlease = "20m"\nclock_skew = "45s"', {}),
    "other retries": ('[worker]\nmax_attempts = 9\nretry_base = "2m"\nretry_cap = "1d"', {}),
    "another batch": ("[worker]\nbatch = 7", {}),
    "another sender": ('[mail]\nsender = "AR <ar@example.org>"', {}),
    "another send time and offset": ('[mail]\nsend_time = "07:45"\nutc_offset = "-03:30"', {}),
    "weekends left out": ("[mail]\nskip_weekends = true", {}),
    "other exports": ('[export]\nfolder = "daily"\nformat = "both"\nkeep_days = 14', {}),
    "exports in JSON": ("", {"BILLCYCLE_EXPORT_FORMAT": "JSON"}),
    "exports in an unknown format": ("", {"BILLCYCLE_EXPORT_FORMAT": "xls"}),
    "another currency": ('[billing]\ncurrency = "usd"', {}),
    "an unknown currency": ('[billing]\ncurrency = "doge"', {}),
    "reminders of its own": ('[[reminders]]\noffset = "2w"\nsubject = "late {number}"', {}),
    "half a reminder": ("[[reminders]]\noffset = 3", {}),
    "a file and a variable": ("[worker]\nbatch = 7", {"BILLCYCLE_WORKER_BATCH": "8"}),
    "a variable that is empty": ("[worker]\nbatch = 7", {"BILLCYCLE_WORKER_BATCH": ""}),
    "the shortest lease": ("", {"BILLCYCLE_WORKER_LEASE": "10s", "BILLCYCLE_WORKER_CLOCK_SKEW": "0s"}),
    "too short a lease": ("", {"BILLCYCLE_WORKER_LEASE": "9s", "BILLCYCLE_WORKER_CLOCK_SKEW": "0s"}),
    "a lease of an hour": ("", {"BILLCYCLE_WORKER_LEASE": "60m"}),
    "a lease of more than an hour": ("", {"BILLCYCLE_WORKER_LEASE": "61m"}),
    "a lease of twice the skew": ("", {"BILLCYCLE_WORKER_LEASE": "60s"}),
    "the longest skew": ("", {"BILLCYCLE_WORKER_LEASE": "1h", "BILLCYCLE_WORKER_CLOCK_SKEW": "5m"}),
    "too long a skew": ("", {"BILLCYCLE_WORKER_LEASE": "1h", "BILLCYCLE_WORKER_CLOCK_SKEW": "301s"}),
    "the smallest batch": ("", {"BILLCYCLE_WORKER_BATCH": "1"}),
    "an empty batch": ("", {"BILLCYCLE_WORKER_BATCH": "0"}),
    "the largest batch": ("", {"BILLCYCLE_WORKER_BATCH": "500"}),
    "too large a batch": ("", {"BILLCYCLE_WORKER_BATCH": "501"}),
    "half a job in a batch": ("", {"BILLCYCLE_WORKER_BATCH": "2.5"}),
    "ten attempts": ("", {"BILLCYCLE_WORKER_MAX_ATTEMPTS": "10"}),
    "eleven attempts": ("", {"BILLCYCLE_WORKER_MAX_ATTEMPTS": "11"}),
    "one attempt": ("", {"BILLCYCLE_WORKER_MAX_ATTEMPTS": "1"}),
    "a cap equal to the base": ("", {"BILLCYCLE_WORKER_RETRY_CAP": "60s"}),
    "a cap below the base": ("", {"BILLCYCLE_WORKER_RETRY_CAP": "59s"}),
    "a cap of three days": ("", {"BILLCYCLE_WORKER_RETRY_CAP": "3d"}),
    "a base of milliseconds": ("", {"BILLCYCLE_WORKER_RETRY_BASE": "1500ms"}),
    "a base of an hour": ("", {"BILLCYCLE_WORKER_RETRY_BASE": "1H"}),
    "a base of zero": ("", {"BILLCYCLE_WORKER_RETRY_BASE": "0s"}),
    "a duration without a unit": ("", {"BILLCYCLE_WORKER_LEASE": "300"}),
    "exports kept for no day": ("", {"BILLCYCLE_EXPORT_KEEP_DAYS": "0"}),
    "exports kept for ten years": ("", {"BILLCYCLE_EXPORT_KEEP_DAYS": "3650"}),
    "exports kept for more than ten years": ("", {"BILLCYCLE_EXPORT_KEEP_DAYS": "3651"}),
    "midnight": ("", {"BILLCYCLE_MAIL_SEND_TIME": "0:00"}),
    "the last minute of the day": ("", {"BILLCYCLE_MAIL_SEND_TIME": "23:59"}),
    "the hour after the last": ("", {"BILLCYCLE_MAIL_SEND_TIME": "24:00"}),
    "a send time of sixty minutes": ("", {"BILLCYCLE_MAIL_SEND_TIME": "12:60"}),
    "a send time without minutes": ("", {"BILLCYCLE_MAIL_SEND_TIME": "9"}),
    "the office in India": ("", {"BILLCYCLE_MAIL_UTC_OFFSET": "+05:30"}),
    "the office at the date line": ("", {"BILLCYCLE_MAIL_UTC_OFFSET": "+14:00"}),
    "the office beyond the date line": ("", {"BILLCYCLE_MAIL_UTC_OFFSET": "+14:01"}),
    "an offset without a colon": ("", {"BILLCYCLE_MAIL_UTC_OFFSET": "+0145"}),
    "the office in UTC": ("", {"BILLCYCLE_MAIL_UTC_OFFSET": "utc"}),
    "the office in Z": ("", {"BILLCYCLE_MAIL_UTC_OFFSET": "Z"}),
    "weekends left out with yes": ("", {"BILLCYCLE_MAIL_SKIP_WEEKENDS": "Yes"}),
    "weekends left out with on": ("", {"BILLCYCLE_MAIL_SKIP_WEEKENDS": "on"}),
    "weekends left out with 1": ("", {"BILLCYCLE_MAIL_SKIP_WEEKENDS": "1"}),
    "weekends kept with off": ("", {"BILLCYCLE_MAIL_SKIP_WEEKENDS": "off"}),
    "weekends kept with 0": ("", {"BILLCYCLE_MAIL_SKIP_WEEKENDS": "0"}),
    "weekends kept with false": ("", {"BILLCYCLE_MAIL_SKIP_WEEKENDS": "false"}),
    "weekends left out perhaps": ("", {"BILLCYCLE_MAIL_SKIP_WEEKENDS": "perhaps"}),
    "a misspelt setting": ('[worker]\nleese = "5m"', {}),
    "a misspelt section": ('[wroker]\nlease = "5m"', {}),
    "a setting outside its section": ("worker = 5", {}),
    "a send time with three digits of minutes": ("", {"BILLCYCLE_MAIL_SEND_TIME": "9:005"}),
    "an offset in words": ("", {"BILLCYCLE_MAIL_UTC_OFFSET": "two hours"}),
    "a sender with a name outside ASCII": ('[mail]\nsender = "Łukasz Ltd <billing@example.com>"', {}),
    "a file that is not TOML": ("[worker", {}),
    "a subject with an unknown placeholder": ('[[reminders]]\noffset = 1\nsubject = "{unknown}"', {}),
    "a subject with a numbered placeholder": ('[[reminders]]\noffset = 1\nsubject = "{0}"', {}),
    "a subject with an attribute": ('[[reminders]]\noffset = 1\nsubject = "{number.x}"', {}),
    "a subject with an open brace": ('[[reminders]]\noffset = 1\nsubject = "{"', {}),
    "every known setting of mail": (
        '[mail]\nsender = "a@example.com"\nsend_time = "8:00"\nutc_offset = "+01:00"\nskip_weekends = true',
        {},
    ),
    "every known setting of storage and export": (
        '[storage]\ndatabase = "data/b.db"\nspool = "out"\n'
        '[export]\nfolder = "files"\nformat = "both"\nkeep_days = 7\n[billing]\ncurrency = "chf"',
        {},
    ),
}


def journey(text, environ):
    from pathlib import Path

    from billcycle.settings import load

    folder = Path("conf")
    folder.mkdir(exist_ok=True)
    (folder / "billcycle.toml").write_text(text, encoding="utf-8")
    for name, value in vars(load(folder / "billcycle.toml", environ)).items():
        print(f"{name}: {value.as_posix() if isinstance(value, Path) else value}")
