import Foundation
import TestSupport
import Testing

@testable import Workflows

@Suite(.timeLimit(.minutes(1)))
struct PendingChangesTests {
  @Test("names that look alike and differ in their bytes are two, whatever language strings speak")
  func normalization() async throws {
    let directory = try TemporaryDirectory()
    let (composed, decomposed) = ("\u{E9}.txt", "e\u{301}.txt")
    try directory.write("tree/\(composed)", "x")
    let pending = try PendingChanges(tree: directory("tree"))
    #expect(rename(directory("tree/\(composed)"), directory("tree/\(decomposed)")) == 0)
    try directory.write("tree/last", "x")
    var files: [String] = []
    for await _ in pending.signals {
      let batch = pending.take()
      files += batch?.files ?? []
      if let batch { #expect(batch.at <= batch.last) }
      if files.contains("last") { break }
    }
    #expect(files.map { Array($0.utf8) } == [composed, decomposed, "last"].map { Array($0.utf8) })
  }
}
