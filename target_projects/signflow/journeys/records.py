"""Documents of older releases are read back from their records."""

WHO = "an operator of the signing desk"
SUBJECT = "Record of a document"
DETAIL = "No database is needed for this: the record is read by itself."

CASES = {
    "an old record": ({},),
    "a record with everything": ({"order": "groups", "state": "partially_signed", "version": 4, "original": 2, "resends": 1, "sent_at": "2024-03-05T09:00:00+01:00", "deadline": "2024-03-19T08:00:00"},),
    "a signatory with everything": ({"signatories": [{"email": "a@b.co", "name": "Ana", "group": 3, "state": "declined", "round": 2, "reason": "zu groß", "reminded": 2, "invited_at": "2024-03-05T09:00:00Z", "link_expires": "2024-03-06T09:00:00Z", "version": 3, "acted_at": "2024-03-08T09:00:00Z"}]},),
    "two signatories": ({"order": "sequential", "state": "sent", "signatories": [{"email": "b@b.co"}, {"email": "a@b.co", "name": ""}]},),
    "a group of zero": ({"signatories": [{"email": "a@b.co", "group": 0, "round": 0}]},),
    "no signatories": ({"signatories": []},),
    "an empty title": ({"title": ""},),
    "a document of ten thousand": ({"id": "DOC-2021-10000", "title": "x"},),
    "an unknown state": ({"state": "lost"},),
    "an unknown order": ({"order": "random"},),
    "a signatory without an address": ({"signatories": [{"name": "Ana"}]},),
    "a signatory in an unknown state": ({"signatories": [{"email": "a@b.co", "state": "away"}]},),
    "a day that is none": ({"created_at": "2024-02-30"},),
}


def journey(changes):
    from datetime import date

    from signflow.documents import next_id, parse_id, signatory, turn
    from signflow.records import from_record, to_record

    record = {"id": "DOC-2021-0009", "title": "Pacht", "owner": "bo@example.com",
              "signatories": [{"email": "ana@example.com"}], "created_at": "2021-05-01T10:00:00"}
    document = from_record({**record, **changes})
    for name, value in to_record(document).items():
        print(f"{name}: {value}")
    print([(s.position, s.shown_name, s.reminded) for s in document.signatories])
    print("open:", document.is_open, "signed:", document.signed, "next:", [s.position for s in turn(document)])
    print(parse_id(" doc-2021-0009 "), next_id([document.id, "DOC-2021-10000", "DOC-2022-0003"], date(2021, 12, 31)))
    print(next_id([document.id], date(2022, 1, 1)))
    print(signatory(document, 1).email, signatory(document, 2).email)
