import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from builders import NOON, UTC, euros, make_session
from gridwords.errors import SessionError
from gridwords.sessions import (
    Prizes,
    Session,
    SessionStore,
    award,
    from_record,
    player_name,
    standings,
)

RECORD = {
    "player": "Ana",
    "board": "b1",
    "started": "2024-03-01T12:00:00Z",
    "points": 5,
    "words": [],
}


def record(**changes):
    return {**RECORD, **changes}


@pytest.fixture
def store(tmp_path):
    return SessionStore(tmp_path / "data" / "sessions", timezone(timedelta(hours=2)))


def test_player_names():
    assert player_name("  Ana \t  Ruiz\n") == "Ana Ruiz"
    for name in ("Ñ", "Ñ" * 24):
        assert player_name(name) == name
    for text in ("", " ", "n" * 25, "a\x07b"):
        with pytest.raises(SessionError, match="1 to 24 characters"):
            player_name(text)


def test_session_of_a_record():
    session = from_record(record(words=["CAT", "DOG"], player=" Ana  R "))
    assert session == Session("Ana R", "b1", NOON, 5, ("CAT", "DOG"))
    assert from_record(record(points=0)).points == 0

    session = from_record(record(started="2024-03-01T14:00:00+02:00"))
    assert session.started == datetime(2024, 3, 1, 12, tzinfo=UTC)


def test_faulty_records():
    for score in [-1, "5", 2.5, True, None]:
        with pytest.raises(SessionError, match="points cannot be"):
            from_record(record(points=score))

    for changes in [{"started": "noon"}, {"started": 5}, {"player": None}, {"words": 7}]:
        with pytest.raises(SessionError, match="cannot be read"):
            from_record(record(**changes))

    with pytest.raises(SessionError, match="wrong fields: board, colour"):
        from_record({name: "" for name in ("player", "started", "points", "words", "colour")})
    with pytest.raises(SessionError, match="wrong fields: board, player, points, started, words"):
        from_record([])
    with pytest.raises(SessionError, match="wrong fields"):
        from_record(7)


def test_file_of_a_day(store):
    assert store.file(date(2024, 3, 1)).parts[-2:] == ("2024", "03-01.jsonl")


def test_line_of_a_session(store, other_machine):
    store.add(make_session("Zoë", 3, words=("CAT", "ÉTÉ")))
    assert (
        store.file(date(2024, 3, 1)).read_bytes()
        == (
            '{"player": "Zoë", "board": "b1", "started": "2024-03-01T12:00:00Z", "points": 3,'
            ' "words": ["CAT", "ÉTÉ"]}\n'
        ).encode()
    )


def test_lines_are_read_in_utf8(store, other_machine):
    store.add(make_session("Zoë"))
    assert [session.player for session in store.sessions()] == ["Zoë"]


def test_sessions_are_filed_under_the_day_of_the_desk(store):
    store.add(make_session(day=1, hour=21))
    store.add(make_session(day=1, hour=22, board="b2"))
    assert store.days() == [date(2024, 3, 1), date(2024, 3, 2)]


def test_sessions_are_appended(store):
    store.add(make_session("Ana"))
    store.add(make_session("Bo"))
    assert [session.player for session in store.sessions()] == ["Ana", "Bo"]


def test_a_board_is_played_once(store):
    store.add(make_session("Ana", board="b1", day=1))
    store.add(make_session("Ana", board="b2"))
    store.add(make_session("Bo", board="b1"))
    with pytest.raises(SessionError, match="ANA has played b1 before"):
        store.add(make_session("ANA", board="b1", day=9))
    assert len(store.sessions()) == 3

    for name, again in [("Strauß", "STRAUSS"), ("WEISS", "Weiß")]:
        store.add(make_session(name))
        with pytest.raises(SessionError, match=f"{again} has played b1 before"):
            store.add(make_session(again))


def test_sessions_of_some_days(store):
    for day in (3, 1, 2, 4):
        store.add(make_session(day=day, board=f"b{day}"))
    found = store.sessions(date(2024, 3, 2), date(2024, 3, 3))
    assert [session.board for session in found] == ["b2", "b3"]
    assert [session.board for session in store.sessions()] == ["b1", "b2", "b3", "b4"]


def test_sessions_of_a_day_are_in_the_order_of_time(store):
    store.add(make_session("Ana", hour=15))
    store.add(make_session("Bo", hour=9))
    assert [session.player for session in store.sessions()] == ["Bo", "Ana"]


