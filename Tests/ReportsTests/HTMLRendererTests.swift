import Foundation
import Measurement
import ResultStore
import Testing

@testable import Reports

@Suite("HTML report")
struct HTMLRendererTests {
  @Test("needs nothing from elsewhere")
  func selfContained() throws {
    let html = try HTMLRenderer().render(Comparison(RunFixture.flask()))
      .replacing("<script>\(HTMLScript.text)</script>", with: "")
    for outside in ["http:", "https:", "src=", "href=", "url(", "@import", "<script", "<link"] {
      #expect(!html.contains(outside), "\(outside)")
    }
  }

  @Test("draws every sample but warm-ups, and a mark of its own for what wasn't served")
  func marks() throws {
    let html = try HTMLRenderer().render(Comparison(RunFixture.flask()))
    #expect(html.components(separatedBy: "<circle ").count - 1 == 19)
    #expect(html.components(separatedBy: "<path d=").count - 1 == 1)
    #expect(html.components(separatedBy: "<path class=\"cumulative ").count - 1 == 2)
    #expect(html.contains("#8: timed-out, given up after 1 min"))
    #expect(html.contains("9 of 10"))
  }

  @Test("is the same every time")
  func deterministic() throws {
    let first = try HTMLRenderer().render(Comparison(RunFixture.flask()))
    #expect(try HTMLRenderer().render(Comparison(RunFixture.flask())) == first)
  }

  @Test("ten thousand samples stay below five megabytes")
  func large() throws {
    var run = SampleReports.realistic(iterations: 2_000)
    run.record.order = "sequential"
    let html = try HTMLRenderer().render(Comparison(run))
    #expect(html.utf8.count < 5_000_000)
    #expect(html.components(separatedBy: "<tr").count > 10_000)
  }

  @Test(
    "the axis suits the values",
    arguments: [
      ([0.19, 1.1], false, ["0", "0.25 s", "0.5 s", "0.75 s", "1 s", "1.25 s"]),
      ([0.27, 0.29], false, ["0", "0.1 s", "0.2 s", "0.3 s"]),
      ([0.002, 0.0023], false, ["0", "500 µs", "1 ms", "1.5 ms", "2 ms", "2.5 ms"]),
      ([0.1, 4.8], true, ["0.1 s", "0.2 s", "0.5 s", "1 s", "2 s", "5 s"]),
      ([0.002, 300], true, ["10 ms", "0.1 s", "1 s", "10 s", "100 s"]),
      ([60, 600], false, ["0", "2 min", "4 min", "6 min", "8 min", "10 min"]),
      ([], false, ["0", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1 s"]),
      ([0], false, ["0", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1 s"]),
      ([0.276], false, ["0", "0.1 s", "0.2 s", "0.3 s"]),
    ] as [([Double], Bool, [String])])
  func axis(values: [Double], isLogarithmic: Bool, labels: [String]) {
    let axis = PlotAxis(values: values)
    #expect(axis.isLogarithmic == isLogarithmic)
    #expect(axis.ticks.map(\.label) == labels)
    #expect(axis.ticks.count <= 6)
    #expect(values.allSatisfy { axis.low <= $0 && $0 <= axis.high * 1.000_001 })
    #expect(axis.position(axis.low) == 0)
    #expect(axis.position(axis.high) == 1)
  }
}
