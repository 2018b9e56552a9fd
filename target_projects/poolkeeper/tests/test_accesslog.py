import gzip
from datetime import datetime
from pathlib import Path

import pytest
from builders import make_entry
from poolkeeper.accesslog import log_files, parse_line, read_log
from poolkeeper.errors import LogError
from poolkeeper.moments import UTC


def line(
    user="ana",
    time="05/Mar/2024:09:30:00 +0000",
    request="GET /v1/orders HTTP/1.1",
    status="200",
    size="10",
    server="web-1",
    seconds="0.005",
):
    return f'10.0.0.7 - {user} [{time}] "{request}" {status} {size} {server} {seconds}\n'


def test_a_line():
    assert parse_line(line()) == parse_line(f"  {line()}") == make_entry()

    users = [parse_line(line(user=user)).user for user in ("Ana@Example.com", "Łukasz", "-")]
    assert users == ["ana@example.com", "łukasz", None]


def test_times():
    entry = parse_line(line(time="05/Mar/2024:23:59:59 -0330"))
    assert (entry.at, entry.at.tzinfo) == (datetime(2024, 3, 6, 3, 29, 59, tzinfo=UTC), UTC)

    seconds = ("0.0004", "0.0005", "0.1425", "2", "12.345678")
    milliseconds = [parse_line(line(seconds=text)).milliseconds for text in seconds]
    assert milliseconds == [0, 1, 143, 2000, 12346]
    assert all(isinstance(count, int) for count in milliseconds)


def test_servers_and_addresses():
    entry = parse_line(line(server="-", size="-", seconds="-", status="503"))
    assert (entry.server, entry.size, entry.milliseconds, entry.status) == (None, 0, 0, 503)

    assert parse_line(line(server="WEB-2")).server == "web-2"

    assert parse_line(line().replace("10.0.0.7", "FE80::1")) == make_entry()


def test_requests_may_be_anything():
    for request in ("", "-", "get a", r"GET /say\"hi\" HTTP/1.1", "\\\\"):
        assert parse_line(line(request=request)) == make_entry()


def test_what_is_no_line():
    for status in ("99", "600", "2000", "abc"):
        with pytest.raises(LogError, match="not a line of an access log"):
            parse_line(line(status=status))

    for text in (
        "",
        "hello",
        line(user="a b"),
        line(server="web_1"),
        line(request='GET /"hi'),
        line(request="GET /\\"),
        line(size="-1"),
        line(seconds="1 x"),
    ):
        with pytest.raises(LogError, match="not a line"):
            parse_line(text)

    with pytest.raises(LogError, match="not a time stamp: 'yesterday'"):
        parse_line(line(time="yesterday"))
    with pytest.raises(LogError, match="no such time"):
        parse_line(line(time="31/Apr/2024:09:30:00 +0000"))


def test_rotated_files_are_read_oldest_first(tmp_path, backward_listing):
    names = ["access.log.10.gz", "access.log.2.gz", "access.log.1", "access.log"]
    for name in (names[1], names[3], names[0], names[2]):
        (tmp_path / name).touch()
    assert [path.name for path in log_files(tmp_path, "access.log")] == names


def test_other_files_are_no_logs(tmp_path):
    for name in (
        "error.log",
        "access.log.bak",
        "access.log-1",
        "my-access.log.1",
        "access.log.1.xz",
        "access-log",
    ):
        (tmp_path / name).touch()
    (tmp_path / "access.log").mkdir()
    assert log_files(tmp_path, "access.log") == []

    assert log_files(tmp_path / "absent", "access.log") == []
    assert log_files(tmp_path / "error.log", "access.log") == []


def test_packed_and_plain_files(tmp_path, foreign_machine):
    (tmp_path / "a.log.1.gz").write_bytes(gzip.compress(line(user="Łukasz").encode()))
    (tmp_path / "a.log").write_bytes((line(user="żółw") + "\n" + line(user="bob")).encode())
    users = [entry.user for entry in read_log(log_files(tmp_path, "a.log"), 0)]
    assert users == ["łukasz", "żółw", "bob"]

    (tmp_path / "a.log.gz-old").write_text(line(user="zoe"), encoding="utf-8")
    assert [entry.user for entry in read_log([tmp_path / "a.log.gz-old"], 0)] == ["zoe"]


def test_bytes_that_are_not_utf_8(tmp_path):
    broken = line(user="jos\xe9").encode("latin-1")
    (tmp_path / "a.log").write_bytes(broken)
    (tmp_path / "a.log.1.gz").write_bytes(gzip.compress(broken))
    users = [entry.user for entry in read_log(log_files(tmp_path, "a.log"), 0)]
    assert users == ["jos\ufffd", "jos\ufffd"]


def test_bad_lines(tmp_path):
    path = tmp_path / "a.log"
    path.write_text(f"{line()}\nbad\n{line(user='bob')}", encoding="utf-8")
    noted = []
    users = [entry.user for entry in read_log([path], 1, noted.append)]
    assert (users, noted) == (["ana", "bob"], ["a.log:3: not a line of an access log"])

    path = tmp_path / "a.log"
    path.write_text(f"bad\n{line()}bad\n", encoding="utf-8")
    assert len(list(read_log([path], 2))) == 1
    with pytest.raises(LogError, match="more than 1 bad lines"):
        list(read_log([path], 1))

    (tmp_path / "a.log").write_text("bad\n", encoding="utf-8")
    with pytest.raises(LogError, match="more than 1 bad lines"):
        list(read_log([tmp_path / "a.log", tmp_path / "a.log"], 1))


def test_the_sample_log():
    samples = Path(__file__).parent.parent / "samples"
    entries = list(read_log(log_files(samples, "access.log"), 0))
    assert [entry.milliseconds for entry in entries] == [142, 1, 1207, 2000, 31, 0]
