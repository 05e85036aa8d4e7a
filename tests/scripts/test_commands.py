"""python -m scripts: the list of commands, and each of them by its names."""

import re
from pathlib import Path

from tests.paths import ROOT
from tests.running import run


def test_without_a_command_all_of_them_are_listed_with_a_line_each() -> None:
    listed = run("scripts")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert run("scripts", "--help").stdout == listed.stdout
    rows = dict(re.findall(r"^  (\S+) +(\S.*)$", listed.stdout, re.MULTILINE))
    runnable = [path.stem for path in (ROOT / "scripts").glob("*.py") if "\ndef main() -> int:" in path.read_text()]
    assert {name.replace("-", "_") for name in rows} == set(runnable) - {"__main__"}


def test_a_command_is_the_module_of_its_name() -> None:
    modules = {
        "ingest": "ingest",
        "index": "index",
        "collection": "index",
        "reindex": "reindex",
        "local-search": "local_search",
        "local_search": "local_search",
        "demo": "demo",
    }
    helps = {name: run("scripts", name, "--help").stdout for name in modules}
    assert {name: text.split()[:4] for name, text in helps.items()} == {
        name: ["usage:", "python", "-m", f"scripts.{module}"] for name, module in modules.items()
    }


def test_a_command_is_given_its_arguments_and_gives_its_exit_code(tmp_path: Path) -> None:
    done = run("scripts", "ingest", tmp_path / "missing")
    assert done.returncode == 2
    assert done.stderr == f"{tmp_path / 'missing'} is not a folder that can be read.\n"


def test_an_unknown_command_is_refused_with_the_list() -> None:
    done = run("scripts", "serve")
    assert done.returncode == 2
    assert done.stderr == "There is no command serve: choose one of ingest, index, reindex, local-search, demo.\n"
