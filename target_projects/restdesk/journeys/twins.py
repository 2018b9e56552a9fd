"""Two machines work on the same request at the same time, or one of them dies."""

WHO = "the operators of the service"
SUBJECT = "Idempotency keys shared by two machines"
DETAIL = "Both machines run the same release."

CASES = {
    "a twin at the same moment": ([("begin", "key_1", "print", 0), ("begin", "key_1", "print", 0)],),
    "a twin in the last second of the lock": ([("begin", "key_1", "print", 0), ("begin", "key_1", "print", 59)],),
    "a twin when the lock is over": ([("begin", "key_1", "print", 0), ("begin", "key_1", "print", 60), ("begin", "key_1", "print", 1)],),
    "a twin with another request": ([("begin", "key_1", "print", 0), ("begin", "key_1", "other", 1)],),
    "another customer's twin": ([("begin", "key_1", "print", 0), ("begin", "key_2", "print", 1)],),
    "a twin after the answer": ([("begin", "key_1", "print", 0), ("finish", "key_1", 201, 1), ("begin", "key_1", "print", 1)],),
    "a twin after a failure of ours": ([("begin", "key_1", "print", 0), ("finish", "key_1", 500, 1), ("begin", "key_1", "print", 1)],),
    "a twin after the worst answer that is kept": ([("begin", "key_1", "print", 0), ("finish", "key_1", 499, 1), ("begin", "key_1", "print", 1)],),
    "a twin after an answer to somebody else": ([("begin", "key_1", "print", 0), ("begin", "key_2", "print", 0), ("finish", "key_2", 201, 1), ("begin", "key_1", "print", 1)],),
    "a twin after a release": ([("begin", "key_1", "print", 0), ("release", "key_1", "", 1), ("begin", "key_1", "print", 1)],),
    "an answer in its last second": ([("begin", "key_1", "print", 0), ("finish", "key_1", 201, 1), ("begin", "key_1", "print", 86398)],),
    "an answer that is over": ([("begin", "key_1", "print", 0), ("finish", "key_1", 201, 1), ("begin", "key_1", "print", 86399)],),
    "a purge of locks": ([("begin", "key_1", "print", 0), ("purge", "", "", 59), ("purge", "", "", 1), ("begin", "key_1", "other", 1)],),
    "a purge of answers": ([("begin", "key_1", "print", 0), ("finish", "key_1", 201, 0), ("purge", "", "", 60), ("purge", "", "", 86400)],),
}


def journey(steps):
    from datetime import datetime, timedelta, timezone
    from restdesk.idempotency import Replays
    from restdesk.settings import load
    from restdesk.storage import connect
    from restdesk.wire import Response

    settings, now = load(environ={}), datetime(2024, 3, 1, 9, tzinfo=timezone.utc)
    replays = Replays(connect(":memory:"), settings.replay_keep, settings.replay_lock)
    for what, owner, detail, wait in steps:
        now += timedelta(seconds=wait)
        if what == "begin":
            print("before:", replays.begin(owner, "order-17", detail, now))
        elif what == "finish":
            replays.finish(owner, "order-17", Response(detail, {"name": "Łódź"}, {"ETag": '"1"'}))
        elif what == "release":
            replays.release(owner, "order-17")
        else:
            print("purged:", replays.purge(now))
