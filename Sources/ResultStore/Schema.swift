import GRDB

/// The database's tables and how they came about. `docs/results.md` explains them to people.
enum Schema {
  /// `dvbn` in ASCII, SQLite's `application_id`: file(1) and devbench tell by it whose file it is.
  static let applicationID: Int32 = 0x6476_626e

  /// What a database must have for reading; reading upgrades nothing, and takes later columns that
  /// aren't there for empty.
  static let readable: Set<String> = ["v1"]

  /// Only ever appended to: a migration that was released is never edited.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in
      try db.execute(sql: version1)
    }
    migrator.registerMigration("v2") { db in
      try db.execute(sql: version2)
    }
    migrator.registerMigration("v3") { db in
      try db.execute(sql: version3)
    }
    migrator.registerMigration("v4") { db in
      try db.execute(sql: version4)
    }
    migrator.registerMigration("v5") { db in
      try db.execute(sql: version5)
    }
    migrator.registerMigration("v6") { db in
      try db.execute(sql: version6)
    }
    migrator.registerMigration("v7") { db in
      try db.execute(sql: version7)
    }
    migrator.registerMigration("v8") { db in
      try db.execute(sql: version8)
    }
    return migrator
  }

  // Comments within a statement stay in the database, so that sqlite3's `.schema` explains itself.
  private static let version1 = """
    CREATE TABLE scenario (
      digest TEXT NOT NULL PRIMARY KEY, -- SHA-256 of the text in hexadecimal
      text TEXT NOT NULL
    ) STRICT;

    CREATE TABLE run (
      id TEXT NOT NULL PRIMARY KEY, -- UTC time of the start and four random digits
      scenario TEXT NOT NULL, -- the scenario's name
      scenarioDigest TEXT NOT NULL REFERENCES scenario(digest),
      startedAt TEXT NOT NULL, -- ISO-8601 in UTC with milliseconds
      finishedAt TEXT, -- NULL while it runs, and for an abandoned run
      status TEXT NOT NULL, -- running, finished, interrupted, failed, abandoned
      statusReason TEXT,
      seed TEXT NOT NULL, -- unsigned 64 bits in decimal, more than INTEGER holds
      cellOrder TEXT NOT NULL, -- interleaved, sequential
      devbenchVersion TEXT NOT NULL,
      owner TEXT NOT NULL, -- pid:start time:boot id of the process that measures
      appCommit TEXT,
      host TEXT NOT NULL,
      system TEXT NOT NULL,
      kernel TEXT NOT NULL,
      architecture TEXT NOT NULL,
      processor TEXT NOT NULL,
      cores INTEGER NOT NULL,
      memoryBytes INTEGER NOT NULL,
      loadBefore1 REAL, -- load averages over 1, 5 and 15 minutes
      loadBefore5 REAL,
      loadBefore15 REAL,
      loadAfter1 REAL,
      loadAfter5 REAL,
      loadAfter15 REAL
    ) STRICT;
    CREATE INDEX runOnStartedAt ON run(startedAt);
    CREATE INDEX runOnScenarioDigest ON run(scenarioDigest);
    CREATE INDEX runningRun ON run(id) WHERE status = 'running';

    CREATE TABLE tool (
      runId TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      version TEXT NOT NULL,
      PRIMARY KEY (runId, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE cell (
      id INTEGER NOT NULL PRIMARY KEY,
      runId TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      position INTEGER NOT NULL, -- the scenario's order
      workflow TEXT NOT NULL, -- local-native, local-cluster, remote-cluster
      path TEXT NOT NULL, -- reload, restart, sync, rebuild
      edit TEXT NOT NULL,
      warmups INTEGER NOT NULL, -- planned
      iterations INTEGER NOT NULL, -- planned, warm-ups not counted
      UNIQUE (runId, position)
    ) STRICT;

    CREATE TABLE sample (
      id INTEGER NOT NULL PRIMARY KEY, -- the order of measuring
      cellId INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
      iteration INTEGER NOT NULL, -- from 1 within the cell, warm-ups first
      isWarmup INTEGER NOT NULL CHECK (isWarmup IN (0, 1)),
      block INTEGER NOT NULL,
      token TEXT NOT NULL,
      savedAtNanoseconds INTEGER NOT NULL, -- CLOCK_MONOTONIC, comparable within a boot
      savedOn TEXT NOT NULL, -- ISO-8601 in UTC with milliseconds
      outcome TEXT NOT NULL, -- served, timed-out, failed, wrong
      reason TEXT,
      durationNanoseconds INTEGER NOT NULL,
      bracketLowNanoseconds INTEGER, -- offsets from the save; NULL if never served
      bracketHighNanoseconds INTEGER,
      lastOldNanoseconds INTEGER,
      probes INTEGER NOT NULL,
      CHECK ((bracketLowNanoseconds IS NULL) = (bracketHighNanoseconds IS NULL)),
      CHECK (lastOldNanoseconds IS NULL OR bracketLowNanoseconds IS NOT NULL)
    ) STRICT;
    CREATE INDEX sampleOnCell ON sample(cellId, isWarmup, outcome);

    CREATE TABLE phase (
      sampleId INTEGER NOT NULL REFERENCES sample(id) ON DELETE CASCADE,
      position INTEGER NOT NULL, -- the order in time
      name TEXT NOT NULL,
      durationNanoseconds INTEGER NOT NULL,
      PRIMARY KEY (sampleId, position)
    ) STRICT, WITHOUT ROWID;
    """

  private static let version2 = """
    ALTER TABLE cell ADD COLUMN
      variant /* of the path, empty for the plain one */ TEXT NOT NULL DEFAULT ''
    """

  private static let version3 = """
    ALTER TABLE cell ADD COLUMN
      link /* its name in the scenario, empty where there is none */ TEXT NOT NULL DEFAULT '';
    ALTER TABLE cell ADD COLUMN
      developers /* how many at once */ INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE sample ADD COLUMN
      developer /* who of them, from 1 */ INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE phase ADD COLUMN
      bytesUp /* to the remote over the link, NULL where there is none */ INTEGER;
    ALTER TABLE phase ADD COLUMN
      bytesDown /* from the remote */ INTEGER;
    CREATE TABLE link (
      runId TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL, -- as cells call it
      rttNanoseconds INTEGER NOT NULL, -- as asked for, both ways together
      jitterNanoseconds INTEGER NOT NULL,
      upBitsPerSecond INTEGER, -- NULL where there is no limit
      downBitsPerSecond INTEGER,
      PRIMARY KEY (runId, position)
    ) STRICT, WITHOUT ROWID;
    """

  private static let version4 = """
    CREATE TABLE faultTrial (
      id INTEGER NOT NULL PRIMARY KEY, -- the order of trying
      cellId INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
      difference TEXT -- of the container's files from the host's at the end, NULL for none
    ) STRICT;
    CREATE INDEX faultTrialOnCell ON faultTrial(cellId);

    CREATE TABLE faultSpan (
      trialId INTEGER NOT NULL REFERENCES faultTrial(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      link TEXT NOT NULL, -- what it was meanwhile: offline, stall, refuse, reset, or a profile
      fromNanoseconds INTEGER NOT NULL, -- since the trial's beginning
      toNanoseconds INTEGER NOT NULL,
      PRIMARY KEY (trialId, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE faultEdit (
      trialId INTEGER NOT NULL REFERENCES faultTrial(id) ON DELETE CASCADE,
      position INTEGER NOT NULL, -- the order of saving
      token TEXT NOT NULL,
      savedNanoseconds INTEGER NOT NULL, -- since the trial's beginning
      outcome TEXT NOT NULL, -- served, superseded, lost
      servedNanoseconds INTEGER, -- since the trial's beginning; NULL if its token was never served
      PRIMARY KEY (trialId, position),
      CHECK ((outcome = 'served') = (servedNanoseconds IS NOT NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE faultNote (
      trialId INTEGER NOT NULL REFERENCES faultTrial(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      text TEXT NOT NULL, -- what the loop told of: failures, and what it did about them
      PRIMARY KEY (trialId, position)
    ) STRICT, WITHOUT ROWID;
    """

  private static let version5 = """
    ALTER TABLE sample ADD COLUMN
      replicas /* copies of the app that were asked */ INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE sample ADD COLUMN
      replicasServed /* of several, within the limit; NULL where there is one */ INTEGER;
    ALTER TABLE sample ADD COLUMN
      allServedNanoseconds /* from the save to the last of several, NULL if not all served */ INTEGER;
    """

  // The index has all that a history needs of a sample: a table of millions isn't read for it.
  private static let version6 = """
    ALTER TABLE run ADD COLUMN
      appBranch /* git branch of the app's source, NULL where there is none */ TEXT;
    ALTER TABLE run ADD COLUMN
      purpose /* measurement, confirmation, calibration */ TEXT NOT NULL DEFAULT 'measurement';
    ALTER TABLE run ADD COLUMN
      twin /* the run that was measured in turn with it, NULL for none */ TEXT;
    DROP INDEX sampleOnCell;
    CREATE INDEX sampleOnCell ON sample(cellId, isWarmup, outcome, durationNanoseconds);
    CREATE INDEX runOnScenario ON run(scenario, startedAt);

    CREATE TABLE calibration (
      runId TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE, -- one of the two that made it
      cell TEXT NOT NULL, -- its name
      comparability TEXT NOT NULL, -- the digest of what has to be alike
      iterations INTEGER NOT NULL, -- of each side of a comparison
      comparisons INTEGER NOT NULL, -- of the cell with itself
      falseAlarms INTEGER NOT NULL, -- of them
      noise REAL NOT NULL, -- the relative change that chance exceeds once in a hundred comparisons
      detectable REAL, -- the smallest relative change found in 95 % of them; NULL if none is
      PRIMARY KEY (runId, cell)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX calibrationOnCell ON calibration(cell, comparability);

    CREATE TABLE blessing (
      id INTEGER NOT NULL PRIMARY KEY,
      scenario TEXT NOT NULL,
      cell TEXT NOT NULL, -- its name
      runId TEXT NOT NULL, -- the first run of the level that was accepted
      why TEXT NOT NULL,
      blessedAt TEXT NOT NULL, -- ISO-8601 in UTC with milliseconds
      takenBackAt TEXT -- NULL while it holds
    ) STRICT;
    CREATE INDEX blessingOnScenario ON blessing(scenario, cell);
    """

  private static let version7 = """
    ALTER TABLE run ADD COLUMN
      importedAt /* ISO-8601 in UTC; NULL for a run that was measured into this database */ TEXT;
    """

  private static let version8 = """
    CREATE TABLE experimentTrial (
      id INTEGER NOT NULL PRIMARY KEY, -- the order of trying
      cellId INTEGER NOT NULL REFERENCES cell(id) ON DELETE CASCADE,
      experiment TEXT NOT NULL, -- set-up, footprint, parity, reproducibility, recovery, break-fix, offline
      condition TEXT NOT NULL, -- cold, container-killed, …
      number INTEGER NOT NULL, -- from 1 within cell, experiment and condition
      startedOn TEXT NOT NULL, -- ISO-8601 in UTC with milliseconds
      outcome TEXT NOT NULL, -- completed, failed, timed-out, not-possible
      reason TEXT,
      durationNanoseconds INTEGER, -- NULL where nothing is timed
      bracketLowNanoseconds INTEGER, -- offsets from the beginning
      bracketHighNanoseconds INTEGER,
      lastOldNanoseconds INTEGER,
      CHECK ((bracketLowNanoseconds IS NULL) = (bracketHighNanoseconds IS NULL)),
      CHECK (lastOldNanoseconds IS NULL OR bracketLowNanoseconds IS NOT NULL)
    ) STRICT;
    CREATE INDEX experimentTrialOnCell ON experimentTrial(cellId);

    CREATE TABLE experimentPhase (
      trialId INTEGER NOT NULL REFERENCES experimentTrial(id) ON DELETE CASCADE,
      position INTEGER NOT NULL, -- the order in time
      name TEXT NOT NULL,
      durationNanoseconds INTEGER NOT NULL,
      bytesUp INTEGER, -- to the remote over the link, NULL where there is none
      bytesDown INTEGER, -- from the remote
      PRIMARY KEY (trialId, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE experimentFigure (
      trialId INTEGER NOT NULL REFERENCES experimentTrial(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      name TEXT NOT NULL,
      value REAL NOT NULL,
      unit TEXT NOT NULL, -- s, B, s/min, share, count
      source TEXT NOT NULL, -- where it was read
      PRIMARY KEY (trialId, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE experimentFact (
      trialId INTEGER NOT NULL REFERENCES experimentTrial(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      groupName TEXT NOT NULL, -- empty for those of no group
      name TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (trialId, position)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE experimentNote (
      trialId INTEGER NOT NULL REFERENCES experimentTrial(id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      text TEXT NOT NULL, -- what the workflow told of on the way
      PRIMARY KEY (trialId, position)
    ) STRICT, WITHOUT ROWID;
    """
}
