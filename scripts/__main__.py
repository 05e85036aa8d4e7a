"""Lists the commands, or runs one: ``python -m scripts COMMAND ...`` is ``python -m scripts.COMMAND ...``."""

import importlib
import sys

from scripts.exit_codes import ALL_WELL, COULD_NOT_RUN

_COMMANDS = {
    "ingest": "index a folder of images; run it again after changes",
    "index": "create, describe, empty, drop, export or import a collection",
    "reindex": "move a collection to another model",
    "local-search": "search a folder for images like one image, without services",
    "demo": "start both services on sample images, or stop them",
}
_ALIASES = {"collection": "index", "local_search": "local-search"}


def main() -> int:
    name, *arguments = sys.argv[1:] or ["--help"]
    if name in ("--help", "-h"):
        print(_help())
        return ALL_WELL
    command = _ALIASES.get(name, name)
    if command not in _COMMANDS:
        print(f"There is no command {name}: choose one of {', '.join(_COMMANDS)}.", file=sys.stderr)
        return COULD_NOT_RUN
    module = f"scripts.{command.replace('-', '_')}"
    sys.argv = [module, *arguments]
    code: int = importlib.import_module(module).main()
    return code


def _help() -> str:
    rows = (f"  {name:<14}{summary}" for name, summary in _COMMANDS.items())
    aliases = ", ".join(f"{alias} is {name}" for alias, name in _ALIASES.items())
    return "\n".join(
        [
            "usage: python -m scripts COMMAND ...",
            "",
            *rows,
            "",
            f"Also: {aliases}. python -m scripts COMMAND --help shows a command's options.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
