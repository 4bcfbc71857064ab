import Testing

@testable import Scenarios

/// Faults of keys and values.
struct FieldFaultTests {
  static let cases: [FaultCase] = [
    FaultCase(
      "an unknown key names the key that was meant",
      "  iterations: 10",
      "  iteratoins: 10"),
    FaultCase(
      "an unknown key unlike any other lists what can be written",
      "  iterations: 10",
      "  banana: 10"),
    FaultCase(
      "an unknown key at the top",
      "measure:",
      "mesure:"),
    FaultCase(
      "an unknown key of the probe",
      "timeout: 60s",
      "timout: 60s"),
    FaultCase(
      "an unknown marker",
      "detected:",
      "dettected:"),
    FaultCase(
      "control characters of a key are escaped",
      "measure:",
      "\"\\e[31m\":"),
    FaultCase(
      "an empty mapping lacks all required keys",
      "",
      "{}"),
    FaultCase(
      "a missing name",
      "name: demo\n",
      ""),
    FaultCase(
      "a missing source",
      "  source: app\n",
      ""),
    FaultCase(
      "an empty app",
      "",
      "name: a\napp:\nedits:\nworkflows:\n"),
    FaultCase(
      "a number is no name",
      "name: demo",
      "name: 42"),
    FaultCase(
      "a boolean is no name",
      "name: demo",
      "name: true"),
    FaultCase(
      "an empty name",
      "name: demo",
      "name: \"\""),
    FaultCase(
      "a name with other characters",
      "name: demo",
      "name: \"a b\""),
    FaultCase(
      "a name of 65 characters",
      "name: demo",
      "name: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"),
    FaultCase(
      "a name of dots",
      "name: demo",
      "name: .."),
    FaultCase(
      "a description is text",
      "name: demo",
      "name: demo\ndescription: [a]"),
    FaultCase(
      "a description left empty",
      "name: demo",
      "name: demo\ndescription:"),
    FaultCase(
      "a NUL character cannot be carried",
      "name: demo",
      "name: demo\ndescription: \"a\\0b\""),
    FaultCase(
      "a source that is not there",
      "source: app",
      "source: apps"),
    FaultCase(
      "a source that is a file",
      "source: app",
      "source: outside.py"),
    FaultCase(
      "a source that leaves upwards",
      "source: app",
      "source: ../app"),
    FaultCase(
      "a source that leaves and comes back",
      "source: app",
      "source: app/../app"),
    FaultCase(
      "an absolute source",
      "source: app",
      "source: /app"),
    FaultCase(
      "a source that leaves through a link",
      "source: app",
      "source: elsewhere/tmp"),
    FaultCase(
      "a duration without unit",
      "interval: 5ms",
      "interval: 5"),
    FaultCase(
      "a quoted duration without unit",
      "interval: 5ms",
      "interval: \"5\""),
    FaultCase(
      "a malformed duration",
      "interval: 5ms",
      "interval: five"),
    FaultCase(
      "a duration with an unknown unit",
      "interval: 5ms",
      "interval: 5sec"),
    FaultCase(
      "a negative duration",
      "interval: 5ms",
      "interval: -5ms"),
    FaultCase(
      "a list is no duration",
      "interval: 5ms",
      "interval: [5ms]"),
    FaultCase(
      "an interval below 1ms",
      "interval: 5ms",
      "interval: 0.5ms"),
    FaultCase(
      "an interval above 10s",
      "interval: 5ms",
      "interval: 11s"),
    FaultCase(
      "a timeout below 100ms",
      "timeout: 60s",
      "timeout: 99ms"),
    FaultCase(
      "a timeout above 1h",
      "timeout: 60s",
      "timeout: 61m"),
    FaultCase(
      "a port of 0",
      "timeout: 60s",
      "port: 0"),
    FaultCase(
      "a port above 65535",
      "timeout: 60s",
      "port: 65536"),
    FaultCase(
      "a port as text",
      "timeout: 60s",
      "port: \"80\""),
    FaultCase(
      "a probe path without slash",
      "path: /,",
      "path: index,"),
    FaultCase(
      "a probe path with a space",
      "path: /,",
      "path: /a b,"),
    FaultCase(
      "a probe path with a fragment",
      "path: /,",
      "path: \"/a#b\","),
    FaultCase(
      "no iterations",
      "iterations: 10",
      "iterations: 0"),
    FaultCase(
      "too many iterations",
      "iterations: 10",
      "iterations: 10001"),
    FaultCase(
      "more iterations than a number holds",
      "iterations: 10",
      "iterations: 99999999999999999999"),
    FaultCase(
      "a fraction of iterations",
      "iterations: 10",
      "iterations: 1.5"),
    FaultCase(
      "iterations as a word",
      "iterations: 10",
      "iterations: ten"),
    FaultCase(
      "negative warmups",
      "warmups: 2",
      "warmups: -1"),
    FaultCase(
      "too many warmups",
      "warmups: 2",
      "warmups: 1001"),
    FaultCase(
      "an unknown order",
      "warmups: 2",
      "order: interleave"),
    FaultCase(
      "an order unlike any",
      "warmups: 2",
      "order: 7up"),
    FaultCase(
      "a range that begins above its end",
      "1.0s..2.5s",
      "2.5s..1s"),
    FaultCase(
      "a range without unit at its start",
      "1.0s..2.5s",
      "1..2.5s"),
    FaultCase(
      "a range with an open end",
      "1.0s..2.5s",
      "1s.."),
    FaultCase(
      "a range of three",
      "1.0s..2.5s",
      "1s..2s..3s"),
    FaultCase(
      "a range beyond ten minutes",
      "1.0s..2.5s",
      "1s..11m"),
    FaultCase(
      "a measure that is text",
      "measure:",
      "measure: fast\nname2:"),
  ]

  @Test(arguments: cases)
  func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    let workspace = try Workspace()
    for f in workspace.faults(of: fault.text) { print("ROW|fields|\(fault.behaviour)|\(f)") }
  }
}
