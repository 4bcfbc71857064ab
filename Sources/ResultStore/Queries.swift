/// What a report reads; kept together so that a test can look at each one's query plan.
package enum Queries {
  package static let latestRun = """
    SELECT id FROM run WHERE startedAt <= ? ORDER BY startedAt DESC, rowid DESC LIMIT 1
    """

  package static let runsAfter = """
    SELECT id, startedAt FROM run WHERE startedAt > ? ORDER BY startedAt, rowid
    """

  // A range instead of LIKE: it uses the index, and `%` and `_` mean themselves.
  package static let runsByPrefix = """
    SELECT id FROM run WHERE id >= ?1 AND id < ?1 || char(0x10FFFF) ORDER BY id LIMIT ?2
    """

  package static let newestRuns = """
    SELECT id FROM run ORDER BY startedAt DESC, rowid DESC LIMIT ?
    """

  // The order of rows is the order of measuring, also for runs that started in one millisecond.
  package static let runsSince = """
    SELECT * FROM run WHERE startedAt >= ? ORDER BY startedAt, rowid
    """

  package static let runsOfScenarioSince = """
    SELECT * FROM run WHERE scenario = ? AND startedAt >= ? ORDER BY startedAt, rowid
    """

  package static let listings = """
    SELECT run.id, run.scenario, run.startedAt, run.status,
      (SELECT COUNT(*) FROM cell WHERE cell.runId = run.id) AS cells,
      (SELECT COUNT(*) FROM cell CROSS JOIN sample ON sample.cellId = cell.id
        WHERE cell.runId = run.id AND sample.isWarmup = 0) AS attempted,
      (SELECT COUNT(*) FROM cell CROSS JOIN sample ON sample.cellId = cell.id
        WHERE cell.runId = run.id AND sample.isWarmup = 0 AND sample.outcome = 'served') AS served
    FROM run ORDER BY run.startedAt DESC, run.rowid DESC LIMIT ?
    """

  package static let scenarios = "SELECT DISTINCT scenario FROM run ORDER BY scenario"

  package static let run = """
    SELECT run.*, scenario.text AS scenarioText
    FROM run JOIN scenario ON scenario.digest = run.scenarioDigest WHERE run.id = ?
    """

  package static let tools = "SELECT name, version FROM tool WHERE runId = ? ORDER BY position"

  package static let links = "SELECT * FROM link WHERE runId = ? ORDER BY position"

  package static let cells = "SELECT * FROM cell WHERE runId = ? ORDER BY position"

  // CROSS JOIN fixes the order of the loops: from the run's few cells outwards, whatever the
  // planner believes about tables that were never analysed.
  package static let samples = """
    SELECT sample.* FROM cell CROSS JOIN sample ON sample.cellId = cell.id
    WHERE cell.runId = ? ORDER BY sample.id
    """

  package static let phases = """
    SELECT phase.*
    FROM cell CROSS JOIN sample ON sample.cellId = cell.id
      CROSS JOIN phase ON phase.sampleId = sample.id
    WHERE cell.runId = ? ORDER BY phase.sampleId, phase.position
    """

  package static let calibrations = """
    SELECT calibration.* FROM calibration JOIN run ON run.id = calibration.runId
    ORDER BY run.startedAt DESC, run.rowid DESC
    """

  package static let calibrationsOfRun =
    "SELECT * FROM calibration WHERE runId = ? ORDER BY cell"

  package static let blessingsOfRun =
    "SELECT * FROM blessing WHERE scenario = ? AND runId = ? ORDER BY id"

  package static let blessings = "SELECT * FROM blessing WHERE scenario = ? ORDER BY id"

  package static let faultTrials = """
    SELECT faultTrial.* FROM cell CROSS JOIN faultTrial ON faultTrial.cellId = cell.id
    WHERE cell.runId = ? ORDER BY faultTrial.id
    """

  package static let faultSpans = "SELECT * FROM faultSpan WHERE trialId = ? ORDER BY position"

  package static let faultEdits = "SELECT * FROM faultEdit WHERE trialId = ? ORDER BY position"

  package static let faultNotes = "SELECT * FROM faultNote WHERE trialId = ? ORDER BY position"

  package static let experimentTrials = """
    SELECT experimentTrial.* FROM cell CROSS JOIN experimentTrial ON experimentTrial.cellId = cell.id
    WHERE cell.runId = ? ORDER BY experimentTrial.id
    """

  package static let experimentsOfRun = """
    SELECT experimentTrial.experiment, COUNT(*) AS trials,
      SUM(experimentTrial.outcome = 'completed') AS completed
    FROM cell CROSS JOIN experimentTrial ON experimentTrial.cellId = cell.id
    WHERE cell.runId = ? GROUP BY experimentTrial.experiment ORDER BY MIN(experimentTrial.id)
    """

  package static let experimentPhases =
    "SELECT * FROM experimentPhase WHERE trialId = ? ORDER BY position"

  package static let experimentFigures =
    "SELECT * FROM experimentFigure WHERE trialId = ? ORDER BY position"

  package static let experimentFacts =
    "SELECT * FROM experimentFact WHERE trialId = ? ORDER BY position"

  package static let experimentNotes =
    "SELECT * FROM experimentNote WHERE trialId = ? ORDER BY position"
}
