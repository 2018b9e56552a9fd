"""The controllers fetch lists of documents from the shared drive."""

WHO = "a controller"
SUBJECT = "List of documents"
DETAIL = "The list of the steps begins with five documents and gets shorter by one a day."

CASES = {
    "a list as CSV": ("csv", ["2024-03-05"], "exports"),
    "a list as JSON": ("json", ["2024-03-05"], "exports"),
    "an unknown format": ("xls", ["2024-03-05"], "exports"),
    "a list in a folder that is not there": ("csv", ["2024-03-05"], "a/b/c"),
    "a list twice on one day": ("json", ["2024-12-31", "2024-12-31"], "exports"),
    "lists of several months": ("csv", ["2024-10-01", "2023-12-31", "2024-02-29"], "exports"),
    "an early year": ("csv", ["0987-01-31"], "exports"),
}


def journey(kind, days, folder):
    from dataclasses import replace
    from datetime import date, timedelta
    from pathlib import Path

    from signflow.documents import DocumentState, Order, decline, move, new_document, sign
    from signflow.exports import write_list
    from signflow.moments import parse_moment
    from signflow.people import Person
    from signflow.records import from_record, to_record

    now, root = parse_moment("2024-03-05T23:30:00Z"), Path(folder)
    people = [Person("Zoë", "zoe@example.com"), Person("", "ben@example.com", 2)]
    documents = [new_document(f"DOC-2024-000{n}", f'Pacht "{n}", Łódź', "bo@example.com", people, Order.GROUPS, now, 2) for n in (2, 1, 3)]
    sent = replace(move(documents[0], DocumentState.SENT), sent_at=now, deadline=now + timedelta(days=14))
    documents += [replace(sign(sent, 2, 2, now), id="DOC-2024-0004", created_at=now - timedelta(days=1)),
                  replace(decline(sent, 1, "zu groß", now), id="DOC-2024-0005", created_at=now + timedelta(days=1))]
    documents = [from_record(to_record(document)) for document in documents]
    for day in days:
        path = write_list(documents, root, date.fromisoformat(day), kind)
        print(path.as_posix(), path.read_bytes()[:900])
        documents.pop()
