"""A document goes round: signatories view, sign and decline, the owner resends or voids it."""

WHO = "the owner of a document"
SUBJECT = "Round of signatures"
DETAIL = "Three people are to sign in the steps, in two groups."

CASES = {
    "signatures at once": ("parallel", {}, ["sign 1", "sign 2", "sign 3"]),
    "signatures the other way round": ("parallel", {}, ["sign 3", "sign 2", "sign 1"]),
    "signatures one after the other": ("sequential", {}, ["sign 1", "wait 1h", "sign 2", "sign 3"]),
    "signatures one after the other, out of turn": ("sequential", {}, ["sign 2"]),
    "signatures by groups": ("groups", {}, ["sign 2", "wait 1d", "sign 1", "sign 3"]),
    "signatures by groups, out of turn": ("groups", {}, ["sign 1"]),
    "a link of somebody whose turn comes later": ("sequential", {}, ["early 2"]),
    "a link of a later group": ("groups", {}, ["early 1"]),
    "signatures in the order of the settings": (None, {"SIGNFLOW_SIGNING_ORDER": "sequential"}, ["sign 1"]),
    "a document that nobody signs": ("parallel", {}, ["wait 1d"]),
    "a look before signing": ("parallel", {}, ["view 1", "wait 1h", "view 1", "sign 1", "view 2"]),
    "a look after signing": ("parallel", {}, ["sign 1", "view 1"]),
    "the same click twice": ("parallel", {}, ["sign 1", "wait 1m", "sign 1"]),
    "the same click a month later": ("parallel", {}, ["sign 1", "wait 30d", "sign 1"]),
    "the last click twice": ("parallel", {}, ["sign 1", "sign 2", "sign 3", "sign 3"]),
    "a click too late": ("parallel", {}, ["wait 7d", "sign 1"]),
    "a click in the last second": ("parallel", {}, ["wait 604799s", "sign 1"]),
    "a refusal": ("parallel", {}, ["decline 2 wrong  rent"]),
    "a refusal twice": ("parallel", {}, ["decline 2 wrong rent", "wait 9d", "decline 2 again"]),
    "a refusal without a reason": ("parallel", {}, ["decline 2"]),
    "a refusal without a reason where none is needed": ("parallel", {"SIGNFLOW_SIGNING_DECLINE_REASON": "no"}, ["decline 2"]),
    "a signature after a refusal": ("parallel", {}, ["decline 2 no", "sign 1"]),
    "a signature after one's own refusal": ("parallel", {}, ["decline 2 no", "sign 2"]),
    "a refusal after one's own signature": ("parallel", {}, ["sign 2", "decline 2 no"]),
    "a refusal, a resend and a signature": ("sequential", {}, ["sign 1", "decline 2 no", "wait 1d", "resend", "sign 2", "sign 3"]),
    "a refusal of the first and a resend": ("sequential", {}, ["decline 1 no", "resend", "sign 1"]),
    "a resend of an open document": ("parallel", {}, ["sign 1", "resend", "sign 2"]),
    "an older link after a resend": ("parallel", {}, ["keep 1", "resend", "old 1"]),
    "three resends": ("parallel", {}, ["resend", "resend", "resend", "sign 1"]),
    "four resends": ("parallel", {}, ["resend", "resend", "resend", "resend"]),
    "a resend where none is allowed": ("parallel", {"SIGNFLOW_SIGNING_MAX_RESENDS": "0"}, ["resend"]),
    "a resend of a completed document": ("parallel", {}, ["sign 1", "sign 2", "sign 3", "resend"]),
    "a document that is sent twice": ("parallel", {}, ["send"]),
    "a document that is taken back": ("sequential", {}, ["sign 1", "void  sold ", "sign 2"]),
    "a document that is taken back twice": ("parallel", {}, ["void sold", "void sold"]),
    "a document that is taken back without a reason": ("parallel", {}, ["void"]),
    "a document that is taken back after a refusal": ("parallel", {}, ["decline 1 no", "void sold"]),
    "a completed document that is taken back": ("parallel", {}, ["sign 1", "sign 2", "sign 3", "void sold"]),
    "a short deadline": ("parallel", {"SIGNFLOW_SIGNING_DEADLINE": "2d"}, ["wait 2d", "sign 1"]),
    "a long life of links": ("parallel", {"SIGNFLOW_LINKS_LIFETIME": "30d"}, ["wait 13d", "sign 1"]),
    "a new secret with the old one retired": ("parallel", {"SIGNFLOW_LINKS_RETIRED_SECRETS": "an older secret, 2023"}, ["sign 1"]),
    "no secret": ("parallel", {"SIGNFLOW_LINKS_SECRET": ""}, []),
}


def journey(order, environ, steps):
    from signflow.documents import Order
    from signflow.moments import FrozenClock, parse_span
    from signflow.people import parse_people
    from signflow.service import SigningDesk
    from signflow.settings import load
    from signflow.storage import connect
    from signflow.tokens import Claim

    settings = load(environ={"SIGNFLOW_LINKS_SECRET": "the secret of this year", **environ})
    clock, id = FrozenClock("2024-03-05T09:00:00Z"), "DOC-2024-0001"
    desk = SigningDesk(connect(settings.database), settings, clock)
    people = parse_people("2: Ana Ruiz <ana@example.com>; Zoë <zoe@example.com>; 2: cleo@example.com")
    desk.draft("Pacht  Łódź", "Pacht\nEnde", "Bo@Example.com", people, Order(order) if order else None)
    desk.send(id)
    kept = {}
    try:
        for step in steps:
            action, _, rest = step.partition(" ")
            number, _, reason = rest.partition(" ")
            if action in ("sign", "view", "decline", "keep"):
                document = desk.store.get(id)
                token = desk.token(document, document.signatories[int(number) - 1])
            if action == "sign":
                print(desk.sign(token, "192.0.2.77:443"))
            elif action == "view":
                print(repr(desk.view(token, "[2001:db8:1:2::3]")))
            elif action == "decline":
                print(desk.decline(token, reason, "unknown host"))
            elif action == "early":
                claim = Claim(id, int(number), 1, clock() + parse_span("7d"))
                print(desk.view(desk.mint.issue(claim)))
            elif action == "keep":
                kept[number] = token
            elif action == "old":
                print(desk.sign(kept[number]))
            elif action == "wait":
                clock.forward(rest)
            elif action == "void":
                print(desk.void(id, rest).state)
            else:
                print(getattr(desk, action)(id).deadline)
    finally:
        document = desk.store.get(id)
        print(document.state, "version", document.version, "resends", document.resends)
        for entry in desk.audit.entries(id):
            print(entry.at[5:16], entry.event, entry.actor, entry.address, entry.detail[:30])
        for notice in desk.outbox.waiting(20):
            print(notice.key, "|", notice.to, "|", notice.subject, "|", notice.body.splitlines()[-1])
        print("problems:", desk.check(id))
