package import Measurement
package import ResultStore
package import Statistics

/// What two runs of one and the same scenario, measured in turn, say of each cell's noise.
package struct CalibrationTable: Sendable, Hashable {
  package struct Row: Sendable, Hashable {
    package let cell: Cell
    package let label: String
    /// Nil if too few blocks were served on both sides.
    package let result: Calibration?
    /// Of the cell with itself, as it was measured.
    package let ratio: LogRatio?
    package let stored: StoredCalibration?
  }

  package let scenario: String
  package let rows: [Row]
  /// Of each side of the comparisons that this is for.
  package let iterations: Int

  package var calibrations: [StoredCalibration] { rows.compactMap(\.stored) }

  /// How many comparisons of a cell with itself are drawn from its blocks.
  private static let comparisons = 2_000

  package init(first: StoredRun, second: StoredRun, iterations: Int) {
    scenario = first.record.scenario
    self.iterations = iterations
    let cells = first.record.cells.map(\.cell)
    let labels = CellLabels.labels(for: cells)
    rows = zip(cells, labels).map { cell, label in
      func samples(_ run: StoredRun) -> [Sample] {
        run.samples.filter { !$0.isWarmup && $0.cell == cell }
      }
      let pairs = CellChange.pairs(head: samples(second), base: samples(first))
      var generator = SeededGenerator(
        seed: BootstrapSeed.derived(from: first.record.seed, for: "calibrate " + cell.name))
      let result = Calibration(
        blocks: pairs.map { (first: $0.base, second: $0.head) }, iterations: iterations,
        resamples: Self.comparisons, using: &generator)
      return Row(
        cell: cell, label: label, result: result,
        ratio: pairs.isEmpty
          ? nil : LogRatio.inBlocks(pairs.map(\.head), to: pairs.map(\.base)),
        stored: result.map { result in
          StoredCalibration(
            run: first.record.id, cell: cell.name,
            comparability: CellChange.key(first, cell).digest, iterations: result.iterations,
            comparisons: Self.comparisons,
            falseAlarms: Int((result.falseAlarmRate * Double(Self.comparisons)).rounded()),
            noise: result.noise, detectable: result.minimumDetectable)
        })
    }
  }
}

/// A calibration as text for a terminal.
package struct CalibrationTerminal: Sendable {
  package var colour: Bool
  package var width: Int

  package init(colour: Bool = false, width: Int = 80) {
    self.colour = colour
    self.width = max(width, 40)
  }

  package func render(_ table: CalibrationTable) -> String {
    var page = TerminalPage(colour: colour, width: width)
    page.paragraph("\(table.scenario), compared with itself", .heading)
    page.blank()
    var rows = TextTable([
      .init("cell", wraps: true), .init("blocks", .right), .init("against itself", .right),
      .init("noise", .right), .init("false alarms", .right), .init("detectable", .right),
    ])
    for row in table.rows {
      let interval = RatioText.interval(row.ratio?.estimate, row.ratio?.interval)
      rows.add([
        .init(PlainText.line(row.label)), .init(row.result.map { "\($0.blocks)" } ?? "too few"),
        .init("\(RatioText.text(row.ratio?.estimate, row.ratio?.interval)) (\(interval))"),
        .init(row.result.map { ChangeReport.percent($0.noise) } ?? DurationText.none, .heading),
        .init(row.result.map { ShareText.text($0.falseAlarmRate) } ?? DurationText.none),
        .init(
          row.result?.minimumDetectable.map { ChangeReport.percent($0) } ?? DurationText.none),
      ])
    }
    page.table(rows)
    page.blank()
    page.paragraph(
      "Noise: the change that 99 of 100 comparisons of a cell with itself stay within, with "
        + "\(table.iterations) iterations a side; devbench compare takes nothing smaller for a change. "
        + "Detectable: the smallest slowdown that raises an alarm 95 times in 100. It knows what varies "
        + "within a run; two days may differ by more.", .faint)
    return page.text
  }
}
