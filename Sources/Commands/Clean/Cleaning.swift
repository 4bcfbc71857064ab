import Containers
import Foundation
import Kubernetes
import Processes
import Workflows

/// Finds everything that devbench made on the machine, and removes it piece by piece.
struct Cleaning {
  struct Item: CustomStringConvertible {
    enum What {
      case process(ProcessTable.Entry)
      case run(StateDirectory.Run)
      case engine(EngineItem)
      case remote(RemotePlace)
      case cluster(ClusterLeftovers)
      /// Settings for the engine, which containers' monitors read as long as there are any.
      case settings(path: String)
    }

    let what: What
    /// Why it stays; nil if it goes.
    var kept: String?

    var description: String {
      switch what {
      case .process(let entry):
        "process \(entry.process.pid) (\(ProcessTable.command(of: entry.process.pid) ?? "gone"))"
      case .run(let run): "workspace \(run.path)"
      case .engine(let item): "\(item)"
      case .remote(let remote): "remote \(remote.path)"
      case .cluster(let leftovers): "\(leftovers)"
      case .settings(let path): "settings \(path)"
      }
    }
  }

  let state: StateDirectory
  let all: Bool
  /// In the order in which they can be removed.
  private(set) var items: [Item] = []
  /// What wasn't looked for, and why.
  private(set) var note: String?
  private var podman: Podman?
  private var leavesSettings = true
  private var settings: String { "\(state.path)/engine" }

  init(state: StateDirectory, all: Bool) {
    self.state = state
    self.all = all
  }

  /// - Returns: a sentence for each place that could not be looked at.
  mutating func look() async -> [String] {
    var problems: [String] = []
    let hadSettings = FileManager.default.fileExists(atPath: settings)
    var living: Set<ProcessIdentity> = []
    var runs: [Item] = []
    do {
      for run in try state.listRuns() {
        var item = Item(what: .run(run))
        if let owner = run.owner, owner.isAlive {
          living.insert(owner)
          item.kept = Self.aliveReason(owner)
        } else if run.owner == nil {
          item.kept = "it doesn't say whose it is; remove it yourself if no devbench runs"
        }
        runs.append(item)
      }
    } catch {
      problems.append("\(error)")
    }
    // Processes first: they might make the rest anew.
    items += StateDirectory.strays().map { Item(what: .process($0)) }
    let unknown = await lookForClusters()
    items += runs
    do throws(EngineFailure) {
      let podman = try await Podman.ready(state: state)
      self.podman = podman
      for found in try await podman.inventory(standIns: all) {
        var item = Item(what: .engine(found))
        if found.isOwned, let owner = found.label?.owner {
          living.insert(owner)
          item.kept = Self.aliveReason(owner)
        }
        items.append(item)
      }
      problems += lookForRemotes(&living)
    } catch {
      switch error {
      case .missing, .tooOld:
        note = "Containers and images were not looked for: \(error)."
      default: problems.append("\(error)")
      }
    }
    let isNeeded = !living.isEmpty || !problems.isEmpty
    if hadSettings {
      items.append(
        Item(what: .settings(path: settings), kept: isNeeded ? "a run needs it" : nil))
    }
    leavesSettings = hadSettings || isNeeded
    return unknown + problems
  }

  /// Kubernetes clusters in which a devbench that is gone has made something.
  private mutating func lookForClusters() async -> [String] {
    var problems: [String] = []
    for var leftovers in ClusterLeftovers.recorded(in: state) {
      do throws(KubernetesFailure) {
        try await leftovers.look()
        items.append(Item(what: .cluster(leftovers)))
      } catch {
        let (context, namespace) = (leftovers.target.context, leftovers.target.namespace)
        problems.append(
          "What may be left in namespace \(namespace ?? "") of context \(context ?? "") isn't known: "
            + "\(error). If that cluster is gone for good: rm "
            + leftovers.files.joined(separator: " "))
      }
    }
    return problems
  }

  /// Remotes can only be removed with the engine's help.
  private mutating func lookForRemotes(_ living: inout Set<ProcessIdentity>) -> [String] {
    do {
      for remote in try RemotePlace.all(in: state) {
        var item = Item(what: .remote(remote))
        if let owner = remote.owner, owner.isAlive {
          living.insert(owner)
          item.kept = Self.aliveReason(owner)
        } else if remote.owner == nil {
          item.kept = "it doesn't say whose it is; remove it yourself if no devbench runs"
        }
        items.append(item)
      }
      return []
    } catch {
      return ["\(error)"]
    }
  }

  /// Asking the engine needs settings; those made for this look alone don't stay.
  ///
  /// - Returns: why they couldn't be removed; nil if nothing is left of them.
  func tidy() -> String? {
    guard !leavesSettings, FileManager.default.fileExists(atPath: settings) else { return nil }
    do {
      try FileManager.default.removeItem(atPath: settings)
      return nil
    } catch {
      return "\(settings) could not be removed: \(error.localizedDescription)"
    }
  }

  /// - Returns: why it couldn't be removed; nil if it is gone.
  func remove(_ item: Item) async -> String? {
    do {
      switch item.what {
      case .process(let entry): await StateDirectory.end(entry)
      case .run(let run):
        let leftovers = await state.removeLeftovers()
        if FileManager.default.fileExists(atPath: run.path) {
          return leftovers.problems.joined(separator: "\n")
        }
      case .engine(let found): try await podman?.remove(found)
      case .remote(let remote):
        guard let podman else { return nil }
        return await remote.remove(with: podman)
      case .cluster(let leftovers): try await leftovers.remove()
      case .settings(let path): try FileManager.default.removeItem(atPath: path)
      }
      return nil
    } catch let failure as EngineFailure {
      return "\(failure)"
    } catch let failure as KubernetesFailure {
      return "\(failure)"
    } catch {
      return error.localizedDescription
    }
  }

  private static func aliveReason(_ owner: ProcessIdentity) -> String {
    "it belongs to devbench process \(owner.pid), which runs"
  }
}
