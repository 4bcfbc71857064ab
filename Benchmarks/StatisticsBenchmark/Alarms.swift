import Foundation
import Statistics

/// False alarms of the rule, and what it finds.
struct Alarms {
  private let populations: [Population] = [
    .heavyTailed(0.1), .heavyTailed(0.3), .drifting(0.05), .reloader(0.2), .reloader(2),
    .bimodal(0.05), .steady(0.02), .steady(0.3),
  ]

  func run(_ report: inout Report) {
    falseAlarms(&report)
    withTimeOuts(&report)
    ofReports(&report)
    found(&report)
    limit(report)
    more(report)
    calibrated(report)
  }

  private static func judge(_ head: [Double], _ base: [Double]) -> [Judgement] {
    [
      .paired(zip(head, base).map { (head: $0, base: $1) }),
      .unpaired(head: CensoredSample(served: head), base: CensoredSample(served: base)),
    ]
  }

  private static func isAlarm(_ judgement: Judgement) -> Bool {
    judgement.verdict == .regression || judgement.verdict == .improvement
  }

  private func falseAlarms(_ report: inout Report) {
    report.title(
      "False alarms, % of 1,000 comparisons of a cell with itself (at most 1); seeds 100 on")
    report.row(["", "n", "blocks", "unpaired", "95 % alone"])
    for (place, population) in populations.enumerated() {
      for (offset, count) in [10, 20].enumerated() {
        let counts = Experiments.count(1_000, seed: UInt64(100 + 2 * place + offset)) { generator in
          let base = population.sample(count, &generator)
          let judgements = Self.judge(population.sample(count, &generator), base)
          let alone = judgements[0].ratio?.interval?.contains(1) == false
          return judgements.map(Self.isAlarm) + [alone]
        }
        let name = "\(population.name), n = \(count): false alarms"
        report.row(
          [population.name, "\(count)"] + counts.map { text(Double($0) / 10) },
          report.judge(name, counts[0] <= 10 && counts[1] <= 10))
      }
    }
    print(
      "95 % alone: what the 95 % interval of the blocks would alarm without the rest of the rule.")
  }

  private func withTimeOuts(_ report: inout Report) {
    report.title("The same with one iteration in ten timed out, unpaired; seeds 200 on")
    report.row(["", "n", "alarms", "70 % lost"])
    for (offset, count) in [10, 20].enumerated() {
      let counts = Experiments.count(1_000, seed: UInt64(200 + offset)) { generator in
        func side(_ timeOuts: Double, _ generator: inout SeededGenerator) -> CensoredSample {
          let lost = (0..<count).count { _ in generator.unit() < timeOuts }
          return CensoredSample(
            served: Population.reloader(0.2).sample(count - lost, &generator),
            timedOut: [Double](repeating: 60, count: lost))
        }
        let base = side(0.1, &generator)
        let head = side(0.1, &generator)
        let worse = side(0.7, &generator)
        return [
          Self.isAlarm(.unpaired(head: head, base: base)),
          Judgement.unpaired(head: worse, base: base).verdict == .regression,
        ]
      }
      report.row(
        ["reloader with time-outs", "\(count)"] + counts.map { text(Double($0) / 10) },
        report.judge("time-outs, n = \(count): false alarms", counts[0] <= 10))
    }
    print("70 % lost: found to be a regression when 7 in 10 time out instead of 1 in 10.")
  }

  private func ofReports(_ report: inout Report) {
    report.title("Reports over 20 cells with any false alarm, % of 1,000 (at most 5); seed 210")
    let populations = populations
    let counts = Experiments.count(1_000, seed: 210) { generator in
      var judgements: [Judgement] = []
      for cell in 0..<20 {
        let population = populations[cell % populations.count]
        let base = population.sample(10, &generator)
        judgements.append(Self.judge(population.sample(10, &generator), base)[cell % 2])
      }
      return [Judgement.together(judgements).contains(where: Self.isAlarm)]
    }
    report.row(
      ["all of the above, n = 10", text(Double(counts[0]) / 10)],
      report.judge("reports: false alarms", counts[0] <= 50))
  }

  private func found(_ report: inout Report) {
    report.title(
      "A true 10 % shift found at n = 20, % of 1,000 (95 where theory says 95); seeds 300 on")
    report.row(["", "spread", "z test", "theory", "blocks", "unpaired"])
    let populations: [Population] =
      [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1].map { .steady($0) }
      + [0.01, 0.03, 0.05].map { .heavyTailed($0) }
      + [0.01, 0.02, 0.04, 0.05, 0.06, 0.08].map { .drifting($0) }
      + [0.2, 2, 4, 5, 8].map { .reloader($0) } + [0.02, 0.1].map { .bimodal($0) }
    for (place, population) in populations.enumerated() {
      let deviation = population.truth(seed: 299).deviation
      let normal = NormalTheory.power(
        ratio: 1.1, deviation: deviation, iterations: 20, isPaired: false)
      let theory = NormalTheory.rankPower(
        exceeding: population.exceeding(factor: 1.1, seed: 299),
        exceedingThreshold: population.exceeding(factor: 1.1 / 1.05, seed: 299), iterations: 20)
      let counts = Experiments.count(1_000, seed: UInt64(300 + place)) { generator in
        let base = population.sample(20, &generator)
        return Self.judge(population.sample(20, times: 1.1, &generator), base)
          .map { $0.verdict == .regression }
      }
      let isFound = counts[0] >= 950 && (population.drifts || counts[1] >= 950)
      report.row(
        [population.name] + [deviation, normal, theory].map { text(100 * $0) }
          + counts.map { text(Double($0) / 10) },
        report.judge("\(population.name): a shift of 10 %", theory < 0.95 || isFound))
    }
    print(
      """
      Spread: the standard deviation of the logarithms within a block, in %. z test: the power of the best
      test for normal noise, which knows the spread. Theory: Noether's power of the rank test, from how
      often one time of the block exceeds another, for any noise. Both at the rule's level, and with the
      estimate exceeding the margin; where the blocks drift, they hold for pairs.
      """)
  }

