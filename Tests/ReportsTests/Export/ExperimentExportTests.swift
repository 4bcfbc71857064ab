import Foundation
import Measurement
import Reports
import ResultStore
import Testing

@testable import Reports

@Suite("Exports of experiments")
struct ExperimentExportTests {
  static let formats = ExportFormat.allCases.filter { $0 != .json }

  /// What the format writes of no run at all.
  static func empty(_ format: ExportFormat) -> String { ExportFixture.text(format, []) }

  @Test("a run of experiments is no measurement in any format, and is told of", arguments: formats)
  func alone(format: ExportFormat) {
    let (text, notes) = ExportFixture.notedText(format, [TrialFixture.everything])
    #expect(text == Self.empty(format))
    #expect(
      notes == [
        "The 20 trials of experiments of run 20261121-031500-9f3c are left out; --format json has them."
      ])
    #expect(!format.takes(.experiment))
  }

  @Test("beside a measurement it changes nothing of it", arguments: formats)
  func beside(format: ExportFormat) {
    let runs = [TrialFixture.everything, ExportFixture.six]
    var exporter = format.exporter(runs: 1)
    var text = exporter.begin()
    for run in runs { text += exporter.add(run) }
    text += exporter.end()
    #expect(text == ExportFixture.text(format, [ExportFixture.six]))
  }

  @Test(
    "a measurement with a trial keeps its figures, and the trial is told of", arguments: formats)
  func mixed(format: ExportFormat) {
    var run = ExportFixture.six
    run.experiments = [TrialFixture.trial(.recovery, RunFixture.reload, milliseconds: 400)]
    let (text, notes) = ExportFixture.notedText(format, [run])
    #expect(text == ExportFixture.text(format, [ExportFixture.six]))
    #expect(notes.filter { $0.hasPrefix("The 1 trial of experiments") }.count == 1)
  }

  @Test("the whole document has everything")
  func document() {
    let (text, notes) = ExportFixture.notedText(.json, [TrialFixture.everything])
    #expect(notes.isEmpty && ExportFormat.json.takes(.experiment))
    #expect(text.components(separatedBy: "\"condition\":").count == 21)
  }
}
