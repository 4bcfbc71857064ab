import Foundation
import Processes
import Synchronization

/// Brings an app's dependencies into its working copy, by the scenario's own commands.
struct Installation: Sendable {
  /// Program and arguments each, run one after another; not empty.
  let commands: [[String]]
  /// Where they run.
  let tree: String
  /// Laid over devbench's own.
  let environment: [String: String]
  let ledger: ProcessLedger

  /// For one command; a slow network takes minutes for what some apps need.
  static let limit: Duration = .seconds(1800)
  /// Of a command that failed, so many lines say why.
  private static let tail = 20

  /// - Parameter line: told of each line that a command prints, from any thread.
  func run(line: @escaping @Sendable (String) -> Void) async throws(WorkflowFailure) {
    for command in commands {
      // What a tool prints on either stream may be what explains its failure.
      let last = Mutex<[String]>([])
      var invocation = Invocation(command: command)
      invocation.environment = environment
      invocation.directory = tree
      invocation.ledger = ledger
      invocation.keepsOutput = false
      // A build's daemon would hold the working copy, and be there for the next installation.
      invocation.keepsNothingRunning = true
      do {
        let result = try await invocation.run(limit: Self.limit) { _, text in
          last.withLock { $0 = $0.suffix(Self.tail - 1) + [text] }
          line(text)
        }
        guard result.exit == .exited(0) else {
          throw WorkflowFailure.build(
            "“\(command.joined(separator: " "))”, of “install”, \(result.exit)",
            output: last.withLock(\.self))
        }
      } catch is CancellationError {
        throw .stopped
      } catch {
        throw WorkflowFailure(error)
      }
    }
  }
}

/// The paths that came into a tree.
struct TreeGrowth: Sendable {
  private let before: Set<String>
  private let tree: String

  /// Looks at a tree before something is done to it.
  init(of tree: String) {
    self.tree = tree
    before = Set(FileManager.default.enumerator(atPath: tree)?.compactMap { $0 as? String } ?? [])
  }

  /// What is new, relative to the tree, sorted; of a new directory the directory alone.
  func roots() -> [String] { roots(below: "").sorted() }

  private func roots(below directory: String) -> [String] {
    let path = directory.isEmpty ? tree : "\(tree)/\(directory)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.flatMap { name -> [String] in
      let inner = directory.isEmpty ? name : "\(directory)/\(name)"
      guard before.contains(inner) else { return [inner] }
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(tree)/\(inner)")
      return attributes?[.type] as? FileAttributeType == .typeDirectory ? roots(below: inner) : []
    }
  }
}
