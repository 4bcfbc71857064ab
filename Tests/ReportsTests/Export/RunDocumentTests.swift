import Clock
import Foundation
import Measurement
import Reports
import ResultStore
import Statistics
import Testing

@Suite("Run documents")
struct RunDocumentTests {
  static let reader = RunDocumentReader(digest: RandomRun.digest)

  static func read(_ line: String) throws(RunDocumentFault) -> StoredRun {
    try reader.read(Array(line.utf8))
  }

  /// A run that reads back, as text to change.
  static func document(_ run: StoredRun = RunFixture.flask()) -> String {
    var run = run
    run.record.scenarioDigest = RandomRun.digest(run.record.scenarioText)
    return RunDocument.line(run)
  }

  @Test("a run comes back as it was, in one line without a control character", arguments: 0..<200)
  func lossless(seed: UInt64) throws {
    let run = RandomRun.make(seed: seed)
    let line = RunDocument.line(run)
    #expect(line.hasSuffix("}\n"))
    #expect(!line.dropLast().unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
    #expect(try Self.read(line) == run)
  }

  @Test("through the database and back, it is the same run and the same line", arguments: 0..<20)
  func throughTheDatabase(seed: UInt64) throws {
    let directory = NSTemporaryDirectory() + "devbench-documents-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let first = try ResultStore.open(path: directory + "/first.sqlite")
    let second = try ResultStore.open(path: directory + "/second.sqlite")
    let runs = (0..<5).map { RandomRun.make(seed: seed * 5 + $0) }
    for run in runs {
      #expect(try first.merge(run) == .added)
      let line = RunDocument.line(try first.storedRun(id: run.record.id))
      let read = try Self.read(line)
      #expect(read == run)
      #expect(try second.merge(read) == .added)
      #expect(try second.merge(read) == .alreadyThere)
      let stored = try second.storedRun(id: run.record.id)
      #expect(stored == run)
      #expect(RunDocument.line(stored) == line)
    }
    #expect(try first.heads() == second.heads())
  }

  @Test("integers that readers of JSON would round are strings of digits")
  func exact() throws {
    var run = RunFixture.empty
    run.record.seed = .max
    run.record.environment.memoryBytes = 9_007_199_254_740_991
    let text = Self.document(run)
    #expect(text.contains(#""seed":"18446744073709551615""#))
    #expect(text.contains(#""memoryBytes":9007199254740991,"#))
    #expect(try Self.read(text).record.seed == .max)
  }

