import Foundation
import Processes

extension Podman {
  /// The containers that a filter of “podman ps” matches, those of pods with their infra container.
  ///
  /// - Parameter filter: such as `ContainerLabel.filter`, or `pod=NAME`.
  package func containers(filter: String) async throws(EngineFailure) -> [ContainerInfo] {
    let list = ["ps", "--all", "--quiet", "--no-trunc", "--filter", filter]
    let ids = try await run(list).stdout.split(whereSeparator: \.isNewline).map(String.init)
    return try await containers(ids: ids)
  }

  /// Containers by their ids or names. One that is gone by now is left out.
  package func containers(ids: [String]) async throws(EngineFailure) -> [ContainerInfo] {
    guard !ids.isEmpty else { return [] }
    let arguments = ["container", "inspect"] + ids
    // One of them that is gone makes the status 125; the others are printed all the same.
    let output = try await run(arguments, accepting: [0, 125])
    try checkAbsence(output, of: arguments)
    return try decode(output.stdout, of: arguments)
  }

  /// An image by its reference or id, in the local store; nil if it isn't there.
  package func image(_ reference: String) async throws(EngineFailure) -> ImageInfo? {
    let arguments = ["image", "inspect", reference]
    let output = try await run(arguments, accepting: [0, 125])
    if output.exit == .exited(0) {
      let images: [ImageInfo] = try decode(output.stdout, of: arguments)
      return images.first
    }
    try checkAbsence(output, of: arguments)
    return nil
  }

  /// Throws unless a call failed for no other reason than that something isn't there.
  private func checkAbsence(
    _ output: Output, of arguments: [String]
  ) throws(EngineFailure) {
    guard output.exit != .exited(0) else { return }
    let faults = output.errorLines.filter { $0.lowercased().hasPrefix("error") }
    let isAbsence = faults.allSatisfy { line in
      ["no such container", "no such image", "image not known", "no such object"]
        .contains(where: line.contains)
    }
    guard isAbsence, !faults.isEmpty else {
      throw .failed(command: command(arguments), exit: output.exit, lastLines: output.errorLines)
    }
  }

  func decode<Value: Decodable>(
    _ text: String, of arguments: [String]
  ) throws(EngineFailure) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    } catch {
      throw .unreadable(command: command(arguments), reason: "\(error)")
    }
  }
}
