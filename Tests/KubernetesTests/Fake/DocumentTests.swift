import Foundation
import Testing

/// The examples of docs/testing-kubernetes-code.md are those that are compiled and run.
@Suite struct DocumentTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test func `every Swift block of the document stands in the sources as it is`() throws {
    let document = try Self.text("docs/testing-kubernetes-code.md")
    let sources = try [
      "Sources/Kubernetes/Client/ListImages.swift",
      "Tests/KubernetesTests/Client/ListImagesTests.swift",
    ].map(Self.text).joined()
    // Every second part lies between fences.
    let blocks = document.components(separatedBy: "```").enumerated()
      .filter { $0.offset % 2 == 1 && $0.element.hasPrefix("swift\n") }
      .map { $0.element.dropFirst("swift\n".count) }
    #expect(blocks.count == 3)
    for block in blocks {
      #expect(sources.contains(block), "the sources don't have:\n\(block)")
    }
  }
}
