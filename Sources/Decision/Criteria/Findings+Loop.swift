import Clock
package import Measurement
import Statistics

extension Findings {
  /// The samples of one path of a workflow, over the link that counts, for one developer.
  package struct PathSamples: Sendable {
    package var path: PathName
    package var samples: [Sample]

    /// Seconds, +∞ for an edit that wasn't served: it ranks behind all that were.
    package var ranked: [Double] {
      samples.map { $0.outcome == .served ? $0.duration.seconds : .infinity }
    }

    /// Seconds that a developer waited: until an edit was served or given up on.
    package var waited: [Double] { samples.map(\.duration.seconds) }

    package var unserved: Int { samples.count { $0.outcome != .served } }

    /// What figures of these samples are drawn from, together.
    func set(of workflow: WorkflowKind) -> Draw.SampleSet {
      Draw.SampleSet("\(workflow.rawValue) \(path)", count: samples.count)
    }
  }

  /// By path, in the order of measuring; empty where nothing was measured.
  func paths(of workflow: WorkflowKind) -> [PathSamples] {
    let link = evidence.link(of: workflow) ?? ""
    var paths: [PathSamples] = []
    for sample in evidence.samples(.loop, of: workflow)?.samples ?? []
    where sample.cell.developers == 1 && sample.cell.link == link {
      if let index = paths.firstIndex(where: { $0.path == sample.cell.pathName }) {
        paths[index].samples.append(sample)
      } else {
        paths.append(PathSamples(path: sample.cell.pathName, samples: [sample]))
      }
    }
    return paths
  }

  /// The path with the least median, what wasn't served ranked last.
  func bestPath(of workflow: WorkflowKind) -> PathSamples? {
    paths(of: workflow).min {
      (Quantile.median($0.ranked) ?? .infinity) < (Quantile.median($1.ranked) ?? .infinity)
    }
  }

  func loopTrace(of workflow: WorkflowKind) -> [Trace] {
    evidence.samples(.loop, of: workflow).map { [evidence.trace($0.run)] } ?? []
  }

  /// `path sync over home-fiber`, and what wasn't served.
  func loopNotes(_ paths: [PathSamples], of workflow: WorkflowKind) -> [String] {
    let link = evidence.link(of: workflow).map { " over \($0)" } ?? ""
    let names = paths.map(\.path.description).joined(separator: ", ")
    var notes = ["\(paths.count == 1 ? "path" : "paths") \(names)\(link)"]
    let (unserved, all) = (
      paths.reduce(0) { $0 + $1.unserved }, paths.reduce(0) { $0 + $1.samples.count }
    )
    if unserved > 0 { notes.append("\(unserved) of \(all) not served, ranked last") }
    return notes
  }

  func loop(of workflow: WorkflowKind, _ p: Double, bestPath isBest: Bool) -> Finding {
    let paths = isBest ? bestPath(of: workflow).map { [$0] } ?? [] : paths(of: workflow)
    let values = paths.flatMap(\.ranked)
    guard !values.isEmpty else { return notMeasured(workflow, nil) }
    return .measured(
      Measured(
        .joint(paths.map { $0.set(of: workflow) }, .quantile(values, p)),
        interval: Self.interval(values, p), range: Self.range(values),
        count: values.count, of: "edits", notes: loopNotes(paths, of: workflow),
        traces: loopTrace(of: workflow)))
  }

  func traffic(of workflow: WorkflowKind) -> Finding {
    guard workflow == .remoteCluster else {
      return .byDesign(0, why: "no link is between the developer and the app")
    }
    guard let path = bestPath(of: workflow) else { return notMeasured(workflow, nil) }
    let bytes = path.samples.filter { $0.outcome == .served }.compactMap { sample in
      sample.traffic.map { Double($0.total) }
    }
    guard !bytes.isEmpty else { return notMeasured(workflow, nil) }
    return .measured(
      Measured(
        .quantile(bytes, 0.5), interval: Self.interval(bytes, 0.5), range: Self.range(bytes),
        count: bytes.count, of: "edits", notes: loopNotes([path], of: workflow),
        traces: loopTrace(of: workflow)))
  }

  /// The latency of the largest number of developers by that of one, over the same path and link, with the
  /// same edit.
  func sharing(of workflow: WorkflowKind) -> Finding {
    guard workflow == .remoteCluster else {
      return .notApplicable(why: "each developer has a workstation of their own")
    }
    let how = command(workflow, nil, with: " --developers 1 --developers 4")
    guard let (run, samples) = evidence.samples(.sharing, of: workflow),
      let pair = crowdedPair(of: samples, link: evidence.link(of: workflow) ?? evidence.link)
    else { return .notMeasured(how: how) }
    let trace = evidence.trace(run)
    guard Quantile.median(pair.one)?.isFinite == true else {
      return .failed(reason: "most edits of one developer alone weren't served", trace: trace)
    }
    var generator = SeededGenerator(seed: Ranking.seed)
    let ratio = RankedMedianRatio(
      pair.several, to: pair.one, using: &generator, resamples: Ranking.resamples)
    let unserved = (pair.several + pair.one).count { !$0.isFinite }
    return .measured(
      Measured(
        .medianRatio(pair.several, pair.one), interval: ratio?.interval,
        count: min(pair.several.count, pair.one.count), of: "edits",
        notes: [
          "\(pair.cell.developers) developers against one, \(pair.cell.pathName)"
            + (pair.cell.link.isEmpty ? "" : " over \(pair.cell.link)")
        ]
          + (unserved > 0
            ? ["\(unserved) of \(pair.several.count + pair.one.count) not served, ranked last"]
            : []),
        traces: [trace]))
  }

  /// The most developers at once that were measured on a cell on which one alone was, over the link that counts if
  /// there are such; of several cells the one that is fastest for one.
  private func crowdedPair(
    of samples: [Sample], link: String?
  ) -> (cell: Cell, several: [Double], one: [Double])? {
    func values(_ cell: Cell) -> [Double] {
      samples.filter { $0.cell == cell }
        .map { $0.outcome == .served ? $0.duration.seconds : .infinity }
    }
    let crowded = samples.map(\.cell).filter { $0.developers > 1 }
    let pairs = Set(crowded).compactMap { cell -> (cell: Cell, several: [Double], one: [Double])? in
      var alone = cell
      alone.developers = 1
      let one = values(alone)
      return one.isEmpty ? nil : (cell, values(cell), one)
    }
    .sorted {
      ($1.cell.developers, Quantile.median($0.one) ?? .infinity, $0.cell.name)
        < ($0.cell.developers, Quantile.median($1.one) ?? .infinity, $1.cell.name)
    }
    return pairs.first { $0.cell.link == link ?? "" } ?? pairs.first
  }

  // MARK: - Intervals

  /// Nil where there are too few values for 95 %, and for the largest of all, which has none.
  static func interval(_ values: [Double], _ p: Double) -> Interval? {
    switch p {
    case 0.5: MedianInterval.interpolated(of: values)
    case 1: nil
    default:
      values.count < Bootstrap.fewestForConfidence
        ? nil : QuantileInterval.orderStatistics(of: values, p)
    }
  }

  static func range(_ values: [Double]) -> Interval? {
    guard values.count > 1, let low = values.min(), let high = values.max() else { return nil }
    return Interval(low: low, high: high)
  }
}
