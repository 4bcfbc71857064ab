import Measurement
import ResultStore

/// Text that means something to a browser, to Markdown or to a terminal.
enum Hostile {
  static let texts = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'\"\u{301} onload='x",
    "</style></title></pre><h1>", "<\u{301}b>&lt;&#x3C;&amp;", "a | b || c \\| d |\u{301} e",
    "`` ` ``` code\u{301}`", "[link](javascript:alert(1)) ![x](y) <http://x>",
    "*bold* _em_ ~~no~~ # head\n# heading\n- item\n```\n@octocat #1 www.example.com http://x.y",
    "\u{1B}[2J\u{1B}]0;title\u{07}\u{9B}31m\u{0}\u{8}\u{7F}", "a\u{202E}txt.exe\u{2066}",
    "{{secret}}{{{svg}}}",
    "日本語 👩‍👩‍👧 e\u{301}", "line one\r\nline two\rline three\u{2028}four", "$x$ :tada: ]]>",
  ]

  static let everything = texts.joined(separator: " ")

  /// A run in which every text from outside is `text`.
  static func run(_ text: String) -> StoredRun {
    var run = RunFixture.flask(status: .failed)
    run.record.id = text
    run.record.scenario = text
    run.record.scenarioText = text
    run.record.scenarioDigest = text
    run.record.statusReason = text
    run.record.order = text
    run.record.devbenchVersion = text
    run.record.environment = Environment(
      host: text, system: text, kernel: text, architecture: text, processor: text, cores: 2,
      memoryBytes: 1, loadBefore: [0, 0, 0], tools: [.init(name: text, version: text)],
      appCommit: text)
    let rename = { (cell: Cell) in
      Cell(
        workflow: cell.workflow, path: cell.path,
        edit: (cell.path == .reload ? "a" : "b") + text)
    }
    for index in run.record.cells.indices {
      run.record.cells[index].cell = rename(run.record.cells[index].cell)
    }
    for index in run.samples.indices {
      run.samples[index].cell = rename(run.samples[index].cell)
      run.samples[index].token = text
      if run.samples[index].reason != nil { run.samples[index].reason = text }
      run.samples[index].phases = run.samples[index].phases.map {
        $0.name == Phase.unattributed ? $0 : Phase(name: $0.name + text, duration: $0.duration)
      }
    }
    // Two runtimes that differ, a trial that failed, and figures, facts and notes.
    run.experiments = run.record.cells.enumerated().flatMap { index, planned in
      [.parity, .breakFix].map { experiment in
        TrialFixture.trial(
          experiment, planned.cell, "c" + text, milliseconds: 400,
          outcome: experiment == .breakFix && index == 0 ? .failed : .completed,
          reason: experiment == .breakFix && index == 0 ? text : nil,
          figures: [Figure("f" + text, 1, .bytes, source: "s" + text)],
          facts: [
            TrialFact(
              "n" + text, "\(index)" + text, group: experiment == .parity ? "packages" : text),
            TrialFact("m" + text, "why" + text, group: "unknown packages"),
          ])
      }
    }
    for index in run.experiments.indices { run.experiments[index].notes = [text] }
    return run
  }

  /// The same without samples.
  static func experiments(_ text: String) -> StoredRun {
    var run = run(text)
    run.record.purpose = .experiment
    run.samples = []
    return run
  }
}
