"""An operator keeps several pools in one folder."""

WHO = "an operator of the gateways"
SUBJECT = "Folder of pools"
DETAIL = "Each pool file of the steps begins with a comment in Polish letters."

CASES = {
    "three pools": (["b.pool shop", "c.pool api", "a.pool web"], []),
    "one of several pools": (["b.pool shop", "a.pool web"], ["--pool", "WEB"]),
    "one of several pools, but none named": (["b.pool shop", "a.pool web"], []),
    "a pool that is not there": (["b.pool shop"], ["--pool", "api"]),
    "the only pool by its name": (["b.pool shop"], ["--pool", "shop"]),
    "two pools of one name": (["b.pool shop", "a.pool shop"], []),
    "a file that is no pool": (["b.pool shop", "c.txt api"], []),
    "no pools": ([], []),
    "a bad name": (["b.pool 1shop"], []),
}


def journey(files, options):
    import contextlib
    import sys
    from pathlib import Path

    from poolkeeper.cli import main

    Path("pools.d").mkdir()
    for line in files:
        file, name = line.split()
        text = f"# {file}: żółw\npool {name}\nserver {name}-1 h\n"
        Path("pools.d", file).write_bytes(text.encode())
    with contextlib.redirect_stderr(sys.stdout):
        code = main(["--at", "2024-03-05T09:30:00Z", *options, "status"], {})
    print("exit code", code)
    print(sorted(path.as_posix() for path in Path().glob("state/*")))
