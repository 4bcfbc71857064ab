import Testing

@testable import Scenarios

/// Faults of keys and values.
struct FieldFaultTests {
  static let cases: [FaultCase] = [
    FaultCase(
      "an unknown key names the key that was meant",
      "  iterations: 10",
      "  iteratoins: 10",
      "18:3: unknown key \"iteratoins\"; did you mean \"iterations\"?"),
    FaultCase(
      "an unknown key unlike any other lists what can be written",
      "  iterations: 10",
      "  banana: 10",
      "18:3: unknown key \"banana\"; \"measure\" can have warmups, iterations, order or thinkTime"),
    FaultCase(
      "an unknown key at the top",
      "measure:",
      "mesure:",
      "16:1: unknown key \"mesure\"; did you mean \"measure\"?"),
    FaultCase(
      "an unknown key of the probe",
      "timeout: 60s",
      "timout: 60s",
      "4:36: unknown key \"timout\"; did you mean \"timeout\"?"),
    FaultCase(
      "an unknown marker",
      "detected:",
      "dettected:",
      "15:16: unknown key \"dettected\"; did you mean \"detected\"?"),
    FaultCase(
      "control characters of a key are escaped",
      "measure:",
      "\"\\e[31m\":",
      "16:1: unknown key \"\\u{1b}[31m\"; the scenario can have name, description, app, edits, breaks, workflows, faults or measure"
    ),
    FaultCase(
      "an empty mapping lacks all required keys",
      "",
      "{}",
      "1:1: the scenario lacks the key \"app\"; say where the app's source is: app: {source: …}",
      "1:1: the scenario lacks the key \"edits\"; name at least one change to the app's source",
      "1:1: the scenario lacks the key \"name\"; write a short name for reports",
      "1:1: the scenario lacks the key \"workflows\"; say how the app runs, as in local-native"),
    FaultCase(
      "a missing name",
      "name: demo\n",
      "",
      "1:1: the scenario lacks the key \"name\"; write a short name for reports"),
    FaultCase(
      "a missing source",
      "  source: app\n",
      "",
      "3:3: \"app\" lacks the key \"source\"; write the path of the app's directory"),
    FaultCase(
      "an empty app",
      "",
      "name: a\napp:\nedits:\nworkflows:\n",
      "2:5: \"app\" must be a mapping, but is empty; write keys with values, such as source: …",
      "3:7: \"edits\" must be a mapping, but is empty; write keys with values, such as message: …",
      "4:11: \"workflows\" must be a mapping, but is empty; write keys with values, such as local-native: …"
    ),
    FaultCase(
      "a number is no name",
      "name: demo",
      "name: 42",
      "1:7: \"name\" must be text, but is a number; write it in quotes"),
    FaultCase(
      "a boolean is no name",
      "name: demo",
      "name: true",
      "1:7: \"name\" must be text, but is a boolean; write it in quotes"),
    FaultCase(
      "an empty name",
      "name: demo",
      "name: \"\"",
      "1:7: \"name\" is empty; write some text"),
    FaultCase(
      "a name with other characters",
      "name: demo",
      "name: \"a b\"",
      "1:7: \"a b\" can't name a scenario; write letters, digits, \"-\", \"_\" and \".\", at most 64 characters"
    ),
    FaultCase(
      "a name of 65 characters",
      "name: demo",
      "name: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
      "1:7: \"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…\" can't name a scenario; write letters, digits, \"-\", \"_\" and \".\", at most 64 characters"
    ),
    FaultCase(
      "a name of dots",
      "name: demo",
      "name: ..",
      "1:7: \"..\" can't name a scenario; write letters, digits, \"-\", \"_\" and \".\", at most 64 characters"
    ),
    FaultCase(
      "a description is text",
      "name: demo",
      "name: demo\ndescription: [a]",
      "2:14: \"description\" must be text, but is a list; write text"),
    FaultCase(
      "a description left empty",
      "name: demo",
      "name: demo\ndescription:",
      "2:13: \"description\" is empty; write some text"),
    FaultCase(
      "a NUL character cannot be carried",
      "name: demo",
      "name: demo\ndescription: \"a\\0b\"",
      "2:14: \"description\" holds a NUL character; remove it"),
    FaultCase(
      "a source that is not there",
      "source: app",
      "source: apps",
      "3:11: no directory \"apps\" beside the scenario file; write the path of the app's directory, relative to the scenario file"
    ),
    FaultCase(
      "a source that is a file",
      "source: app",
      "source: outside.py",
      "3:11: \"outside.py\" isn't a directory; write the path of one"),
    FaultCase(
      "a source that leaves upwards",
      "source: app",
      "source: ../app",
      "3:11: \"../app\" leaves the scenario's directory; write a path without \"..\""),
    FaultCase(
      "a source that leaves and comes back",
      "source: app",
      "source: app/../app",
      "3:11: \"app/../app\" leaves the scenario's directory; write a path without \"..\""),
    FaultCase(
      "an absolute source",
      "source: app",
      "source: /app",
      "3:11: \"/app\" is absolute; write a path relative to the scenario's directory"),
    FaultCase(
      "a source that leaves through a link",
      "source: app",
      "source: elsewhere/tmp",
      "3:11: \"elsewhere/tmp\" leads through a symbolic link out of the scenario's directory, or nowhere; write the path of a directory inside it"
    ),
    FaultCase(
      "a duration without unit",
      "interval: 5ms",
      "interval: 5",
      "4:31: \"interval\" has no unit: \"5\"; write 5ms or 5s"),
    FaultCase(
      "a quoted duration without unit",
      "interval: 5ms",
      "interval: \"5\"",
      "4:31: \"interval\" has no unit: \"5\"; write 5ms or 5s"),
    FaultCase(
      "a malformed duration",
      "interval: 5ms",
      "interval: five",
      "4:31: \"interval\" isn't a duration: \"five\"; write a number with unit (ms, s, m or h), as in 5ms, 1.5s or 2m"
    ),
    FaultCase(
      "a duration with an unknown unit",
      "interval: 5ms",
      "interval: 5sec",
      "4:31: \"interval\" isn't a duration: \"5sec\"; write a number with unit (ms, s, m or h), as in 5ms, 1.5s or 2m"
    ),
    FaultCase(
      "a negative duration",
      "interval: 5ms",
      "interval: -5ms",
      "4:31: \"interval\" isn't a duration: \"-5ms\"; write a number with unit (ms, s, m or h), as in 5ms, 1.5s or 2m"
    ),
    FaultCase(
      "a list is no duration",
      "interval: 5ms",
      "interval: [5ms]",
      "4:31: \"interval\" must be a duration, but is a list; write a number with unit, as in 5ms, 1.5s or 2m"
    ),
    FaultCase(
      "an interval below 1ms",
      "interval: 5ms",
      "interval: 0.5ms",
      "4:31: \"interval\" is out of range: \"0.5ms\"; write a duration from 1ms to 10s"),
    FaultCase(
      "an interval above 10s",
      "interval: 5ms",
      "interval: 11s",
      "4:31: \"interval\" is out of range: \"11s\"; write a duration from 1ms to 10s"),
    FaultCase(
      "a timeout below 100ms",
      "timeout: 60s",
      "timeout: 99ms",
      "4:45: \"timeout\" is out of range: \"99ms\"; write a duration from 100ms to 1h"),
    FaultCase(
      "a timeout above 1h",
      "timeout: 60s",
      "timeout: 61m",
      "4:45: \"timeout\" is out of range: \"61m\"; write a duration from 100ms to 1h"),
    FaultCase(
      "a port of 0",
      "timeout: 60s",
      "port: 0",
      "4:42: \"port\" is out of range; write a whole number from 1 to 65535"),
    FaultCase(
      "a port above 65535",
      "timeout: 60s",
      "port: 65536",
      "4:42: \"port\" is out of range; write a whole number from 1 to 65535"),
    FaultCase(
      "a port as text",
      "timeout: 60s",
      "port: \"80\"",
      "4:42: \"port\" must be a whole number, but is text; write a whole number from 1 to 65535, without quotes or unit"
    ),
    FaultCase(
      "a probe path without slash",
      "path: /,",
      "path: index,",
      "4:18: \"index\" isn't a path of a URL; write one that begins with /, with other characters percent-encoded, as in /greet?name=x"
    ),
    FaultCase(
      "a probe path with a space",
      "path: /,",
      "path: /a b,",
      "4:18: \"/a b\" isn't a path of a URL; write one that begins with /, with other characters percent-encoded, as in /greet?name=x"
    ),
    FaultCase(
      "a probe path with a fragment",
      "path: /,",
      "path: \"/a#b\",",
      "4:18: \"/a#b\" isn't a path of a URL; write one that begins with /, with other characters percent-encoded, as in /greet?name=x"
    ),
    FaultCase(
      "no iterations",
      "iterations: 10",
      "iterations: 0",
      "18:15: \"iterations\" is out of range; write a whole number from 1 to 10000"),
    FaultCase(
      "too many iterations",
      "iterations: 10",
      "iterations: 10001",
      "18:15: \"iterations\" is out of range; write a whole number from 1 to 10000"),
    FaultCase(
      "more iterations than a number holds",
      "iterations: 10",
      "iterations: 99999999999999999999",
      "18:15: \"iterations\" is out of range; write a whole number from 1 to 10000"),
    FaultCase(
      "a fraction of iterations",
      "iterations: 10",
      "iterations: 1.5",
      "18:15: \"iterations\" must be a whole number, but is \"1.5\"; write a whole number from 1 to 10000, without quotes or unit"
    ),
    FaultCase(
      "iterations as a word",
      "iterations: 10",
      "iterations: ten",
      "18:15: \"iterations\" must be a whole number, but is text; write a whole number from 1 to 10000, without quotes or unit"
    ),
    FaultCase(
      "negative warmups",
      "warmups: 2",
      "warmups: -1",
      "17:12: \"warmups\" is out of range; write a whole number from 0 to 1000"),
    FaultCase(
      "too many warmups",
      "warmups: 2",
      "warmups: 1001",
      "17:12: \"warmups\" is out of range; write a whole number from 0 to 1000"),
    FaultCase(
      "an unknown order",
      "warmups: 2",
      "order: interleave",
      "17:10: unknown order \"interleave\"; did you mean \"interleaved\"?"),
    FaultCase(
      "an order unlike any",
      "warmups: 2",
      "order: 7up",
      "17:10: unknown order \"7up\"; write interleaved or sequential"),
    FaultCase(
      "a range that begins above its end",
      "1.0s..2.5s",
      "2.5s..1s",
      "19:14: \"thinkTime\" begins above its end; write 1s..2500ms"),
    FaultCase(
      "a range without unit at its start",
      "1.0s..2.5s",
      "1..2.5s",
      "19:14: \"thinkTime\" has no unit: \"1\"; write 1ms or 1s"),
    FaultCase(
      "a range with an open end",
      "1.0s..2.5s",
      "1s..",
      "19:14: \"thinkTime\" isn't a duration: \"\"; write a number with unit (ms, s, m or h), as in 5ms, 1.5s or 2m"
    ),
    FaultCase(
      "a range of three",
      "1.0s..2.5s",
      "1s..2s..3s",
      "19:14: \"thinkTime\" isn't a range: \"1s..2s..3s\"; write two durations, as in 1.0s..2.5s"),
    FaultCase(
      "a range beyond ten minutes",
      "1.0s..2.5s",
      "1s..11m",
      "19:14: \"thinkTime\" is out of range: \"11m\"; write a duration from 0s to 10m"),
    FaultCase(
      "a measure that is text",
      "measure:",
      "measure: fast\nname2:",
      "16:10: \"measure\" must be a mapping, but is text; write keys with values, such as warmups: …",
      "17:1: unknown key \"name2\"; did you mean \"name\"?"),
  ]

  @Test(arguments: cases)
  func isReportedWhereItStandsWithAWayOut(_ fault: FaultCase) throws {
    let workspace = try Workspace()
    #expect(workspace.faults(of: fault.text) == fault.faults)
  }
}