  @Test("the names are those of docs/json.md, and every one is there")
  func names() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/json.md")
    let documentation = try String(contentsOf: page, encoding: .utf8)
    let section = documentation.components(separatedBy: "## devbench export --format json").last
    func keys(_ value: Any) -> Set<String> {
      if let object = value as? [String: Any] {
        return object.reduce(into: []) {
          $0.formUnion([$1.key]); $0.formUnion(keys($1.value))
        }
      }
      return (value as? [Any] ?? []).reduce(into: []) { $0.formUnion(keys($1)) }
    }
    var all: Set<String> = []
    for seed in 0..<20 {
      let line = RunDocument.line(RandomRun.make(seed: UInt64(seed)))
      all.formUnion(keys(try JSONSerialization.jsonObject(with: Data(line.utf8))))
    }
    #expect(all.count > 50)
    let missing = try all.filter { !(try #require(section)).contains("`\($0)`") }
    #expect(missing.isEmpty, "\(missing.sorted())")
  }

  // MARK: - What is refused

  static let faults: [(String, String, String)] = [
    // A field's name and value in the document, what takes its place, the sentence.
    (
      #""version":1,"#, #""version":2,"#,
      "made by a newer devbench (version 2); this one reads 1: upgrade devbench"
    ),
    (#""version":1,"#, #""version":0,"#, "version is 0, and the first is 1"),
    (#""version":1,"#, "", "version is missing"),
    (#""id":"20261121-031500-9f3c","#, "", "run.id is missing"),
    (#""id":"20261121-031500-9f3c""#, #""id":"""#, "run.id is empty"),
    (#""id":"20261121-031500-9f3c""#, #""id":"latest""#, "run.id is 'latest', which names no run"),
    (
      #""id":"20261121-031500-9f3c""#, #""id":"a\u0000b""#,
      "run.id has a NUL character, which the database can't hold"
    ),
    (#""seed":42"#, #""seed":-1"#, "run.seed is a number that the field can't hold"),
    (#""seed":42"#, #""seed":"4x2""#, "run.seed is '4x2', which isn't an integer"),
    (#""seed":42"#, #""seed":1.5"#, "run.seed is a number that the field can't hold"),
    (
      #""startedAt":"2026-11-21"#, #""startedAt":"2026-02-30"#,
      "run.startedAt is '2026-02-30T03:15:00.000Z', which isn't a time like "
        + "2026-11-21T03:15:00.123Z"
    ),
    (
      #""finishedAt":"2026-11-21T03:16:00.000Z""#, #""finishedAt":null"#,
      "run.finishedAt is null, and the run is finished"
    ),
    (
      #""status":"finished""#, #""status":"running""#,
      "run.finishedAt is there, and the run is running"
    ),
    (
      #""status":"finished""#, #""status":"done""#,
      "run.status is 'done', which is none of running, finished, interrupted, failed, abandoned"
    ),
    (
      #""order":"interleaved""#, #""order":"random""#,
      "run.order is 'random', which is none of interleaved, sequential"
    ),
    (
      #""scenarioText":"name: flask-hello\n""#, #""scenarioText":"name: flask\n""#,
      "run.scenarioDigest isn't the SHA-256 of run.scenarioText, which is "
    ),
    (#""cores":2"#, #""cores":"two""#, "run.environment.cores is 'two', which isn't an integer"),
    (#""cores":2"#, #""cores":null"#, "run.environment.cores is null"),
    (
      #""loadBefore":[0.1,"#, #""loadBefore":[-1,"#,
      "run.environment.loadBefore has a negative average"
    ),
    (
      #""workflow":"local-native""#, #""workflow":"local""#,
      "cells[0].workflow is 'local', which is none of local-native, local-cluster, remote-cluster"
    ),
    (
      #""path":"reload""#, #""path":"restart""#,
      "cells[1] is local-native/restart/message, which is there already"
    ),
    (
      #""variant":"""#, #""variant":"../x""#,
      "cells[0].variant is '../x', which can't be a variant's name"
    ),
    (#""developers":1"#, #""developers":0"#, "cells[0].developers is 0, and 1 is the least"),
    (#"{"cell":0,"#, #"{"cell":2,"#, "samples[0].cell is 2, and there are 2 cells, counted from 0"),
    (#"{"cell":0,"#, #"{"#, "samples[0].cell is missing"),
    (#""developer":1,"#, #""developer":2,"#, "samples[0].developer is 2, and not from 1 to 1"),
    (#""iteration":1,"#, #""iteration":0,"#, "samples[0].iteration is 0, and 1 is the least"),
    (#""warmup":true"#, #""warmup":1"#, "samples[0].warmup is of another type"),
    (
      #""outcome":"served""#, #""outcome":"fine""#,
      "samples[0].outcome is 'fine', which is none of served, timed-out, failed, wrong"
    ),
    (
      #""durationNanoseconds":1900000000"#, #""durationNanoseconds":1900000001"#,
      "samples[0].bracket.highNanoseconds is 1900000000, and durationNanoseconds is 1900000001"
    ),
    (
      #""durationNanoseconds":1900000000"#, #""durationNanoseconds":-1"#,
      "samples[0].durationNanoseconds is negative"
    ),
    (
      #""durationNanoseconds":1900000000"#, #""durationNanoseconds":9223372036854775808"#,
      "samples[0].durationNanoseconds is a number that the field can't hold"
    ),
    (
      #""lowNanoseconds":1895000000"#, #""lowNanoseconds":1900000001"#,
      "samples[0].bracket ends before it begins"
    ),
    (
      #"{"name":"detect","nanoseconds":950000000"#, #"{"name":"detect","nanoseconds":950000001"#,
      "samples[0].phases add up to 1900000001, and durationNanoseconds is 1900000000"
    ),
    (
      #"{"name":"detect","nanoseconds":950000000"#,
      #"{"name":"detect","nanoseconds":9223372036854775807"#,
      "samples[0].phases add up to 9223372037804775807, and durationNanoseconds is 1900000000"
    ),
    (#""bytesUp":null"#, #""bytesUp":1"#, "samples[0].phases[0] has bytes of one direction only"),
    (#""replicas":1"#, #""replicas":0"#, "samples[0].replicas is 0, and 1 is the least"),
    (
      #""replicasServed":null"#, #""replicasServed":1"#,
      "samples[0].replicas is 1, and what several replicas served is told too"
    ),
    (#","faultTrials":[]"#, "", "faultTrials is missing"),
    (#""faultTrials":[]"#, #""faultTrials":{}"#, "faultTrials is of another type"),
    (
      #""faultTrials":[]"#,
      #""faultTrials":[{"cell":0,"notes":[],"faults":[],"edits":[{"token":"t","savedNanoseconds":1,"outcome":"served"}]}]"#,
      "faultTrials[0].edits[0].servedNanoseconds is null, and the outcome is served"
    ),
    (
      #""faultTrials":[]"#,
      #""faultTrials":[{"cell":0,"notes":[],"faults":[{"link":"lte","fromNanoseconds":2,"toNanoseconds":1}],"edits":[]}]"#,
      "faultTrials[0].faults[0] ends before it begins"
    ),
    (#""experiments":[]"#, #""experiments":{}"#, "experiments is of another type"),
    (#""calibrations":[]"#, #""calibrations":[{}]"#, "calibrations[0].cell is missing"),
    (#""blessings":[]"#, #""blessings":[1]"#, "blessings[0] is of another type"),
    (#"{"devbench":"run","#, "{", "this is JSON, but no run"),
    (#"{"devbench":"run","#, #"{"devbench":"trend","#, "this is JSON, but no run"),
    ("[]}\n", "[]", "this isn't a whole JSON document"),
  ]

  @Test("what can't be a run is refused with the field's name", arguments: faults)
  func refused(old: String, new: String, sentence: String) throws {
    let document = Self.document()
    let range = try #require(document.range(of: old))
    let changed = document.replacingCharacters(in: range, with: new)
    let fault = #expect(throws: RunDocumentFault.self) { try Self.read(changed) }
    let text = try #require(fault).description
    #expect(text.hasPrefix(sentence), "\(text)")
  }

  /// A run with a trial, a calibration and a blessing.
  static let judged: StoredRun = {
    var run = RunFixture.flask()
    run.experiments = [
      ExperimentTrial(
        .recovery, of: RunFixture.reload, condition: "process-killed", number: 1,
        startedOn: RunFixture.startedAt, duration: .seconds(2),
        bracket: Bracket(low: .seconds(1), high: .seconds(2), lastOld: nil),
        phases: [Phase(name: "start", duration: .seconds(2))],
        figures: [Figure("memory", 1, .bytes, source: "cgroup")],
        facts: [TrialFact("hand", "none")], notes: ["n"])
    ]
    run.judgements = RunJudgements(
      calibrations: [
        StoredCalibration(
          run: run.record.id, cell: RunFixture.reload.name, comparability: "0123456789ab",
          iterations: 10, comparisons: 2_000, falseAlarms: 3, noise: 0.07, detectable: 0.1)
      ],
      blessings: [
        Blessing(
          scenario: run.record.scenario, cell: RunFixture.reload.name, run: run.record.id,
          why: "Flask 3", blessedAt: RunFixture.startedAt)
      ])
    return run
  }()

  static let judgedFaults: [(String, String, String)] = [
    (
      #""experiment":"recovery""#, #""experiment":"repair""#,
      "experiments[0].experiment is 'repair', which is none of set-up, footprint, parity, "
        + "reproducibility, recovery, break-fix, offline"
    ),
    (#""experiment":"recovery","#, "", "experiments[0].experiment is missing"),
    (
      #"{"cell":0,"experiment""#, #"{"cell":2,"experiment""#,
      "experiments[0].cell is 2, and there are 2 cells, counted from 0"
    ),
    (
      #""condition":"process-killed""#, #""condition":"\u0000""#,
      "experiments[0].condition has a NUL character, which the database can't hold"
    ),
    (#""number":1"#, #""number":0"#, "experiments[0].number is 0, and 1 is the least"),
    (
      #""outcome":"completed""#, #""outcome":"served""#,
      "experiments[0].outcome is 'served', which is none of completed, failed, timed-out, not-possible"
    ),
    (
      #""durationNanoseconds":2000000000"#, #""durationNanoseconds":null"#,
      "experiments[0].durationNanoseconds is null, and there are phases"
    ),
    (
      #""durationNanoseconds":2000000000"#, #""durationNanoseconds":3000000000"#,
      "experiments[0].phases add up to 2000000000, and durationNanoseconds is 3000000000"
    ),
    (
      #""lowNanoseconds":1000000000"#, #""lowNanoseconds":2000000001"#,
      "experiments[0].bracket ends before it begins"
    ),
    (
      #""unit":"B""#, #""unit":"MB""#,
      "experiments[0].figures[0].unit is 'MB', which is none of s, B, s/min, share, count"
    ),
    (#""value":1.0,"#, #""value":null,"#, "experiments[0].figures[0].value is null"),
    (
      #""value":1.0,"#, #""value":1e300,"#,
      "experiments[0].figures[0].value is 1e+300, which can't be a figure in “B”"
    ),
    (
      #""value":1.0,"unit":"B""#, #""value":1.5,"unit":"share""#,
      "experiments[0].figures[0].value is 1.5, which can't be a figure in “share”"
    ),
    (
      #""value":1.0,"unit":"B""#, #""value":-1.0,"unit":"count""#,
      "experiments[0].figures[0].value is -1.0, which can't be a figure in “count”"
    ),
    (#","source":"cgroup""#, "", "experiments[0].figures[0].source is missing"),
    (#"{"group":"","#, #"{"group":1,"#, "experiments[0].facts[0].group is of another type"),
    (#""notes":["n"]"#, #""notes":[7]"#, "experiments[0].notes[0] is of another type"),
    (
      #"{"cell":"local-native/reload/message","comparability""#,
      #"{"cell":"a/b/c","comparability""#,
      "calibrations[0].cell is 'a/b/c', which is no cell of the run"
    ),
    (
      #""comparisons":2000"#, #""comparisons":2"#,
      "calibrations[0].falseAlarms is 3, and not from 0 to 2"
    ),
    (
      #""iterations":10,"comparisons""#, #""iterations":0,"comparisons""#,
      "calibrations[0].iterations is 0"
    ),
    (#""noise":0.07"#, #""noise":-1"#, "calibrations[0].noise is negative"),
    (#""detectable":0.1"#, #""detectable":-1"#, "calibrations[0].detectable is negative"),
    (
      #"{"cell":"local-native/reload/message","why""#, #"{"cell":"reload","why""#,
      "blessings[0].cell is 'reload', which is no cell of the run"
    ),
    (#""why":"Flask 3""#, #""why":" \n""#, "blessings[0].why is empty"),
    (#""takenBackAt":null"#, #""takenBackAt":"never""#, "blessings[0].takenBackAt is 'never'"),
  ]

  @Test(
    "what can't be a trial or a judgement is refused with the field's name", arguments: judgedFaults
  )
  func refusedJudgements(old: String, new: String, sentence: String) throws {
    let document = Self.document(Self.judged)
    #expect(throws: Never.self) { try Self.read(document) }
    let range = try #require(document.range(of: old), "\(document)")
    let changed = document.replacingCharacters(in: range, with: new)
    let fault = #expect(throws: RunDocumentFault.self) { try Self.read(changed) }
    let text = try #require(fault).description
    #expect(text.hasPrefix(sentence), "\(text)")
  }

  @Test("two calibrations of one cell are refused")
  func twice() throws {
    var run = Self.judged
    run.judgements.calibrations += run.judgements.calibrations
    let fault = #expect(throws: RunDocumentFault.self) { try Self.read(Self.document(run)) }
    #expect(
      fault?.description
        == "calibrations[1] is of local-native/reload/message, of which there is one already")
  }

  @Test("a document that knows no experiments and no judgements is of a run without any")
  func earlier() throws {
    let document = Self.document().replacing(
      #","experiments":[],"calibrations":[],"blessings":[]"#, with: "")
    #expect(!document.contains("experiments"))
    #expect(try Self.read(document) == Self.read(Self.document()))
  }

  /// Not a fault of the reader's: whatever single byte is changed, it says so or reads a run.
  @Test("a damaged byte anywhere is refused or read, and never crashes", arguments: 0..<60)
  func damaged(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var line = Array(RunDocument.line(RandomRun.make(seed: seed)).utf8)
    let place = Int(generator.uniform(below: UInt64(line.count)))
    line[place] = UInt8(truncatingIfNeeded: generator.next())
    let run: StoredRun
    do {
      run = try Self.reader.read(line)
    } catch {
      #expect(!error.description.isEmpty)
      return
    }
    // What is read can be written, and read again.
    #expect(try Self.read(RunDocument.line(run)) == run)
  }

  @Test(
    "garbage is refused",
    arguments: ["", "{", "[]", "null", "1", "\"run\"", "hello", "{\"results\": []}", "\u{FFFD}"])
  func garbage(text: String) {
    #expect(throws: RunDocumentFault.self) { try Self.read(text) }
  }

  @Test("bytes that are no text are refused")
  func bytes() {
    #expect(throws: RunDocumentFault.notJSON(detail: "it isn't UTF-8")) {
      try Self.reader.read([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x7D])
    }
  }

  @Test("a line cut off anywhere is refused", arguments: 0..<40)
  func truncated(part: Int) {
    let line = Array(Self.document().utf8.dropLast(2))
    #expect(throws: RunDocumentFault.self) {
      try Self.reader.read(Array(line[..<(line.count * part / 40)]))
    }
  }

  @Test("fields that this version doesn't know are left alone")
  func laterFields() throws {
    let document = Self.document().replacing(#""version":1,"#, with: #""version":1,"more":[{}],"#)
      .replacing(#""warmup":true,"#, with: #""warmup":true,"weather":"fine","#)
    #expect(try Self.read(document) == Self.read(Self.document()))
  }
}
