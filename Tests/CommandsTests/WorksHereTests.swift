import Foundation
import Glibc
import Measurement
import Processes
import ResultStore
import Testing

/// The sample that is made to break in production: whether parity names the reasons.
@Suite(.serialized, .timeLimit(.minutes(10))) struct WorksHereTests {
  private static let scenarios = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("scenarios")

  /// A path of the app, and the fact that tells why it breaks in the container.
  struct Page: Sendable {
    let path: String
    var fact: (group: String, name: String, here: String, there: String)?
  }

  private static let pages = [
    Page(path: "/login", fact: ("packages", "python/werkzeug", "3.", "2.2.")),
    Page(path: "/greeting", fact: ("place", "case", "insensitive", "sensitive")),
    Page(path: "/"),
  ]

  @Test("what breaks in a container is what parity tells apart", .enabled(if: getuid() == 0))
  func breaks() async throws {
    let bench = try await Bench()
    let apps = bench.inner("apps")
    try FileManager.default.createDirectory(atPath: apps, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: Self.scenarios.appendingPathComponent("apps/works-here").path,
      toPath: "\(apps)/works-here")
    let text = try String(
      contentsOf: Self.scenarios.appendingPathComponent("works-here.yaml"), encoding: .utf8)
    // As a developer's Mac has it, natively. The container has files of its own.
    try await Self.withDiskIgnoringCase(at: bench.inner("state"), image: bench.inner("disk")) {
      for page in Self.pages {
        let breaks = page.fact != nil
        let asked = text.replacing("{ path: /,", with: "{ path: \(page.path),")
          .replacing("timeout: 60s", with: "timeout: 20s")
        try bench.write("works-here.yaml", asked)
        let run = try await bench.devbench(
          "run", "./works-here.yaml", "--workflow", "local-native", "--workflow", "local-cluster",
          "--experiment", "parity", limit: .seconds(240))
        #expect(run.status == (breaks ? 1 : 0), "\(run.all)")
        let trials = try bench.stored().experiments
        #expect(trials.map(\.outcome) == [.completed, breaks ? .failed : .completed], "\(run.all)")
        if breaks { #expect(trials.last?.reason?.contains("HTTP 500") == true, "\(run.all)") }
      }
      // Of the page that works everywhere, asked last, both runtimes told their facts.
      let trials = try bench.stored().experiments
      let told = try await bench.devbench(
        "show", "latest", "--experiment", "parity", "--reference", "local-cluster")
      for fact in Self.pages.compactMap(\.fact) {
        let values = trials.map { trial in
          trial.facts.first { $0.group == fact.group && $0.name == fact.name }?.value
        }
        #expect(values.first??.hasPrefix(fact.here) == true, "\(fact): \(values)")
        #expect(values.last??.hasPrefix(fact.there) == true, "\(fact): \(values)")
        #expect(told.output.contains(fact.name), "\(told.all)")
      }
    }
  }

  private static func withDiskIgnoringCase(
    at place: String, image: String, _ body: () async throws -> Void
  ) async throws {
    func command(_ words: String...) async throws {
      let result = try await Invocation(command: words).run(limit: .seconds(60))
      try #require(result.exit == .exited(0), "\(words): \(result.errorTail)")
    }
    try await command("truncate", "--size", "512M", image)
    try await command("mkntfs", "--quick", "--force", "--quiet", image)
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try await command("lowntfs-3g", "-o", "ignore_case,umask=077", image, place)
    let result: Result<Void, any Error>
    do {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    try await command("umount", place)
    try result.get()
  }
}
