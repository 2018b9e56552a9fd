"""Facts about well-known packages: which import is whose, which tools a suite never needs."""

from __future__ import annotations

import re

from bugbash.targets.overrides import canonical, required_name

NEEDED_BY_PYTEST = frozenset(
    {
        "pytest",
        "pluggy",
        "packaging",
        "iniconfig",
        "pygments",
        "exceptiongroup",
        "tomli",
        "colorama",
    }
)
"""Packages that pytest imports itself: a bug in one would break the tool, not the tests."""

DISTRIBUTIONS = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "bson": "pymongo",
    "cv2": "opencv-python-headless",
    "Crypto": "pycryptodome",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "git": "GitPython",
    "google.protobuf": "protobuf",
    "jwt": "PyJWT",
    "markdown_it": "markdown-it-py",
    "OpenSSL": "pyOpenSSL",
    "PIL": "pillow",
    "pkg_resources": "setuptools",
    "pytest_asyncio": "pytest-asyncio",
    "pytest_httpbin": "pytest-httpbin",
    "ruamel": "ruamel.yaml",
    "serial": "pyserial",
    "sklearn": "scikit-learn",
    "socks": "PySocks",
    "time_machine": "time-machine",
    "yaml": "PyYAML",
    "zmq": "pyzmq",
    "zoneinfo_data": "tzdata",
}
"""Import name to distribution, where they differ by more than case and dashes."""

_LIBRARIES = """
    aiohttp anyio attrs chardet cryptography dirty-equals faker flask freezegun greenlet gevent
    httpx hypothesis jinja2 jsonschema lxml markupsafe mock msgpack numpy orjson pandas
    parameterized pexpect pillow pretend psutil pydantic pyparsing pytest-asyncio pytest-mock
    pytest-subtests pytest-httpbin python-dateutil pytz pyyaml requests requests-mock responses
    setuptools simplejson six sortedcontainers sqlalchemy starlette syrupy tabulate
    testfixtures time-machine toml tomli-w tomlkit tornado trio trustme typing-extensions
    tzdata uvicorn werkzeug zope-interface beautifulsoup4 pympler pygments rich scipy sympy
    cloudpickle dill pyjwt multidict blinker asgiref coverage tblib pytest-trio exceptiongroup
"""
TEST_LIBRARIES = frozenset(_LIBRARIES.split())
"""What tests import without saying so: added without being asked, being what the names say."""

_FIXTURES = {
    "mocker": "pytest-mock",
    "benchmark": "pytest-benchmark",
    "httpbin": "pytest-httpbin",
    "httpbin_secure": "pytest-httpbin",
    "httpserver": "pytest-httpserver",
    "requests_mock": "requests-mock",
    "freezer": "pytest-freezer",
    "time_machine": "time-machine",
    "snapshot": "syrupy",
    "data_regression": "pytest-regressions",
    "file_regression": "pytest-regressions",
    "datadir": "pytest-datadir",
    "subtests": "pytest-subtests",
    "faker": "faker",
    "aiohttp_client": "pytest-aiohttp",
    "httpx_mock": "pytest-httpx",
    "respx_mock": "respx",
    "fs": "pyfakefs",
    "xprocess": "pytest-xprocess",
}
_MARKS = {
    "asyncio": "pytest-asyncio",
    "anyio": "anyio",
    "trio": "pytest-trio",
    "timeout": "pytest-timeout",
    "freeze_time": "pytest-freezer",
    "benchmark": "pytest-benchmark",
    "no_cover": "pytest-cov",
    "order": "pytest-order",
    "dependency": "pytest-dependency",
    "repeat": "pytest-repeat",
    "parametrize_with_cases": "pytest-cases",
}
_OPTIONS = {
    "--cov": "pytest-cov",
    "--no-cov": "pytest-cov",
    "-n": "pytest-xdist",
    "--numprocesses": "pytest-xdist",
    "--dist": "pytest-xdist",
    "--maxprocesses": "pytest-xdist",
    "--timeout": "pytest-timeout",
    "--benchmark": "pytest-benchmark",
    "--randomly": "pytest-randomly",
    "--reruns": "pytest-rerunfailures",
    "--mypy": "pytest-mypy",
    "--flake8": "pytest-flake8",
    "--black": "pytest-black",
    "--ruff": "pytest-ruff",
    "--isort": "pytest-isort",
    "--pylint": "pytest-pylint",
    "--asyncio": "pytest-asyncio",
    "--random-order": "pytest-random-order",
    "--html": "pytest-html",
    "--socket": "pytest-socket",
    "--disable-socket": "pytest-socket",
    "--allow-hosts": "pytest-socket",
    "--enabler": "pytest-enabler",
    "--hypothesis": "hypothesis",
    "--doctest-plus": "pytest-doctestplus",
    "--snapshot": "syrupy",
    "--subprocess": "pytest-subprocess",
    "--import-check": "pytest-importcheck",
}
_KEYS = {
    "asyncio_mode": "pytest-asyncio",
    "asyncio_default_fixture_loop_scope": "pytest-asyncio",
    "trio_mode": "pytest-trio",
    "timeout": "pytest-timeout",
    "timeout_method": "pytest-timeout",
    "timeout_func_only": "pytest-timeout",
    "env": "pytest-env",
    "anyio_mode": "anyio",
    "DJANGO_SETTINGS_MODULE": "pytest-django",
}

