"""``python -m lienthong``: Django's command line with our commands, and with the database running beneath it."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lienthong.infra import loading
from lienthong.infra.postgres import cluster, place
from lienthong.infra.postgres.refusals import ServerRefusal
from lienthong.ops import command_list

CHECKOUT = Path(__file__).resolve().parents[2]
OPTIONS = {"--data-dir": "LIENTHONG_DATA_DIR", "--database-url": "LIENTHONG_DATABASE_URL"}

# What polars frees goes back to the system within a tenth of a second; half a second each is what it would keep by itself.
POOLS_OF_POLARS = "narenas:1,dirty_decay_ms:100,muzzy_decay_ms:0"

# These bring their own server or need none.
WITHOUT_SERVER = {
    "up", "test", "deadline", "verify", "messages", "bench", "help", "version", "check", "makemigrations", "findstatic",
}  # fmt: skip
# This works on files alone, wherever they are: it starts without the applications, in a fraction of the time.
WITHOUT_APPLICATIONS = "verify"
# These want the new database as empty as it is.
WITHOUT_TABLES = {"restore", "migrate", "psql"}


def main(arguments: Sequence[str]) -> None:
    """Run one command and leave with its exit code."""
    arguments = take_options(arguments)
    if not arguments or arguments[0] in {"-h", "--help"}:
        sys.stdout.write(command_list.describe() + "\n")
        return
    arguments[0] = arguments[0].replace("-", "_")  # what-if is what_if: a module's name has no hyphen
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lienthong.config.settings")
    os.environ.setdefault("_RJEM_MALLOC_CONF", POOLS_OF_POLARS)
    try:
        cluster.make_data_dir(Path(os.environ["LIENTHONG_DATA_DIR"]))
        if needs_server(arguments):
            run_with_server(arguments)
        else:
            run(arguments)
    except ServerRefusal as refusal:
        sys.exit(f"✗ {refusal}")


def take_options(arguments: Sequence[str]) -> list[str]:
    """Put the options that every command has into the environment, where the settings read them.

    Returns:
        The other arguments, in their order.
    """
    rest = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if name not in OPTIONS:
            rest.append(argument)
            continue
        value = value if equals else next(waiting, "")
        if not value:
            sys.exit(f"✗ {name} cần một giá trị, ví dụ {name}=…")
        os.environ[OPTIONS[name]] = str(Path(value).expanduser().resolve()) if name == "--data-dir" else value
    os.environ.setdefault("LIENTHONG_DATA_DIR", str(place.default_data_dir(CHECKOUT)))
    return rest


def needs_server(arguments: Sequence[str]) -> bool:
    """Say whether the command must find the embedded server running."""
    if os.environ.get("LIENTHONG_DATABASE_URL") or arguments[0] in WITHOUT_SERVER:
        return False
    return not {"-h", "--help"} & set(arguments)


def run_with_server(arguments: Sequence[str]) -> None:
    """Run the command with the embedded server; a new database gets its tables first."""
    from django.core.management import get_commands

    from lienthong.infra.postgres import standby

    load_applications()
    if arguments[0] not in get_commands():
        run(arguments)  # Django says what may have been meant; no database is made for a slip of the pen
        return
    with standby.serving(Path(os.environ["LIENTHONG_DATA_DIR"]), command=arguments[0]) as is_new:
        if is_new and arguments[0] not in WITHOUT_TABLES:
            run(["migrate", "--verbosity", "0"])
        run(arguments)


def run(arguments: Sequence[str]) -> None:
    """Hand over to Django."""
    if arguments[0] == WITHOUT_APPLICATIONS:
        from django.conf import settings

        from lienthong.ops.management.commands import verify

        settings.USE_I18N = False  # the sentences are Vietnamese in the source; translations belong to applications
        verify.Command().run_from_argv(["lienthong", *arguments])
        return
    from django.core.management import execute_from_command_line

    load_applications()
    execute_from_command_line(["lienthong", *arguments])


def load_applications() -> None:
    """Load every application, once."""
    import django

    with loading.for_good():
        django.setup()


if __name__ == "__main__":
    main(sys.argv[1:])
