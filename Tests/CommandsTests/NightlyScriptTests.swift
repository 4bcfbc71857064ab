import Foundation
import Testing

/// `scripts/nightly`, which docs/nightly.md shows.
@Suite(.serialized, .timeLimit(.minutes(5))) struct NightlyScriptTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// As the page has it.
  private static func script() throws -> String {
    let blocks = try text("docs/nightly.md").components(separatedBy: "```sh\n").dropFirst()
      .map { $0.components(separatedBy: "```")[0] }
    return try #require(blocks.first { $0.hasPrefix("#!/bin/sh\n") })
  }

  @Test("the page shows the script as it is")
  func page() throws {
    #expect(try Self.script() == Self.text("scripts/nightly"))
    let workflow = try Self.text(".github/workflows/nightly.yml")
    #expect(workflow.contains("scripts/nightly flask-hello node-hello"))
    // The steps and the script mean the same files.
    for variable in ["DEVBENCH", "NIGHTLY_DB", "NIGHTLY_REPORTS"] {
      #expect(workflow.contains("\n      \(variable): "))
      #expect(try Self.script().contains("${\(variable):-"))
    }
  }

  /// Runs the page's script in the bench's directory, with a devbench that is `command` to the shell.
  private func night(_ bench: Bench, _ command: String, _ scenarios: String) async throws
    -> Bench.Finished
  {
    try bench.write("nightly", try Self.script())
    try bench.write("devbench.sh", command)
    // The command line ends with the real devbench.
    let wrapper = [
      "/bin/sh", "-c",
      """
      sh -n nightly || exit 99
      chmod +x devbench.sh
      REAL=$0 DEVBENCH=./devbench.sh NIGHTLY_DB=kept/results.sqlite exec sh nightly \(scenarios)
      """,
    ]
    return try await bench.start([], toFile: true, wrapper: wrapper).finish()
  }

  struct Ends: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Of run, of the gate, and of each comparison, by its scenario.
    var run = 0
    var gate = 2
    var compare = ["one": 0, "two": 0]
    var judged = 2
    var status: Int32
    var calls: [String]
  }

  private static let trends = ["trend html", "trend markdown", "trend json"]
  private static let both =
    ["run one two"] + trends + ["gate", "compare one b1 new", "compare two b2 new"]

  static let nights = [
    Ends(testDescription: "fine", gate: 0, status: 0, calls: ["run one two"] + trends + ["gate"]),
    Ends(
      testDescription: "an edit that wasn't served", run: 1, gate: 0, status: 1,
      calls: ["run one two"] + trends + ["gate"]),
    Ends(testDescription: "a faulty scenario", run: 64, status: 64, calls: ["run one two"]),
    Ends(
      testDescription: "too few nights", judged: 0, status: 0, calls: ["run one two"] + trends),
    Ends(
      testDescription: "the newest run failed", gate: 1, status: 1,
      calls: ["run one two"] + trends + ["gate"]),
    Ends(testDescription: "nothing confirmed", status: 0, calls: both),
    Ends(testDescription: "one confirmed", compare: ["one": 2, "two": 0], status: 2, calls: both),
    Ends(
      testDescription: "one confirmed, of the other it isn't known",
      compare: ["one": 3, "two": 2], status: 2, calls: both),
    Ends(testDescription: "not known", compare: ["one": 0, "two": 3], status: 3, calls: both),
    Ends(
      testDescription: "can't be measured again", compare: ["one": 1, "two": 3], status: 1,
      calls: both),
  ]

  @Test("ends with what became of the night", arguments: nights)
  func ends(_ ends: Ends) async throws {
    let bench = try await Bench()
    let alarms = ["one": "b1", "two": "b2"].sorted { $0.key < $1.key }.map { name, before in
      #"{"scenario":"\#(name)","series":[{"status":"steady"},{"status":"regression","before":"\#(before)","points":[{"run":"x"},{"run":"new"}]},"#
        + #"{"status":"regression","before":"\#(before)","points":[{"run":"new"}]}]}"#
    }
    try bench.write(
      "trend.json", #"{"judged":\#(ends.judged),"scenarios":[\#(alarms.joined(separator: ","))]}"#)
    let command = """
      #!/bin/sh
      case "$*" in
      "run one two --quiet --db kept/results.sqlite") echo run one two >>calls; exit \(ends.run) ;;
      "trend --gate "*) echo gate >>calls; exit \(ends.gate) ;;
      "trend "*"--format json --output "*) echo trend json >>calls; cp trend.json "$7" ;;
      "trend "*) echo trend "$5" >>calls ;;
      "compare --confirm "*) echo compare "$6" "$8" "${10}" >>calls
        case $6 in one) exit \(ends.compare["one"] ?? 0) ;; two) exit \(ends.compare["two"] ?? 0) ;; esac ;;
      *) exit 98 ;;
      esac
      """
    let output = try await night(bench, command, "one two")
    #expect(output.status == ends.status, "\(output.all)")
    let calls = try String(contentsOfFile: bench.inner("calls"), encoding: .utf8)
    #expect(calls.split(separator: "\n").map(String.init) == ends.calls)
  }

  @Test("measures, keeps the database, and writes the trend")
  func first() async throws {
    let bench = try await Bench()
    try bench.scenario(iterations: 1)
    let command = "#!/bin/sh\nexec \"$REAL\" \"$@\"\n"
    for runs in ["1 run,", "2 runs "] {
      let output = try await night(bench, command, "./small.yaml")
      #expect(output.status == 0, "\(output.all)")
      #expect(output.errors.contains("Nothing is judged yet: a series needs ten nights."))
      let trend = try String(
        contentsOfFile: bench.inner("reports/nightly/trend.md"), encoding: .utf8)
      #expect(trend.contains(runs), "\(trend)")
      for name in ["trend.html", "trend.json"] {
        #expect(FileManager.default.fileExists(atPath: bench.inner("reports/nightly/\(name)")))
      }
    }
    let unnamed = try await night(bench, command, "")
    #expect(unnamed.status == 64 && unnamed.errors.contains("Name the scenarios"))
  }

  @Test("an alarm that can't be measured again is told, with the comparison of what is stored")
  func alarm() async throws {
    let bench = try await Bench()
    var text = ""
    for number in 0..<20 {
      text += try Night(number: number, results: [("message", .median(number < 10 ? 500 : 700))])
        .document()
    }
    try bench.write("nights.jsonl", text)
    let hub = bench.inner("kept/results.sqlite")
    let imported = try await bench.start(
      ["import", "nights.jsonl", "--db", hub], toFile: true
    ).finish()
    #expect(imported.status == 0, "\(imported.all)")
    let command = """
      #!/bin/sh
      case $1 in run) exit 0 ;; esac
      exec "$REAL" "$@"
      """
    let output = try await night(bench, command, "stored")
    #expect(output.status == 1, "\(output.all)")
    let alarms = try String(
      contentsOfFile: bench.inner("reports/nightly/alarms.txt"), encoding: .utf8)
    #expect(alarms == "\(Night.id(9)) \(Night.id(19)) stored\n")
    let compared = try String(
      contentsOfFile: bench.inner("reports/nightly/confirm-1.md"), encoding: .utf8)
    #expect(compared.contains("regression"), "\(compared)")
  }
}
