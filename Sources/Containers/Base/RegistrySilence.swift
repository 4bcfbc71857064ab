import Foundation
package import Processes

/// Remembers for an hour that a registry didn't answer, so that not every start waits for it.
///
/// A memory that can't be written or read is none: the registry is asked again.
package struct RegistrySilence: Sendable {
  static let hold = TimeInterval(3600)

  private let state: StateDirectory
  private var path: String { "\(state.path)/engine/silent-registries.json" }

  private struct Entry: Codable {
    var at: Date
    var reason: String
  }

  package init(state: StateDirectory) {
    self.state = state
  }

  /// Why a registry isn't asked; nil if it is to be.
  func reason(of registry: String, now: Date = Date()) -> String? {
    guard let entry = entries()[registry], now >= entry.at,
      now.timeIntervalSince(entry.at) < Self.hold
    else { return nil }
    return entry.reason
  }

  func remember(_ registry: String, reason: String, now: Date = Date()) {
    var entries = entries()
    entries[registry] = Entry(at: now, reason: reason)
    guard (try? state.makePrivateDirectory("engine")) != nil,
      let data = try? JSONEncoder().encode(entries)
    else { return }
    try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  package func forget() {
    try? FileManager.default.removeItem(atPath: path)
  }

  private func entries() -> [String: Entry] {
    guard let data = FileManager.default.contents(atPath: path) else { return [:] }
    return (try? JSONDecoder().decode([String: Entry].self, from: data)) ?? [:]
  }
}