_TOOLS = re.compile(
    r"(types-.*|.*-stubs|flake8.*|pep8.*|pycodestyle|pyflakes|pylint.*|black|blacken-docs|isort|"
    r"autopep8|yapf|ruff|mypy|mypy-extensions|pyright|basedpyright|pytype|pyre-check|ty|"
    r"sphinx.*|furo|.*-sphinx-theme|pallets-sphinx-themes|myst-.*|docutils|recommonmark|numpydoc|"
    r"mkdocs.*|mkdocstrings.*|pdoc.*|alabaster|tox.*|nox.*|virtualenv|pre-commit.*|build|twine|"
    r"wheel|setuptools.*|pip|pip-tools|hatch.*|flit.*|poetry.*|pdm.*|uv|invoke|commitizen|"
    r"bump.*|towncrier|reno|zest-releaser|check-.*|interrogate|bandit|safety|pip-audit|codecov|"
    r"coveralls|cogapp|ipython|ipdb|ipykernel|jupyter.*|notebook|nbsphinx|asv|pyroma|"
    r"readme-renderer|restructuredtext-lint|rstcheck|doc8|codespell|vulture|radon|xenon|"
    r"pyupgrade|refurb|slotscheck|typos|watchdog|semver|release|rope|python-semantic-release|"
    r"pytest-(cov|xdist|randomly|random-order|sugar|mypy.*|flake8|black|isort|pylint|ruff|"
    r"checkdocs|enabler|perf|instafail|html|reportlog|github-actions-.*|travis-fold|clarity|"
    r"icdiff|pretty|watch|codspeed|memray|memprof|rerunfailures|parallel|run-parallel|picked|"
    r"profiling|doctestplus|socket|forked|codeblocks|spec|emoji|tldr|cython|custom-exit-code))"
)
_DISTURBING = {
    "pytest-benchmark": "--benchmark-disable",
    "pytest-cov": "--no-cov",
    "pytest-xdist": "-n0",
    "pytest-randomly": "-pno:randomly",
    "pytest-random-order": "--random-order-bucket=none",
}


def distribution_of(module: str) -> str:
    """The distribution that provides the top-level module `module`, as far as is known."""
    return DISTRIBUTIONS.get(module, canonical(module))


def is_tool(name: str) -> bool:
    """Whether a distribution serves developers and not the suite: linters, docs, builders ..."""
    return _TOOLS.fullmatch(canonical(name)) is not None


def plugins_for(fixtures: set[str], marks: set[str]) -> set[str]:
    """Distributions that provide these fixtures and marks."""
    by_fixture = {_FIXTURES[name] for name in fixtures & set(_FIXTURES)}
    return by_fixture | {_MARKS[name] for name in marks & set(_MARKS)}


def plugins_for_options(addopts: tuple[str, ...], keys: frozenset[str]) -> set[str]:
    """Distributions that understand these pytest options and configuration keys."""
    found = {_KEYS[key] for key in keys & set(_KEYS)}
    for option in addopts:
        for prefix, name in _OPTIONS.items():
            long = prefix.startswith("--") and option.startswith(prefix)
            if long or option == prefix or re.fullmatch(rf"{prefix}(\d+|auto|logical)", option):
                found.add(name)
    return found


def calming(requirements: tuple[str, ...]) -> tuple[str, ...]:
    """pytest arguments that keep plugins among these from measuring, shuffling and spreading."""
    names = {required_name(text) for text in requirements}
    return tuple(_DISTURBING[name] for name in sorted(names & set(_DISTURBING)))
