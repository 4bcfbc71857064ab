import Measurement
import Parity
import Statistics

/// What a report says of one experiment, before a renderer makes it its own. Texts aren't escaped.
struct ExperimentSection: Sendable, Hashable {
  /// What trials didn't complete of, with the reason.
  struct Problem: Sendable, Hashable {
    let title: String
    let reason: String
    let isBad: Bool
  }

  let experiment: Experiment
  /// `recovery: what comes back after a fault`.
  let title: String
  let intro: String
  /// Sentences before the tables.
  let remarks: [String]
  let tables: [ReportTable]
  let problems: [Problem]
  /// Prints every trial that the tables are of.
  let command: String
}

extension ExperimentReport {
  static let title = "Beyond the inner loop"

  var sections: [ExperimentSection] {
    experiments.map { experiment in
      let summaries = summaries(of: experiment)
      let parity = experiment == .parity ? self.parity : nil
      return ExperimentSection(
        experiment: experiment,
        title: "\(experiment.rawValue): \(Glossary.meaning(of: experiment))",
        intro: Glossary.timing(of: experiment), remarks: parity?.remarks ?? [],
        // Of parity the trials themselves say the least.
        tables: (parity?.tables ?? [])
          + [Self.outcomes(summaries), Self.phases(summaries)].compactMap { $0 }
          + [Self.figures(summaries), Self.facts(summaries)].compactMap { $0 },
        problems: summaries.flatMap { summary in
          summary.problems.map {
            ExperimentSection.Problem(
              title: "\(summary.label), \(summary.condition): \($0.title)",
              reason: $0.reason ?? "no reason was given", isBad: $0.outcome.isFailure)
          }
        },
        command: "devbench show \(run)\(databaseOption)")
    }
  }

  /// Where a figure's samples are, in a sentence.
  func samplesNote(_ section: ExperimentSection) -> String {
    "Every trial: \(section.command). With all facts, and where each figure was read: "
      + "devbench export \(run) --format json\(databaseOption)"
  }

  private static func outcomes(_ summaries: [ExperimentSummary]) -> ReportTable {
    let isTimed = summaries.contains { $0.median != nil }
    let hasIntervals = summaries.contains { $0.interval != nil }
    let isThin = summaries.contains { $0.median != nil && $0.interval == nil }
    var columns: [ReportTable.Column] = [
      .init("cell", .label), .init("condition", .label), .init("completed"),
    ]
    if isTimed { columns.append(.init("median")) }
    if hasIntervals { columns.append(.init("95 % interval")) }
    if isTimed { columns.append(.init("range")) }
    var notes = isTimed ? ["Median and range are of completed trials."] : []
    if isThin {
      notes.append("An interval of a median takes six completed trials; with fewer there is none.")
    }
    return ReportTable(
      "Trials", columns,
      summaries.map { summary in
        var texts = [summary.label, summary.condition, summary.doneText]
        if isTimed { texts.append(DurationText.text(summary.median)) }
        if hasIntervals {
          texts.append(DurationText.range(summary.interval?.low, summary.interval?.high))
        }
        if isTimed {
          texts.append(
            summary.min == summary.max
              ? DurationText.none : DurationText.range(summary.min, summary.max))
        }
        return ReportTable.Row(texts, isBad: summary.failed > 0)
      }, note: notes.joined(separator: " "))
  }

  private static func phases(_ summaries: [ExperimentSummary]) -> ReportTable? {
    let hasTraffic = summaries.contains { $0.phases.contains { $0.traffic != nil } }
    let rows = summaries.flatMap { summary in
      summary.phases.map { phase in
        ReportTable.Row(
          [
            summary.label, summary.condition, phase.name, DurationText.text(phase.median),
            ShareText.text(phase.share),
          ]
            + (hasTraffic
              ? [ByteText.text(phase.traffic?.up), ByteText.text(phase.traffic?.down)] : []))
      }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      "Where the time goes",
      [
        .init("cell", .label), .init("condition", .label), .init("phase", .text), .init("median"),
        .init("share"),
      ] + (hasTraffic ? [.init("up"), .init("down")] : []), rows,
      note: "Median of each phase over completed trials, and its share of all their time.")
  }

  private static func figures(_ summaries: [ExperimentSummary]) -> ReportTable? {
    let rows = summaries.flatMap { summary in
      summary.figures.map { figure in
        ReportTable.Row([
          summary.label, summary.condition, figure.name, figure.sources.joined(separator: "; "),
          FigureText.text(figure.median, figure.unit),
          FigureText.range(figure.min, figure.max, figure.unit),
        ])
      }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      "Figures",
      [
        .init("cell", .label), .init("condition", .label), .init("figure", .text),
        .init("read from", .text, isWide: true), .init("median"), .init("range"),
      ], rows, note: "Over completed trials.")
  }

