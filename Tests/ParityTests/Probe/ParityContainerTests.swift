import Containers
import ContainersTesting
import Foundation
import Parity
import TestSupport
import Testing

@Suite(.serialized) struct ParityContainerTests {
  @Test("a real container's runtime is told, and differs from this machine's where it does")
  func container() async throws {
    try await ScratchEngine.with { engine in
      try await engine.busybox()
      let label = ContainerLabel(session: "parity")
      _ = try await engine.podman.run(
        [
          "run", "--detach", "--name", "t-parity", "--network", "none", "--user", "7:8",
          "--hostname", "elsewhere", "--workdir", "/etc", "--env", "A=one", "--env", "B=same",
          "--env", "TZ=UTC0", "--env", "REDIS_SERVICE_HOST=1",
          "--env", "REDIS_PORT_1_TCP_ADDR=1",
        ] + label.arguments + [StandIn.busybox.reference, "sleep", "1000"])
      let now = { Int64(Date().timeIntervalSince1970 * 1e9) }
      let sent = now()
      let output = try await engine.podman.run(
        ["exec", "--interactive", "t-parity", "sh"]
          + ParityProbe.arguments(salt: ProbedShell.salt, seconds: ProbedShell.seconds),
        input: ParityProbe.script)
      let received = now()
      let facts = try ParityFacts(parsing: Array(output.stdout.utf8))
      #expect(facts.unreadableLines == 0 && facts.otherLines == 0)
      #expect(facts[.user, "uid"] == "7" && facts[.user, "gid"] == "8")
      #expect(facts[.place, "directory"] == "/etc")
      #expect(facts[.network, "hostname"] == "elsewhere")
      #expect(facts[.limits, "open-files"] != nil)
      #expect(facts[.environment, "A"] == ProbedShell.hash("A", Array("one".utf8)))
      #expect(facts.facts.allSatisfy { $0.group != .runtime && $0.group != .packages })
      let offset = try #require(ClockOffset(of: facts, sent: sent, received: received))
      #expect(offset.low <= 0 && offset.high >= 0, "the clock is this machine's own: \(offset)")

      let directory = try TemporaryDirectory()
      try directory.write("main.py", "")
      let reference = try await ProbedShell.dash.facts(
        in: directory.path,
        environment: [
          "A": Array("two".utf8), "B": Array("same".utf8), "TZ": Array("UTC0".utf8),
        ])
      let difference = ParityDifference(of: facts, from: reference)
      let kinds = Dictionary(
        uniqueKeysWithValues: difference.entries.map {
          ("\($0.key.group.rawValue)/\($0.key.name)", $0.kind)
        })
      let expected: [(String, ParityDifference.Kind)] = [
        ("runtime/python3", .onlyInReference), ("runtime/node", .onlyInReference),
        ("user/uid", .different), ("environment/A", .different), ("environment/B", .same),
        ("time/TZ", .same), ("time/offset", .same), ("system/kernel-release", .same),
        ("system/architecture", .same), ("place/case", .same),
      ]
      for (name, kind) in expected { #expect(kinds[name] == kind, "\(name)") }
      let ignored = difference.ignored.map { "\($0.key.group.rawValue)/\($0.key.name)" }
      for name in ["REDIS_SERVICE_HOST", "REDIS_PORT_1_TCP_ADDR", "HOSTNAME", "container"] {
        #expect(ignored.contains("environment/\(name)"), "\(name)")
      }
      let packages = try #require(
        difference.summary.groups.first { $0.group == .systemPackages })
      #expect(packages.same == 0 && packages[.unknown] > 10)
      #expect(difference.untoldHere.map(\.key.group) == [.systemPackages])
    }
  }
}
