"""What benchmarks on large databases share: building one, and timing devbench on it."""

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DEVBENCH = os.environ.get("DEVBENCH", os.path.join(ROOT, ".build/release/devbench"))


@dataclass
class Contents:
    """What a database holds. The texts are SQL expressions.

    Of a run's: `i`, its number from 0. Of a cell's: `cell`, its place in the run. Of a sample's: `run`,
    `cell`, and `i`, its number in the whole database. All numbers are the same each time.
    """

    runs: int
    cells: int
    samples: int  # of a cell in a run, with its warm-ups
    scenario: str
    path: str
    edit: str
    served: str  # whether a sample was
    nanoseconds: str
    warmups: int = 2
    start: int = 1_700_000_000
    began: str = "i * 3600"  # seconds from the start to the run
    commit: str = "NULL"
    branch: str = "NULL"
    phases: bool = False
    functions: dict = field(default_factory=dict)  # that the texts call, each with its number of arguments


def migrations():
    with open(os.path.join(ROOT, "Sources/ResultStore/Schema.swift"), encoding="utf-8") as file:
        source = file.read()
    names = re.findall(r'registerMigration\("([^"]+)"', source)
    statements = re.findall(r'let version\d+ = """\n(.*?)"""', source, re.DOTALL)
    identifier = re.search(r"applicationID: Int32 = (0x[0-9a-f_]+)", source)
    if not names or len(names) != len(statements) or not identifier:
        sys.exit("Schema.swift has another form now; Benchmarks/results_database.py has to learn it.")
    return int(identifier.group(1), 16), list(zip(names, statements))


def build(path, contents):
    """Fills a new database at the path, by the migrations in Sources/ResultStore/Schema.swift."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    database = sqlite3.connect(path, isolation_level=None)
    identifier, steps = migrations()
    database.execute(f"PRAGMA application_id = {identifier}")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
    for name, statements in steps:
        database.executescript(statements)
        database.execute("INSERT INTO grdb_migrations VALUES (?)", (name,))
    for name, (arguments, function) in contents.functions.items():
        database.create_function(name, arguments, function)

    count = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count) "

    def moment(seconds):
        return f"strftime('%Y-%m-%dT%H:%M:%fZ', {contents.start} + {seconds}, 'unixepoch')"

    began = f"({contents.began})"
    size = {"cells": contents.cells, "samples": contents.samples * contents.cells}
    database.execute("BEGIN")
    database.execute("INSERT INTO scenario VALUES ('digest', 'name: scale' || char(10))")
    database.execute(
        count + f"""
        INSERT INTO run (id, scenario, scenarioDigest, startedAt, finishedAt, status, seed,
          cellOrder, devbenchVersion, owner, host, system, kernel, architecture, processor, cores,
          memoryBytes, loadBefore1, loadBefore5, loadBefore15, loadAfter1, loadAfter5, loadAfter15,
          appCommit, appBranch)
        SELECT strftime('%Y%m%d-%H%M%S', {contents.start} + {began}, 'unixepoch')
            || printf('-%04x', i * 7919 % 65536),
          :scenario, 'digest', {moment(began)}, {moment(began + " + 900")}, 'finished',
          '18446744073709551615', 'interleaved', '0.1.0', '1:2:boot', 'bench', 'Debian', 'Linux',
          'x86_64', 'processor', 2, 8000000000, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6,
          {contents.commit}, {contents.branch} FROM n""",
        {"count": contents.runs, "scenario": contents.scenario})
    database.execute(
        "INSERT INTO tool SELECT id, 0, 'python3', '3.11.2' FROM run")
    database.execute(
        count + f"""
        INSERT INTO cell (id, runId, position, workflow, path, edit, warmups, iterations)
        SELECT i + 1, run.id, cell, 'local-native', {contents.path}, {contents.edit}, :warmups,
          :planned
        FROM (SELECT i, i % :cells AS cell FROM n) JOIN run ON run.rowid = i / :cells + 1""",
        {"count": contents.runs * contents.cells, "cells": contents.cells,
         "warmups": contents.warmups, "planned": contents.samples - contents.warmups})
    database.execute(
        count + f"""
        INSERT INTO sample (id, cellId, iteration, isWarmup, block, token, savedAtNanoseconds,
          savedOn, outcome, reason, durationNanoseconds, bracketLowNanoseconds,
          bracketHighNanoseconds, lastOldNanoseconds, probes)
        SELECT i + 1, run * :cells + cell + 1, iteration, iteration <= :warmups, iteration,
          printf('devbench-%012x', i), i * 9000000000, savedOn,
          CASE WHEN served THEN 'served' ELSE 'timed-out' END,
          CASE WHEN NOT served THEN 'not served within 60 s; the last lines: Restarting' END,
          duration, CASE WHEN served THEN duration - 5000000 END, CASE WHEN served THEN duration END,
          CASE WHEN served THEN duration - 6000000 END, 200
        FROM (SELECT i, run, cell, iteration, savedOn, {contents.served} AS served,
            {contents.nanoseconds} AS duration
          FROM (SELECT n.i, n.i / :samples AS run, n.i % :cells AS cell,
              n.i % :samples / :cells + 1 AS iteration, run.startedAt AS savedOn
            FROM n JOIN run ON run.rowid = n.i / :samples + 1)
          -- Not for the order, which is this already: so that each is computed once.
          LIMIT -1 OFFSET 0)""",
        {"count": contents.runs * size["samples"], "warmups": contents.warmups, **size})
    if contents.phases:
        database.execute(
            """
            INSERT INTO phase
            SELECT sample.id, part.position, part.name,
              CASE part.position WHEN 2 THEN durationNanoseconds - 2 * (durationNanoseconds / 3)
                ELSE durationNanoseconds / 3 END, NULL, NULL
            FROM sample CROSS JOIN (SELECT 0 AS position, 'detect' AS name
              UNION ALL SELECT 1, 'reload' UNION ALL SELECT 2, 'unattributed') AS part""")
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def build_apart(path, contents):
    """In a process of its own: a child's largest size counts from its parent's, which stays small."""
    child = os.fork()
    if child == 0:
        build(path, contents)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit("The database couldn't be built.")


def require_devbench():
    if not os.access(DEVBENCH, os.X_OK):
        sys.exit(f"{DEVBENCH} isn't there; build it with `swift build -c release`.")


def timed(*arguments):
    """Runs devbench to its end: its seconds of wall time and its largest resident size in megabytes."""
    command = [DEVBENCH, *arguments]
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{text}")
    return seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
