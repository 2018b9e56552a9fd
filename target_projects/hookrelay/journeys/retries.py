"""An endpoint is down for days; its owner asks when the relay will try again."""

WHO = "a merchant with an endpoint that was down"
SUBJECT = "Time of the next attempt"
DETAIL = "The jitter is not drawn by chance in the steps: its value is given."

CASES = {
    "the first failure": (1, 500, "72h", 0.0, {}),
    "the second failure": (2, 500, "72h", 0.0, {}),
    "the third failure": (3, 404, "72h", 0.0, {}),
    "the tenth failure": (10, 302, "72h", 0.0, {}),
    "the last failure below the cap": (15, 500, "72h", 0.0, {}),
    "the first failure at the cap": (16, 500, "72h", 0.0, {}),
    "the thousandth failure": (1000, 500, "72h", 0.0, {}),
    "half the jitter": (4, 500, "72h", 0.5, {}),
    "all the jitter": (4, 500, "72h", 1.0, {}),
    "no jitter": (4, 500, "72h", 1.0, {"JITTER_PERCENT": "0"}),
    "a factor of three": (4, 500, "72h", 0.0, {"FACTOR": "3"}),
    "a factor of one": (4, 500, "72h", 0.0, {"FACTOR": "1"}),
    "a base of a minute": (2, 500, "72h", 0.0, {"BASE": "1m"}),
    "a cap of five seconds": (4, 500, "72h", 0.0, {"CAP": "5s"}),
    "a failure just before the deadline": (10, 500, "1s", 0.0, {}),
    "a failure at the deadline": (10, 500, "0s", 0.0, {}),
    "no answer": (1, None, "72h", 0.0, {}),
    "an answer before success": (1, 199, "72h", 0.0, {}),
    "a success": (1, 200, "72h", 0.0, {}),
    "the last kind of success": (1, 299, "72h", 0.0, {}),
    "a redirect": (1, 300, "72h", 0.0, {}),
    "an endpoint that is gone": (1, 410, "72h", 0.0, {}),
}


def journey(failures, status, left, drawn, environ):
    from datetime import UTC, datetime

    from hookrelay.backoff import judge, next_attempt, raw_delay
    from hookrelay.moments import parse_duration
    from hookrelay.settings import load_settings

    policy = load_settings(environ={f"HOOKRELAY_RETRY_{key}": value for key, value in environ.items()}).retry
    now = datetime(2024, 3, 1, 8, tzinfo=UTC)
    print(judge(status), raw_delay(policy, failures))
    print(next_attempt(policy, failures, now, now + parse_duration(left), lambda: drawn))