  private static func facts(_ summaries: [ExperimentSummary]) -> ReportTable? {
    let rows = summaries.flatMap { summary in
      summary.facts.map {
        ReportTable.Row([summary.label, summary.condition, $0.title, $0.text])
      }
    }
    guard !rows.isEmpty else { return nil }
    return ReportTable(
      "Facts",
      [
        .init("cell", .label), .init("condition", .label), .init("fact", .text),
        .init("found", .text),
      ], rows,
      note: "Over all trials that told of it; in brackets how many, where they differ.")
  }
}

extension ParityReport {
  var remarks: [String] {
    var remarks = remark.map { [$0] } ?? []
    if sides.isEmpty {
      remarks.append(
        "facts of \(reference.setUpName) alone are there: nothing to compare them with. Try it on "
          + "another workflow in the same run")
    }
    var known: Set<String> = []
    return remarks + sides.flatMap(\.remarks).filter { known.insert($0).inserted }
  }

  var tables: [ReportTable] {
    guard !sides.isEmpty else { return [] }
    return [shares] + findings
  }

  private var shares: ReportTable {
    let groups = FactGroup.allCases.filter { group in
      sides.contains { $0.summary.groups.contains { $0.group == group && $0.compared > 0 } }
    }
    func text(_ same: Int, _ compared: Int, _ share: Double?) -> String {
      share.map { "\(same) of \(compared), \(ShareText.text($0))" } ?? DurationText.none
    }
    var rows = groups.map { group in
      ReportTable.Row(
        [group.rawValue]
          + sides.map { side in
            let found = side.summary.groups.first { $0.group == group }
            return text(found?.same ?? 0, found?.compared ?? 0, found?.share)
          })
    }
    rows.append(
      ReportTable.Row(
        ["all facts"]
          + sides.map {
            let summary = $0.summary
            return text(
              summary.same, summary.compared,
              summary.compared == 0 ? nil : Double(summary.same) / Double(summary.compared))
          }))
    rows.append(
      ReportTable.Row(
        ["mean of the groups"]
          + sides.map { $0.summary.meanShare.map { ShareText.text($0) } ?? DurationText.none }))
    return ReportTable(
      "Facts equal to those of \(reference.setUpName)",
      [.init("group", .label)] + sides.map { .init($0.label) }, rows,
      note:
        "What is known to vary between any two runtimes isn't compared (docs/parity.md). In the "
        + "mean each group counts once, however many facts it has.")
  }

  private var findings: [ReportTable] {
    sides.compactMap { side in
      let groups = Self.rows(of: side)
      guard !groups.isEmpty else { return nil }
      return ReportTable(
        "In what \(side.label) differs",
        [.init("fact", .label), .init(side.label, .text), .init(reference.setUpName, .text)],
        groups.flatMap(\.rows),
        brief: groups.flatMap { group in
          let shown = Self.shown[group.name] ?? Self.usuallyShown
          let more = group.rows.count - shown
          let rest = ReportTable.Row(["\(group.name): \(more) more", "", ""])
          return Array(group.rows.prefix(shown)) + (more > 0 ? [rest] : [])
        },
        note:
          "The groups in which a difference most likely breaks something are first. Values of the "
          + "environment are hashes.")
    }
  }

  /// How many of a group, where a page is short.
  private static let usuallyShown = 6
  /// Of a runtime's packages any may be the one that breaks; there are few beside those of a system.
  private static let shown = [FactGroup.runtime.rawValue: 30, FactGroup.packages.rawValue: 30]

  /// Facts that aren't known for one and the same reason are told of together.
  private static func rows(of side: ParitySide) -> [(name: String, rows: [ReportTable.Row])] {
    let findings = Dictionary(grouping: side.difference.findings, by: \.key.group)
    return FactGroup.allCases.compactMap { group in
      guard let entries = findings[group] else { return nil }
      let reasons = Dictionary(grouping: entries.compactMap(\.unknownReason), by: { $0 })
        .mapValues(\.count)
      var told: Set<String> = []
      let rows: [ReportTable.Row] = entries.compactMap { entry in
        let (here, reference) = entry.texts
        let name = "\(group.rawValue)/\(entry.key.name)"
        guard let reason = entry.unknownReason, let count = reasons[reason], count > 1 else {
          return ReportTable.Row([name, here, reference])
        }
        guard told.insert(reason).inserted else { return nil }
        return ReportTable.Row(["\(group.rawValue): \(count) facts", "not known: \(reason)", ""])
      }
      return (group.rawValue, rows)
    }
  }
}