def test_days_are_sorted(store, monkeypatch):
    for name in ("2024/02-29", "2023/12-31", "2024/03-01"):
        file = store.folder / f"{name}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    found = Path.glob
    monkeypatch.setattr(
        Path, "glob", lambda path, pattern: sorted(found(path, pattern), reverse=True)
    )
    assert [day.isoformat() for day in store.days()] == ["2023-12-31", "2024-02-29", "2024-03-01"]


def test_other_files_are_left_alone(store):
    for name in ("2024/02-30.jsonl", "2024/3-01.jsonl", "2024/ab-cd.jsonl", "2024/03-01.txt"):
        file = store.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert store.days() == []

    assert store.sessions() == []


def test_lines_that_cannot_be_read(store):
    file = store.file(date(2024, 3, 1))
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(RECORD) + "\n{oops\n", encoding="utf-8")
    with pytest.raises(SessionError, match="03-01.jsonl, line 2: not JSON"):
        store.sessions()
    file.write_text(json.dumps(record(points=-1)) + "\n", encoding="utf-8")
    with pytest.raises(SessionError, match="line 1: points cannot be -1"):
        store.sessions()
    file.write_bytes(b'{"player": "Zo\xeb"}\n')
    with pytest.raises(SessionError, match="03-01.jsonl is not UTF-8"):
        store.sessions()


def ranking(*sessions):
    return [(row.rank, row.player, row.points) for row in standings(sessions)]


def test_points_are_added():
    games = [make_session("Ana", 5), make_session("Bo", 9), make_session("Ana", 6, "b2")]
    assert ranking(*games) == [(1, "Ana", 11), (2, "Bo", 9)]
    row = standings(games)[0]
    assert (row.games, row.best) == (2, 6)
    assert standings(reversed(games))[0].best == 6


def test_best_game_decides_between_equals():
    games = [make_session("Ana", 5), make_session("Ana", 5, "b2"), make_session("Bo", 10)]
    assert ranking(*games) == [(1, "Bo", 10), (2, "Ana", 10)]


def test_equals_share_a_rank():
    games = [
        make_session(name, score) for name, score in [("cy", 7), ("Di", 3), ("Bo", 7), ("Al", 9)]
    ]
    assert ranking(*games) == [(1, "Al", 9), (2, "Bo", 7), (2, "cy", 7), (4, "Di", 3)]

    assert ranking(*(make_session(name, 4) for name in "ABC")) == [
        (1, "A", 4),
        (1, "B", 4),
        (1, "C", 4),
    ]


def test_names_in_any_case():
    games = [
        make_session("ANA", 2, day=2),
        make_session("Ana", 1, day=3),
        make_session("ana", day=1),
    ]
    assert ranking(*games) == [(1, "Ana", 8)]
    assert ranking(make_session("Strauß", 1), make_session("STRAUSS", 2, day=2)) == [
        (1, "STRAUSS", 3)
    ]

    assert [name for _, name, _ in ranking(*map(make_session, ("bo", "Cy", "Al")))] == [
        "Al",
        "bo",
        "Cy",
    ]
    players = standings([make_session("Strauven"), make_session("Strauß")])
    assert [row.player for row in players] == ["Strauß", "Strauven"]


def prizes(*scores, pot="100", currency="EUR", shares=("50", "30", "20")):
    rows = standings([make_session(f"p{i}", score) for i, score in enumerate(scores, 1)])
    won = award(rows, Prizes(Decimal(pot), currency, euros(*shares)))
    return {name: str(amount) for name, amount in won.items()}


def test_prizes():
    assert prizes(9, 8, 7, 6) == {"p1": "50.00", "p2": "30.00", "p3": "20.00"}
    assert prizes(9) == {"p1": "50.00"}
    assert prizes() == {}

    assert prizes(3, 2, shares=[]) == {}


def test_equals_share_the_prizes_of_their_places():
    assert prizes(9, 9, 7) == {"p1": "40.00", "p2": "40.00", "p3": "20.00"}
    assert prizes(9, 8, 8, 1) == {"p1": "50.00", "p2": "25.00", "p3": "25.00"}
    assert prizes(9, 8, 7, 7) == {"p1": "50.00", "p2": "30.00", "p3": "10.00", "p4": "10.00"}


def test_prizes_are_whole_coins():
    assert prizes(5, 5, 5) == {"p1": "33.33", "p2": "33.33", "p3": "33.33"}
    assert prizes(5, 5, pot="0.05", shares=["100"]) == {"p1": "0.02", "p2": "0.02"}

    for currency, amount in [
        ("EUR", "6.66"),
        ("GBP", "6.66"),
        ("USD", "6.66"),
        ("JPY", "6"),
        ("KWD", "6.666"),
    ]:
        assert prizes(1, pot="66.66666", currency=currency, shares=["10"]) == {"p1": amount}
