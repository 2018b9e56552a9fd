"""An endpoint is down for days; its owner asks when the relay will try again."""

WHO = "merchants with an endpoint that was down"
SUBJECT = "Time of the next attempt"
DETAIL = "The figures come from the relay's own console."

CASES = {
    "the first failure": (1, 500, None, "72h", 0.0, {}),
    "the second failure": (2, 500, None, "72h", 0.0, {}),
    "the third failure": (3, 404, None, "72h", 0.0, {}),
    "the tenth failure": (10, 302, None, "72h", 0.0, {}),
    "the last failure below the cap": (15, 500, None, "72h", 0.0, {}),
    "the first failure at the cap": (16, 500, None, "72h", 0.0, {}),
    "the thousandth failure": (1000, 500, None, "72h", 0.0, {}),
    "half the jitter": (4, 500, None, "72h", 0.5, {}),
    "all the jitter": (4, 500, None, "72h", 1.0, {}),
    "no jitter": (4, 500, None, "72h", 1.0, {"JITTER_PERCENT": "0"}),
    "a factor of three": (4, 500, None, "72h", 0.0, {"FACTOR": "3"}),
    "a factor of one": (4, 500, None, "72h", 0.0, {"FACTOR": "1"}),
    "a base of a minute": (2, 500, None, "72h", 0.0, {"BASE": "1m"}),
    "a cap of five seconds": (4, 500, None, "72h", 0.0, {"CAP": "5s"}),
    "just before the deadline": (10, 500, None, "1s", 0.0, {}),
    "at the deadline": (10, 500, None, "0s", 0.0, {}),
    "no answer": (1, None, "120", "72h", 0.0, {}),
    "a busy endpoint": (1, 429, " 120 ", "72h", 0.0, {}),
    "a busy endpoint near the deadline": (1, 429, "120", "1m", 0.0, {}),
    "an endpoint in maintenance": (1, 503, "Fri, 01 Mar 2024 08:05:00 GMT", "72h", 0.0, {}),
    "maintenance in another zone": (1, 503, "Fri, 01 Mar 2024 09:05:00 +0100", "72h", 0.0, {}),
    "maintenance without a zone": (1, 503, "Fri, 01 Mar 2024 08:05:00 -0000", "72h", 0.0, {}),
    "maintenance that is over": (1, 503, "Fri, 01 Mar 2024 07:00:00 GMT", "72h", 0.0, {}),
    "maintenance until soon": (1, 503, "soon", "72h", 0.0, {}),
    "a wait of nothing": (4, 429, "0", "72h", 0.0, {}),
    "a wait shorter than ours": (4, 429, "2", "72h", 0.0, {}),
    "a wait of ages": (4, 429, "99999999999999", "72h", 0.0, {}),
    "a wait in part seconds": (1, 429, "1.5", "72h", 0.0, {}),
    "a wait with an error of ours": (1, 500, "120", "72h", 0.0, {}),
    "a wait with a bad gateway": (1, 502, "120", "72h", 0.0, {}),
    "an answer before success": (1, 199, None, "72h", 0.0, {}),
    "a success": (1, 200, None, "72h", 0.0, {}),
    "the last kind of success": (1, 299, None, "72h", 0.0, {}),
    "a redirect": (1, 300, None, "72h", 0.0, {}),
    "an endpoint that is gone": (1, 410, None, "72h", 0.0, {}),
}


def journey(failures, status, header, left, drawn, environ):
    from datetime import UTC, datetime

    from hookrelay.backoff import asked_wait, judge, next_attempt, raw_delay
    from hookrelay.moments import parse_duration
    from hookrelay.settings import load_settings

    policy = load_settings(environ={f"HOOKRELAY_RETRY_{key}": value for key, value in environ.items()}).retry
    now = datetime(2024, 3, 1, 8, tzinfo=UTC)
    print(judge(status), raw_delay(policy, failures))
    wait = asked_wait(status, header, now)
    print("asked to wait", wait)
    print(next_attempt(policy, failures, now, now + parse_duration(left), lambda: drawn, wait))
