import tomllib
from pathlib import Path

import pytest

from parcelrate import regions
from parcelrate.errors import NoService, UnknownCountry
from parcelrate.regions import Atlas, Place, atlas

DOCUMENT = {
    "regions": {
        "NORTH": {"parent": "EU", "countries": ["SE", "NO"]},
        "EU": {"parent": "WORLD", "countries": ["DE"]},
        "WORLD": {"parent": "", "countries": ["AU"]},
    },
    "aliases": {"SWE": "SE", "EL": "GR"},
    "remote": {"NO": "9[0-9]{3}", "SE": "98[0-9] ?[0-9]{2}"},
}


def test_regions_from_the_nearest_to_the_widest():
    assert Atlas(DOCUMENT).place("SE") == Place("SE", ("NORTH", "EU", "WORLD"), False)
    assert Atlas(DOCUMENT).place("AU").regions == ("WORLD",)


def test_countries_are_written_in_many_ways():
    codes = [" se ", "swe", "Se"]
    assert {Atlas(DOCUMENT).place(code).country for code in codes} == {"SE"}

    assert Atlas(DOCUMENT).place("QQ") == Place("QQ", (), False)
    assert Atlas(DOCUMENT).place("el") == Place("GR", (), False)


def test_not_a_country():
    for text in ["", "S", "SEE", "S1", "Sweden"]:
        with pytest.raises(UnknownCountry, match=f"^not a country: '{text}'$"):
            Atlas(DOCUMENT).place(text)

    assert issubclass(UnknownCountry, NoService)


def test_remote_postcodes():
    found = Atlas(DOCUMENT)
    assert found.place("NO", "9000").remote
    assert found.place("SE", " 981 23 ").remote
    for postcode in ("", "8999", "90001", "N-9000"):
        assert not found.place("NO", postcode).remote

    assert not Atlas(DOCUMENT).place("DE", "9000").remote


def test_regions_that_contain_each_other():
    loop = {"A": {"parent": "B", "countries": ["SE"]}, "B": {"parent": "A", "countries": []}}
    assert Atlas({"regions": loop}).place("SE").regions == ("A", "B")


def document():
    file = Path(regions.__file__).with_name("regions.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def packaged_atlas():
    return Atlas(document())


def test_packaged_regions():
    chains = {
        "DE": ("EU", "EUROPE", "WORLD"),
        "IS": ("NORDIC", "EU", "EUROPE", "WORLD"),
        "CH": ("EUROPE", "WORLD"),
        "US": ("AMERICA", "WORLD"),
        "KW": ("ASIA", "WORLD"),
        "ZA": ("WORLD",),
    }
    assert {code: packaged_atlas().place(code).regions for code in chains} == chains

    assert [packaged_atlas().place(text).country for text in ("EL", "uk", "USA")] == [
        "GR",
        "GB",
        "US",
    ]


def test_packaged_countries():
    found = document()["regions"]
    assert {name: " ".join(region["countries"]) for name, region in found.items()} == {
        "EUROPE": "AL CH GB RS TR UA",
        "EU": "AT BE CZ DE ES FR GR IE IT NL PL PT",
        "NORDIC": "DK FI IS NO SE",
        "AMERICA": "AR BR CA MX US",
        "ASIA": "IN JP KR KW SG",
        "WORLD": "AU NZ ZA",
    }


def test_packaged_remote_postcodes():
    for postcode in ("ZE1 0AA", "iv27 4xy", "HS11AA", "KW15 1AA"):
        assert packaged_atlas().place("GB", postcode).remote
    for postcode in ("E1 0AA", "ZE1", "AZE1 0AA"):
        assert not packaged_atlas().place("GB", postcode).remote

    for code, postcode in (("NO", "9170"), ("US", "96701"), ("US", "99501-1234"), ("US", "99601")):
        assert packaged_atlas().place(code, postcode).remote
    assert packaged_atlas().place("US", "96899").remote
    for code, postcode in (("NO", "0150"), ("US", "96601"), ("US", "99501-12"), ("US", "10001")):
        assert not packaged_atlas().place(code, postcode).remote


def test_packaged_file_is_read_from_any_folder(tmp_path, monkeypatch, plain_machine):
    monkeypatch.chdir(tmp_path)
    atlas.cache_clear()
    assert atlas().place("FR").regions[0] == "EU"
