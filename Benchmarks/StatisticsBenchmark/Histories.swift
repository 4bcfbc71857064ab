import Dispatch
import Foundation
import Statistics

/// What change points find in synthetic histories.
struct Histories {
  func run(_ report: inout Report) {
    steps(&report)
    thereAndBack(&report)
    spikes(&report)
    quiet(report)
    short(&report)
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

  /// Levels that go and come back, in otherwise quiet histories.
  private func thereAndBack(_ report: inout Report) {
    report.title(
      "Levels that go and come back, both ends found within 2 nights, % of 1,000 (95 at 6 times the noise); "
        + "seeds 850 on")
    report.row(["nights", "twice", "3 times", "4 times", "6 times", "precision"])
    let lengths: [(Int, Int, Int)] = [
      (10, 9, 8), (10, 10, 10), (15, 7, 8), (30, 10, 20), (25, 10, 25), (60, 8, 60), (100, 15, 100),
    ]
    for (place, (before, during, after)) in lengths.enumerated() {
      var recalls: [Double] = []
      var precision = 0.0
      for (number, clarity) in [2.0, 3, 4, 6].enumerated() {
        let counts = Experiments.count(1_000, seed: UInt64(850 + 10 * place + number)) {
          generator in
          let size = (generator.next() & 1 == 0 ? 1 : -1) * log(1.05 + 0.45 * generator.unit())
          let values = (0..<before + during + after).map { night in
            (before..<before + during ~= night ? exp(size) : 1)
              * exp(abs(size) / clarity * Population.normal(&generator))
          }
          let found = ChangePoints().find(in: values).map(\.index)
          let isNear = found.map { abs($0 - before) <= 2 || abs($0 - before - during) <= 2 }
          return [found.count == 2 && !isNear.contains(false), isNear.contains(false)]
        }
        recalls.append(Double(counts[0]) / 10)
        if clarity == 3 { precision = 100 - Double(counts[1]) / 10 }
      }
      report.row(
        ["\(before) / \(during) / \(after)"] + (recalls + [precision]).map { text($0) },
        report.judge(
          "there and back, \(before) / \(during) / \(after)",
          recalls[3] >= 95 && precision >= 95))
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

  /// What is reported of short histories in which nothing happens.
  private func short(_ report: inout Report) {
    report.title(
      "Short histories without steps of which a change is reported, % of 2,000 (at most 1); seeds 840 on"
    )
    report.row(["nights", "noise 3 %", "memory 0.3", "memory 0.5", "heavy tails"])
    for (place, nights) in [10, 15, 20, 27, 40, 60, 90, 365].enumerated() {
      let counts = Experiments.count(2_000, seed: UInt64(840 + place)) { generator in
        func reported(memory: Double, tails: Bool) -> Bool {
          var last = Population.normal(&generator)
          let values = (0..<nights).map { _ in
            last =
              memory * last
              + (1 - memory * memory).squareRoot() * Population.normal(&generator)
            let wild = tails && generator.unit() < 0.1 ? 5.0 : 1
            return exp(0.03 * wild * last)
          }
          return !ChangePoints().find(in: values).isEmpty
        }
        return [
          reported(memory: 0, tails: false), reported(memory: 0.3, tails: false),
          reported(memory: 0.5, tails: false), reported(memory: 0, tails: true),
        ]
      }
      report.row(
        ["\(nights)"] + counts.map { text(Double($0) / 20, 2) },
        report.judge("short histories of \(nights)", counts[0] <= 20 && counts[3] <= 20))
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
