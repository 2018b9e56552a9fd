"""The scan runs every day at the same hour, and somebody looks at what it did."""

WHO = "an operator of the signing desk"
SUBJECT = "Daily scan"
DETAIL = "Two documents go to two people each in the steps."

CASES = {
    "the usual settings": ({}, "parallel", "09:00", 16),
    "two who sign one after the other": ({}, "sequential", "09:00", 16),
    "no last call": ({"REMINDERS_LAST_CALL": "0s"}, "parallel", "09:00", 16),
    "a last call two days before": ({"REMINDERS_LAST_CALL": "2d"}, "parallel", "09:00", 16),
    "a reminder every day": ({"REMINDERS_AFTER": "1d,2d,3d"}, "parallel", "09:00", 6),
    "no reminders": ({"REMINDERS_AFTER": ",", "REMINDERS_LAST_CALL": "0s"}, "parallel", "09:00", 16),
    "a deadline of a day": ({"SIGNING_DEADLINE": "1d"}, "parallel", "09:00", 3),
    "a deadline of three days": ({"SIGNING_DEADLINE": "3d"}, "parallel", "09:00", 5),
    "links of one day": ({"LINKS_LIFETIME": "1d"}, "parallel", "09:00", 4),
    "an office in India": ({"OFFICE_UTC_OFFSET": "+05:30"}, "parallel", "12:30", 8),
    "an office in Chile": ({"OFFICE_UTC_OFFSET": "-03:00"}, "parallel", "11:00", 8),
    "a second before a reminder is due": ({}, "parallel", "08:59", 16),
    "an hour between two documents": ({}, "parallel", "09:29", 16),
    "a last call on the day of the invitation": ({"SIGNING_DEADLINE": "3d", "REMINDERS_LAST_CALL": "3d"}, "parallel", "09:00", 5),
    "mails in German": ({"MAIL_LANGUAGE": "de"}, "parallel", "09:00", 16),
    "mails one by one": ({"MAIL_BATCH": "1"}, "parallel", "09:00", 4),
    "another sender": ({"MAIL_SENDER": "Kanzlei Größe <k@example.org>"}, "parallel", "09:00", 2),
    "another web address": ({"LINKS_BASE_URL": "http://sign.test:8080/x/"}, "parallel", "09:00", 2),
}


def journey(environ, order, hour, days):
    from datetime import timedelta

    from signflow.documents import Order
    from signflow.moments import FrozenClock, parse_moment
    from signflow.people import parse_people
    from signflow.service import SigningDesk
    from signflow.settings import load
    from signflow.storage import connect

    variables = {f"SIGNFLOW_{name}": value for name, value in environ.items()}
    settings = load(environ={"SIGNFLOW_LINKS_SECRET": "the secret of this year", **variables})
    clock = FrozenClock("2024-03-05T09:00:00Z")
    desk = SigningDesk(connect(":memory:"), settings, clock)
    people = parse_people("Zoë <zoe@example.com>; ben@example.com")
    for title in ("Lease", "Größe"):
        desk.send(desk.draft(title, "Text", "bo@example.com", people, Order(order)).id)
        clock.forward("30m")
    first = None
    for day in range(days):
        clock.now = parse_moment(f"2024-03-05T{hour}:00Z") + timedelta(days=day)
        expired, reminded, sent = desk.expire(), desk.remind(), desk.deliver()
        if expired or reminded or sent:
            print(f"{clock():%d %H:%M}", expired, reminded, sent)
        if first is None and reminded:
            first = reminded[0]
    for file in sorted(settings.spool.glob("*/*.mail")):
        lines = file.read_text(encoding="utf-8").splitlines()
        if "0002" not in file.name and "_2_" not in file.name:
            print(file.parent.name, file.name, lines[0], lines[2], *lines[4:8], sep=" | ")
