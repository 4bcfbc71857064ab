import Containers
import FileSync
import Foundation
import Scenarios
import TestSupport
import Testing

@testable import Workflows

@Suite(.timeLimit(.minutes(5)), .serialized)
struct ImageBuilderTests {
  @Test("edge case 20: context, Dockerfile, its own ignore file and build arguments all count")
  func elsewhere() async throws {
    try await ClusterEngine.with { engine in
      let tree = try AppTree(
        engine,
        dockerfile: "ARG WORD=default\nRUN echo $WORD > /word\nCOPY . /app/\n",
        files: [
          "outside": "1", "back/app.py": "1", "back/skip/a": "1", "back/skip/keep": "1",
          "back/.dockerignore": "app.py\n",
          "back/build/My.Dockerfile.dockerignore": "skip/*\n!skip/keep\nbuild\n",
        ],
        image: ImageSpec(
          name: "app", context: "back", dockerfile: "build/My.Dockerfile",
          arguments: ["WORD": "given"]))
      let appender = try await tree.buildForAppending()
      func app(_ image: AppImage) async throws -> Set<String> {
        let lines = try await engine.tree(of: image.id)
        return Set(
          lines.filter { $0.contains(" ./app/") || $0.contains(" ./word") }.map {
            String($0.prefix { $0 != ">" })
          })
      }
      try tree.directory.write("back/app.py", "2")
      try tree.directory.write("back/skip/b", "2")
      try tree.directory.write("outside", "2")
      let appended = try await app(try await appender.append(named: tree.builder.tag.reference(1)))
      #expect(appended == (try await app(try await tree.build())))
      #expect(appended.contains { $0.contains("./app/skip/keep") })
      #expect(!appended.contains { $0.contains("./app/skip/b") || $0.contains("outside") })
      await appender.end()
    }
  }

  @Test("a build that fails tells its last lines and leaves nothing behind the session")
  func failing() async throws {
    try await ClusterEngine.with { engine in
      let tree = try AppTree(engine, dockerfile: "RUN echo out of cheese; exit 3\n")
      let before = try await engine.podman.run(["images", "--quiet"]).stdout
      await #expect {
        _ = try await tree.build()
      } throws: { error in
        guard case WorkflowFailure.build(let reason, let output) = error else { return false }
        return reason.contains("Dockerfile doesn't build")
          && output.contains { $0.contains("exit 3") || $0.contains("exit status 3") }
      }
      #expect(
        try await engine.podman.run(["ps", "--all", "--external", "--quiet"]).stdout == "")
      // Layers that were finished help the next build, and go with the session.
      try await engine.podman.removeSession(
        ContainerLabel(session: "none"), tag: tree.builder.tag)
      #expect(try await engine.podman.run(["images", "--quiet"]).stdout == before)
    }
  }
}
