import Dispatch
import Foundation
import Statistics

/// What change points find in synthetic histories.
struct Histories {
  func run(_ report: inout Report) {
    steps(&report)
    spikes(&report)
    quiet(report)
    speed(&report)
  }

  /// A history of nights, and where its level steps.
  struct History: Sendable {
    var values: [Double]
    var steps: [Int]

    /// 60 to 365 nights with up to 4 steps of 5 to 50 %, up or down, at least 15 nights apart; the
    /// noise is the smallest step divided by `clarity`, and one night in 50 is a spike of up to 5 times.
    init(clarity: Double, nights: Int? = nil, _ generator: inout SeededGenerator) {
      let nights = nights ?? 60 + Int(generator.uniform(below: 306))
      let isLong = nights > 400
      var place = 15 + Int(generator.uniform(below: 30))
      var sizes: [Double] = []
      steps = []
      while place + 15 <= nights, isLong || steps.count < 4 {
        steps.append(place)
        sizes.append(1.05 + 0.45 * generator.unit())
        place += 15 + Int(generator.uniform(below: isLong ? 300 : 60))
      }
      let noise = log(sizes.min() ?? 1.05) / clarity
      var level = 1.0
      values = []
      for night in 0..<nights {
        if let step = steps.firstIndex(of: night) {
          level *= generator.next() & 1 == 0 ? sizes[step] : 1 / sizes[step]
        }
        let spike = generator.unit() < 0.02 ? 1 + 4 * generator.unit() : 1
        values.append(level * exp(noise * Population.normal(&generator)) * spike)
      }
    }
  }

  private func steps(_ report: inout Report) {
    report.title(
      "Steps of 5 to 50 % in 200 histories, found within 2 nights (95 at 3 times the noise); seeds 800 on"
    )
    report.row(["step / noise", "steps", "recall", "precision", "exact"])
    for (place, clarity) in [1.5, 2, 3, 4, 6, 10].enumerated() {
      var generator = SeededGenerator(seed: UInt64(800 + place))
      var (all, found, reported, exact) = (0, 0, 0, 0)
      for _ in 0..<200 {
        let history = History(clarity: clarity, &generator)
        let changes = ChangePoints().find(in: history.values).map(\.index)
        all += history.steps.count
        reported += changes.count
        found += history.steps.count { step in changes.contains { abs($0 - step) <= 2 } }
        exact += history.steps.count { changes.contains($0) }
      }
      let recall = Double(found) / Double(all)
      let precision = Double(found) / Double(max(1, reported))
      report.row(
        [text(clarity), "\(all)"]
          + [recall, precision, Double(exact) / Double(all)].map { text(100 * $0) },
        report.judge(
          "steps of \(clarity) times the noise",
          clarity < 3 || (recall >= 0.95 && precision >= 0.95)))
    }
  }

  private func spikes(_ report: inout Report) {
    report.title("Change points in 200 histories with single spikes only (none); seed 810")
    var generator = SeededGenerator(seed: 810)
    var (reported, spikes) = (0, 0)
    for _ in 0..<200 {
      let nights = 60 + Int(generator.uniform(below: 306))
      let noise = 0.01 + 0.05 * generator.unit()
      var next = Int(generator.uniform(below: 20))
      let values = (0..<nights).map { night in
        var value = exp(noise * Population.normal(&generator))
        if night == next {
          value *=
            generator.next() & 1 == 0 ? 1.2 + 9 * generator.unit() : 0.2 + 0.6 * generator.unit()
          next += 2 + Int(generator.uniform(below: 40))
          spikes += 1
        }
        return value
      }
      reported += ChangePoints().find(in: values).count
    }
    report.row(["\(spikes) spikes", "\(reported)"], report.judge("spikes reported", reported == 0))
  }

  private func quiet(_ report: Report) {
    report.title(
      "What is reported of 200 histories without steps, 365 nights, noise 3 %; seeds 820 on")
    report.row(["", "steps", "drifts"])
    let cases: [(name: String, memory: Double, slope: Double)] = [
      ("nothing", 0, 0), ("autocorrelation 0.3", 0.3, 0), ("autocorrelation 0.5", 0.5, 0),
      ("autocorrelation 0.7", 0.7, 0), ("10 % more by and by", 0, 0.1),
      ("30 % more by and by", 0, 0.3),
    ]
    for (place, history) in cases.enumerated() {
      var generator = SeededGenerator(seed: UInt64(820 + place))
      var (steps, drifts) = (0, 0)
      for _ in 0..<200 {
        var last = 0.0
        let values = (0..<365).map { night in
          let own = (1 - history.memory * history.memory).squareRoot()
          last = history.memory * last + 0.03 * own * Population.normal(&generator)
          return exp(last) * (1 + history.slope * Double(night) / 365)
        }
        let changes = ChangePoints().find(in: values)
        let drift = Drift(values, at: values.indices.map(Double.init), after: changes)
        steps += changes.count
        drifts += drift?.isReportable() == true ? 1 : 0
      }
      report.row([history.name, "\(steps)", "\(drifts)"])
    }
  }

  private func speed(_ report: inout Report) {
    report.title("100 series of 1,825 nights with about 11 steps each (under 1 s); seed 830")
    var generator = SeededGenerator(seed: 830)
    let series = (0..<100).map {
      History(clarity: 4, nights: 1_825, &generator).values + [Double($0)]
    }
    let start = ContinuousClock.now
    DispatchQueue.concurrentPerform(iterations: series.count) { index in
      let values = series[index]
      let changes = ChangePoints().find(in: values)
      _ = Drift(values, at: values.indices.map(Double.init), after: changes)
    }
    let took = (ContinuousClock.now - start) / .seconds(1)
    report.row(
      ["change points and drift", text(took, 2) + " s"], report.judge("speed", took < 1))
  }
}
