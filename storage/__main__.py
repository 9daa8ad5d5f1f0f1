"""``python -m storage backup FILE | restore FILE | audit``: copies of the database, and the proof that it is sound."""

import argparse
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from storage.audit import audit
from storage.backup import backup, finish_interrupted_restore, missing_clips, restore
from storage.blobs import BlobStore
from storage.database import connect_reader
from storage.errors import BackupUnsound, DatabaseUnusable, StorageError
from storage.settings import DATABASE_NAME, PREFIX, DataSettings, WrongSettings, read_settings


def main() -> int:
    """Exit status 0 if it was done and nothing is wrong, 2 for a wrong setting, else 1 and a line per finding."""
    try:
        usual = read_settings(DataSettings, prefixes=(f"{PREFIX}DATA",)).data_folder
    except WrongSettings as error:
        print(error, file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="python -m storage", description=__doc__)
    parser.add_argument(
        "--data-folder",
        type=Path,
        default=usual,
        help="the bot's folder, if it is not that of the settings",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("backup", "copy the database to FILE, also while the bot runs"), ("restore", "put FILE back")):
        commands.add_parser(name, help=text).add_argument("file", type=Path)
    commands.add_parser("audit", help="recompute every credit, and look for every clip")
    arguments = parser.parse_args()
    try:
        return _run(arguments.command, arguments.data_folder, getattr(arguments, "file", None))
    except BackupUnsound as error:
        return _report(error.findings)
    except (StorageError, OSError, sqlite3.Error) as error:
        print(error, file=sys.stderr)
        return 1


def _run(command: str, folder: Path, file: Path | None) -> int:
    database = folder / DATABASE_NAME
    finish_interrupted_restore(database)
    if command != "restore" and not database.exists():
        raise DatabaseUnusable(database, "there is no such file")
    if command == "audit":
        return _audit(folder, database)
    assert file is not None
    if command == "backup":
        backup(database, file)
        print(f"{file} is a sound copy of {database}. Clips and stills are under {folder / 'files'}: copy them too.")
        return 0
    aside = restore(file, database)
    kept = f" What was there before is now {aside}." if aside is not None else ""
    print(f"{database} is {file} again.{kept}")
    print("Start the bot on it: what it holds as unfinished is looked for in the channels before it is posted again.")
    return _audit(folder, database)


def _audit(folder: Path, database: Path) -> int:
    with closing(connect_reader(database)) as connection:
        connection.execute("BEGIN")
        return _report([*audit(connection), *missing_clips(connection, BlobStore(folder / "files"))])


def _report(findings: list[str]) -> int:
    for finding in findings:
        print(finding, file=sys.stderr)
    if not findings:
        print("The audit is clean.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