  /// The largest spread at which 95 % are found.
  private func limit(_ report: Report) {
    report.title("Largest spread at which a shift of 10 % is found in 95 %, n = 20; seeds 400 on")
    func largest(_ power: (Double) -> Double) -> Double {
      var deviation = 0.05
      while power(deviation + 0.001) >= 0.95 { deviation += 0.001 }
      return deviation
    }
    func theory(_ level: Double) -> Double {
      largest {
        NormalTheory.power(
          ratio: 1.1, deviation: $0, iterations: 20, isPaired: false, level: level)
      }
    }
    func rule(_ design: Int) -> Double {
      largest { deviation in
        let counts = Experiments.count(2_000, seed: 400 + UInt64(design)) { generator in
          let base = Population.steady(deviation).sample(20, &generator)
          let head = Population.steady(deviation).sample(20, times: 1.1, &generator)
          return [Self.judge(head, base)[design].verdict == .regression]
        }
        return Double(counts[0]) / 2_000
      }
    }
    report.row(["z test at 0.01, spread known", text(100 * theory(0.01)) + " %"])
    report.row(["z test at 0.005, spread known", text(100 * theory(0.005)) + " %"])
    report.row(["rule, unpaired", text(100 * rule(1)) + " %"])
    report.row(["rule, in blocks", text(100 * rule(0)) + " %"])
  }

  /// Whether as many more iterations as an undecided judgement asks for do decide.
  private func more(_ report: Report) {
    report.title(
      "Undecided at n = 10, decided with the iterations asked for, % (rule: 80); seeds 450 on")
    report.row(["", "true change", "undecided", "decided"])
    for (place, change) in [1.0, 1.02, 1.1, 1.2].enumerated() {
      let population = Population.steady(0.12)
      let counts = Experiments.count(1_000, seed: 450 + UInt64(place)) { generator in
        func sample(_ count: Int, _ factor: Double, _ generator: inout SeededGenerator)
          -> CensoredSample
        {
          CensoredSample(served: population.sample(count, times: factor, &generator))
        }
        let base = sample(10, 1, &generator)
        let first = Judgement.unpaired(head: sample(10, change, &generator), base: base)
        guard let more = first.moreIterations else { return [false, false] }
        let again = Judgement.unpaired(
          head: sample(10 + more, change, &generator), base: sample(10 + more, 1, &generator))
        if case .inconclusive = again.verdict { return [true, false] }
        return [true, true]
      }
      report.row([
        population.name, "\(text((change - 1) * 100, 0)) %", text(Double(counts[0]) / 10),
        text(100 * Double(counts[1]) / Double(max(1, counts[0]))),
      ])
    }
    print("Undecided: with an estimate of at most 1,000 iterations.")
  }

  /// Whether the change that a calibration calls detectable is detected.
  private func calibrated(_ report: Report) {
    report.title("Calibrated with 60 blocks for n = 20; seeds 470 on, medians of 40 calibrations")
    report.row(["", "noise", "false, %", "detectable", "detected, %"])
    let populations: [Population] = [
      .steady(0.03), .heavyTailed(0.05), .drifting(0.05), .reloader(0.2),
    ]
    for (place, population) in populations.enumerated() {
      var generator = SeededGenerator(seed: 470 + UInt64(place))
      var columns: [[Double]] = [[], [], [], []]
      for _ in 0..<40 {
        let base = population.sample(60, &generator)
        let again = population.sample(60, &generator)
        guard
          let calibration = Calibration(
            blocks: zip(base, again).map { (first: $0, second: $1) }, iterations: 20,
            resamples: 400, using: &generator),
          let detectable = calibration.minimumDetectable
        else { continue }
        let rule = JudgementRule(noise: calibration.noise)
        let found = (0..<100).count { _ in
          let base = population.sample(20, &generator)
          let head = population.sample(20, times: 1 + detectable, &generator)
          let pairs = zip(head, base).map { (head: $0, base: $1) }
          return Judgement.paired(pairs, rule: rule).verdict == .regression
        }
        let row = [
          100 * calibration.noise, 100 * calibration.falseAlarmRate, 100 * detectable,
          Double(found),
        ]
        for (column, value) in row.enumerated() { columns[column].append(value) }
      }
      report.row([population.name] + columns.map { text(Quantile.median($0) ?? .nan) })
    }
  }
}
