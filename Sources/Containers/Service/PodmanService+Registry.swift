import Foundation
import NIOCore
import NIOHTTP1
import Processes

/// Images between the engine's store and a registry that speaks plain HTTP on the loopback interface.
extension PodmanService {
  /// How long an image may take on its way; a first one over a slow link takes minutes.
  private static let travel: Duration = .seconds(1800)

  /// Brings an image to a registry. Layers that it holds aren't sent again.
  ///
  /// - Parameter destination: `127.0.0.1:5000/name:tag`.
  package func push(image: String, to destination: String) async throws(EngineFailure) {
    let path =
      "/images/\(Self.escaped(image))/push?destination=\(Self.escaped(destination))&tlsVerify=false"
    let answer = try await call(.POST, path, wanted: [200], limit: Self.travel)
    try Self.check(answer, of: ["podman", "push", image, destination])
  }

  /// Takes an image from a registry. Layers that the store holds aren't fetched again.
  ///
  /// - Returns: the image's id.
  @discardableResult
  package func pull(_ reference: String) async throws(EngineFailure) -> String {
    let path =
      "/images/pull?reference=\(Self.escaped(reference))&tlsVerify=false&policy=always&quiet=true"
    let answer = try await call(.POST, path, wanted: [200], limit: Self.travel)
    let command = ["podman", "pull", reference]
    guard let id = try Self.check(answer, of: command).last?.id else {
      throw .unreadable(command: command, reason: "it names no image")
    }
    return id
  }

  /// A line of what pushing and pulling answer. The status is 200 even where they fail.
  private struct Report: Decodable {
    var error: String?
    var id: String?
  }

  @discardableResult
  private static func check(
    _ answer: ByteBuffer, of command: [String]
  ) throws(EngineFailure) -> [Report] {
    let lines = String(buffer: answer).split(whereSeparator: \.isNewline)
    let reports = lines.compactMap {
      try? JSONDecoder().decode(Report.self, from: Data($0.utf8))
    }
    if let error = reports.compactMap(\.error).first(where: { !$0.isEmpty }) {
      throw .failed(command: command, exit: .exited(125), lastLines: [error])
    }
    return reports
  }
}
