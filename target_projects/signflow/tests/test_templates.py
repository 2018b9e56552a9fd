import pytest

from signflow.errors import TemplateError
from signflow.templates import Shelf, fill, placeholders


def filled(text, **values):
    return fill(text, values)


def problem(text, **values):
    with pytest.raises(TemplateError) as caught:
        fill(text, values)
    return str(caught.value)


def test_placeholders():
    text = "{{ b }} {{a}} {{ C_2 = x }} {{ b = y }} {{ a }} \\{{ no }} {{ 9 }} { d }"
    assert placeholders(text) == {"b": True, "a": True, "c_2": False}

    assert placeholders("{{ a = x }} {{ a }}") == {"a": True}
    assert placeholders("{{ a = x }} {{ a = y }}") == {"a": False}


def test_fill():
    assert filled("Dear {{ name }}, {{name}}!", name=" Zoë ") == "Dear Zoë, Zoë!"
    assert fill("{{ Name }}", {" NAME ": "x"}) == "x"


def test_defaults():
    text = "{{ days = 30 }} days, {{ what = the  barn }}, {{ e = }}."
    assert filled(text) == "30 days, the  barn, ."
    assert filled("{{a=x}} {{ b= y}} {{ c =z }}") == "x y z"
    assert filled(text, days="7", what=" ") == "7 days, the  barn, ."


def test_escapes_and_values_with_braces():
    assert filled("\\{{ name }} is {{ name }}", name="x") == "{{ name }} is x"

    assert filled("{{ a }} {{ b }}", a="{{ b }}", b="\\1") == "{{ b }} \\1"


def test_missing_and_unknown_values():
    assert problem("{{ b }}{{ a }}{{ c }}", c="x", b=" ") == "no value for b, a"

    unknown = {name: "1" for name in "zywxvu"}
    assert problem("{{ a }}", a="x", **unknown) == "no placeholder for u, v, w, x, y, z"


@pytest.fixture
def shelf(tmp_path):
    (tmp_path / "own").mkdir()
    for name in ("nda", "draft", "4u_2-b", "x"):
        (tmp_path / "own" / f"{name}.txt").write_bytes(f"\ufeff{name} für {{{{ x }}}}".encode())
    (tmp_path / "own" / "offer.txt").mkdir()
    return Shelf(tmp_path / "own")


def test_own_template_hides_the_one_of_the_package(shelf, ascii_machine):
    assert shelf.load(" NDA.txt ") == "nda für {{ x }}"
    assert shelf.load(" Offer.txt ").startswith("OFFER {{ number }}\n")


def test_names_of_templates(shelf):
    for name in ("draft", "4u_2-b", "x"):
        assert shelf.load(f"{name}.txt") == f"{name} für {{{{ x }}}}"
    for name in ("../own/nda", "nda/x", "", ".txt", "-x"):
        with pytest.raises(TemplateError, match="not the name of a template"):
            shelf.load(name)


def test_template_that_is_not_there(shelf):
    with pytest.raises(TemplateError, match="there is no template lease"):
        shelf.load("Lease")


def test_packaged_nda(tmp_path):
    values = {"company": "Hartley", "partner": "Orchard", "day": "5 Mar 2024"}
    assert fill(Shelf(tmp_path).load("nda"), values).splitlines()[2:] == [
        "between Hartley and Orchard, dated 5 Mar 2024.",
        "",
        "1. Both sides keep to themselves what they learn about the project.",
        "2. This holds for 3 years.",
        "3. Whoever breaks it owes 5,000 EUR.",
    ]


def test_packaged_offer(tmp_path):
    values = {"number": "A-7", "customer": "Orchard", "service": "Support", "price": "99 EUR"}
    assert fill(Shelf(tmp_path).load("offer"), {**values, "start": "1 Apr 2024"}) == (
        "OFFER A-7\n\nFor Orchard: Support at 99 EUR a month,\n"
        "from 1 Apr 2024 on. Valid for 30 days.\n"
    )
