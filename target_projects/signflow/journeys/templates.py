"""A clerk fills a template and gets the text that will be sent."""

WHO = "a clerk who prepares documents"
SUBJECT = "Text from a template"
DETAIL = "No document is needed for this: the text is filled by itself."

CASES = {
    "the confidentiality agreement": ("nda", None, ["company=Hartley", "partner=Łódź Café", "day=5 March 2024"]),
    "the agreement for five years": ("NDA.txt", None, ["company=H", "partner=P", "day=2024-12-01", "penalty=1 EUR", "years=5", "subject=barns"]),
    "the agreement without a partner": ("nda", None, ["company=Hartley", "day=2024-03-05", "penalty=1"]),
    "the agreement with one name too many": ("nda", None, ["company=H", "partner=P", "day=2024-03-05", "town=Bonn", "city=Ulm"]),
    "the offer": ("offer", None, ["number=a-7", "customer=Orchard", "service=Support", "price=99 EUR", "start=2024-01-31"]),
    "the offer for two weeks": (" Offer ", None, ["Number=b-8", "CUSTOMER= Orchard ", "service=Support", "price=5", "start=today", "valid=14"]),
    "an own template": ("lease", "Pacht für {{ name }}\n", ["name=Zoë"]),
    "an own template of a known name": ("nda", "our own, {{ a }}", ["a=x"]),
    "a placeholder twice": ("lease", "{{ a }} {{a}} {{ A }}", ["a=x"]),
    "a default with blanks": ("lease", "{{ a = the  barn }}.", []),
    "an empty default": ("lease", "[{{ a = }}]", []),
    "a default that is overruled": ("lease", "{{ a = x }} {{ a = y }}", ["a=z"]),
    "a blank value and a default": ("lease", "{{ a = x }}", ["a= "]),
    "a default and none for the same name": ("lease", "{{ a = x }} {{ a }}", []),
    "two missing values": ("lease", "{{ b }} {{ a }} {{ c }}", ["c=1"]),
    "a blank value": ("lease", "{{ a }}", ["a= "]),
    "blanks between the braces": ("lease", "{{a}} {{  b   =  c d  }} {{ e=f }}", ["a=x"]),
    "a name with digits": ("lease", "{{ a_1 }} {{ 1a }} {{ _a }}", ["A_1=x"]),
    "braces that stay": ("lease", "\\{{ a }} { b } {{ 9 }} {{ a }}", ["a={{ b }}"]),
    "an unknown template": ("leese", None, []),
    "a template of another folder": ("../lease", None, []),
    "a template without a name": (".txt", None, []),
}


def journey(name, own, pairs):
    from pathlib import Path

    from signflow.templates import Shelf, fill, placeholders

    folder = Path("templates")
    if own is not None:
        folder.mkdir()
        for stem in ("zoo", name, "barn"):
            (folder / f"{stem}.txt").write_bytes(b"\xef\xbb\xbf" + own.encode("utf-8"))
    shelf = Shelf(folder)
    text = shelf.load(name)
    print(placeholders(text))
    print(fill(text, dict(pair.split("=", 1) for pair in pairs)))
