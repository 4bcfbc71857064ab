import Foundation
package import Kubernetes
package import Processes

/// The places in clusters where sessions make something, kept so that what a devbench that was killed left there
/// can be found: the names of a context and a namespace, and nothing that lets anybody in.
package struct ClusterRecords: Sendable {
  /// One session's.
  package struct Record: Sendable, Hashable, Codable {
    package let context: String
    package let namespace: String
    /// The process, as `ProcessIdentity` is written.
    let owner: String

    package var target: KubernetesTarget {
      KubernetesTarget(context: context, namespace: namespace)
    }

    package var isAlive: Bool { ProcessIdentity(parsing: owner)?.isAlive ?? false }
  }

  private static let directory = "clusters"

  private let state: StateDirectory

  package init(in state: StateDirectory) {
    self.state = state
  }

  private var path: String { "\(state.path)/\(Self.directory)" }

  package func path(of session: String) -> String { "\(path)/\(session).json" }

  /// Before anything is made.
  ///
  /// - Parameter session: a name that no other has, and that a file can have.
  func add(
    session: String, context: String, namespace: String, owner: ProcessIdentity = .current
  ) throws(ProcessFailure) {
    _ = try state.makePrivateDirectory(Self.directory)
    let record = Record(context: context, namespace: namespace, owner: "\(owner)")
    do {
      let new = "\(path)/.\(session)"
      guard
        FileManager.default.createFile(
          atPath: new, contents: try JSONEncoder().encode(record),
          attributes: [.posixPermissions: 0o600])
      else { throw CocoaError(.fileWriteUnknown) }
      // At no moment does half a record lie there.
      try FileManager.default.moveItem(atPath: new, toPath: path(of: session))
    } catch {
      throw .unusableState(path: path, reason: error.localizedDescription)
    }
  }

  /// Once nothing is left of a session.
  package func forget(session: String) {
    try? FileManager.default.removeItem(atPath: path(of: session))
  }

  /// By session; what can't be read is left out.
  package func all() -> [String: Record] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { !$0.hasPrefix(".") && $0.hasSuffix(".json") }.reduce(into: [:]) {
      let session = String($1.dropLast(".json".count))
      $0[session] = FileManager.default.contents(atPath: path(of: session)).flatMap {
        try? JSONDecoder().decode(Record.self, from: $0)
      }
    }
  }
}
