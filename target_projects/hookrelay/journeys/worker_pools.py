"""Several workers drain the queue together, and one of them may fail."""

WHO = "an engineer in operations"
SUBJECT = "Workers side by side"
DETAIL = "The workers of the steps are played by a class; nothing is delivered."

CASES = {
    "one worker": ([{"delivered": 2}], None),
    "two workers": ([{"delivered": 2, "retried": 1}, {"delivered": 1}], None),
    "two workers of which one has nothing to do": ([{"delivered": 2}, {}], None),
    "a worker that fails": (["broken pipe"], None),
    "two workers of which the first fails": (["broken pipe", {"delivered": 1}], None),
    "two workers of which the last fails": ([{"delivered": 1}, "broken pipe"], None),
    "three workers that are done in time": ([{"failed": 1}, {"lost": 1}, {"failed": 2}], 30),
    "a worker that does not end": ([{"delivered": 1}, "sleeps"], 0.2),
    "a pool without workers": ([], None),
}


def journey(workers, most_seconds):
    import threading
    from collections import Counter

    from hookrelay.storage import connect
    from hookrelay.worker import WorkerPool

    morning = threading.Event()

    class Player:
        def __init__(self, name, db):
            self.part = workers[int(name.removeprefix("worker-")) - 1]

        def drain(self):
            if self.part == "sleeps":
                morning.wait(3)
            if isinstance(self.part, str):
                raise OSError(self.part)
            return Counter(self.part)

    pool = WorkerPool(lambda: connect(":memory:"), Player, len(workers))
    print(sorted(pool.run(most_seconds).items()))
    print("all workers came to an end")
