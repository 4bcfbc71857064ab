import Foundation
import Processes
import Reports
import ResultStore

/// Which runs a user means: by id, by commit, by branch, or the newest.
struct RunReferences {
  let store: ResultStore
  /// Only runs of this one; nil where a user named none.
  let scenario: String?

  static let help = """
    A run is named by its id, the beginning of one, latest or latest~2; several runs by \
    commit:REF (or just a git commit, branch or tag), branch:NAME, or last:N.
    """

  /// The two sides. Without base, the run before head's; without head, the latest.
  func sides(base: String?, head: String?) async throws -> (base: RunSet, head: RunSet) {
    // Without a side, it is the latest, or what is before the other.
    let asksForNewest = [base ?? "latest", head ?? "latest"].contains {
      $0.hasPrefix("latest") || $0.hasPrefix("last:")
    }
    if asksForNewest { try FutureNotice.tell(of: store) }
    let found = try await runs(head ?? "latest", scenario: scenario, but: [])
    let head = try load(found)
    let names = Set(head.runs.map(\.record.scenario)).sorted()
    guard names.count < 2 else { throw ReferenceFailure.severalScenarios(found.label, names) }
    let name = scenario ?? names.first
    guard let base else { return (try load(before(found, scenario: name)), head) }
    return (try load(await runs(base, scenario: name, but: Set(found.ids))), head)
  }

  private struct Found {
    var label: String
    /// Newest first.
    var ids: [String]
  }

  private func load(_ found: Found) throws -> RunSet {
    var runs: [StoredRun] = []
    for id in found.ids.reversed() { runs.append(try store.storedRun(id: id)) }
    return RunSet(label: found.label, runs: runs)
  }

  /// The newest run that is older than all of head; for a run that is in no history, such as a calibration's,
  /// the newest of all.
  private func before(_ head: Found, scenario: String?) throws -> Found {
    let name = try scenario ?? store.scenarioOfLatestRun()
    let all = try store.runs(ofScenario: name)
    let oldest = all.lastIndex { head.ids.contains($0) }
    guard let id = all[(oldest.map { $0 + 1 } ?? 0)...].first else {
      throw ReferenceFailure.noneBefore(head.label, scenario: name)
    }
    return Found(label: "run \(id)", ids: [id])
  }

  private func runs(
    _ reference: String, scenario: String?, but excluded: Set<String>
  ) async throws -> Found {
    if reference == "latest" || reference.hasPrefix("latest~") {
      return try latest(reference, scenario)
    }
    let parts = reference.split(separator: ":", maxSplits: 1).map(String.init)
    if parts.count == 2 {
      switch parts[0] {
      case "last": return try last(parts[1], scenario, excluded)
      case "branch": return try branch(parts[1], scenario, excluded)
      case "commit": return try await commit(parts[1], scenario, excluded)
      default: break
      }
    }
    do throws(StoreError) {
      let id = try store.resolve(reference)
      return Found(label: "run \(id)", ids: [id])
    } catch {
      guard case .unknownRun = error else { throw error }
      do {
        return try await commit(reference, scenario, excluded)
      } catch ReferenceFailure.noCommit {
        throw ReferenceFailure.unknown(reference, "\(error)")
      }
    }
  }

  private func latest(_ reference: String, _ scenario: String?) throws -> Found {
    let name = try scenario ?? store.scenarioOfLatestRun()
    let all = try store.runs(ofScenario: name)
    let number = reference == "latest" ? 0 : Int(reference.dropFirst("latest~".count))
    guard let number, number >= 0 else { throw ReferenceFailure.noNumber(reference) }
    guard all.indices.contains(number) else {
      throw ReferenceFailure.tooFew(reference, scenario: name, runs: all.count)
    }
    return Found(label: "run \(all[number])", ids: [all[number]])
  }

  private func last(_ text: String, _ scenario: String?, _ excluded: Set<String>) throws -> Found {
    guard let count = Int(text), count > 0 else { throw ReferenceFailure.noNumber("last:\(text)") }
    let name = try scenario ?? store.scenarioOfLatestRun()
    let ids = try store.runs(ofScenario: name).filter { !excluded.contains($0) }.prefix(count)
    guard !ids.isEmpty else {
      throw ReferenceFailure.tooFew("last:\(text)", scenario: name, runs: excluded.count)
    }
    return Found(
      label: ids.count == 1 ? "run \(ids[0])" : "the last \(ids.count) runs", ids: Array(ids))
  }

  private func branch(
    _ name: String, _ scenario: String?, _ excluded: Set<String>
  ) throws -> Found {
    let ids = try store.runs(ofBranch: name, scenario: scenario).filter { !excluded.contains($0) }
    guard !ids.isEmpty else { throw ReferenceFailure.noRuns(of: "branch \(name)", scenario) }
    return Found(label: "branch \(name)", ids: ids)
  }

  private func commit(
    _ reference: String, _ scenario: String?, _ excluded: Set<String>
  ) async throws -> Found {
    let full: String
    do {
      full = try await Command.output(
        of: [
          "git", "rev-parse", "--verify", "--quiet", "--end-of-options", "\(reference)^{commit}",
        ])
        .trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw ReferenceFailure.noCommit(reference)
    }
    let ids = try store.runs(ofCommit: full, scenario: scenario).filter { !excluded.contains($0) }
    guard !ids.isEmpty else {
      throw ReferenceFailure.noRuns(
        of: "commit \(CommitText.short(full)) (\(reference))", scenario)
    }
    return Found(label: "commit \(CommitText.short(full)) (\(reference))", ids: ids)
  }
}

/// Why a reference names no runs.
enum ReferenceFailure: Error, CustomStringConvertible {
  case noNumber(String)
  case tooFew(String, scenario: String, runs: Int)
  case noRuns(of: String, String?)
  case noneBefore(String, scenario: String)
  case severalScenarios(String, [String])
  case noCommit(String)
  case unknown(String, String)

  var description: String {
    switch self {
    case .noNumber(let reference):
      "\(reference) has no whole number; write latest~2 or last:20."
    case .tooFew(let reference, let scenario, let runs):
      "\(reference) isn't there: \(scenario) has \(runs == 1 ? "1 run" : "\(runs) runs") to choose "
        + "from. Measure again (`devbench run \(scenario)`), or see `devbench runs`."
    case .severalScenarios(let what, let names):
      "There are runs of \(names.joined(separator: ", ")) for \(what); say which with --scenario."
    case .noneBefore(let head, let scenario):
      "There is no run of \(scenario) before \(head) to compare it with. Measure again (`devbench run "
        + "\(scenario)`), or name the other side (`devbench runs`)."
    case .noRuns(let what, let scenario):
      "There is no run of \(what)\(scenario.map { " for \($0)" } ?? ""). Runs of changed, uncommitted "
        + "files aren't of a commit; name them by their ids (`devbench runs`)."
    case .noCommit(let reference):
      "git knows no commit \(reference) here; see `git log`, or name a run (`devbench runs`)."
    case .unknown(let reference, let store):
      "\(store) Nor does git know a commit \(reference) here."
    }
  }
}
