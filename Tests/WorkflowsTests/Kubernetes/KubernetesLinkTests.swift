import Clock
import Foundation
import Kubernetes
import KubernetesTesting
import Link
import Measurement
import Processes
import Scenarios
import TestSupport
import Testing

@testable import Workflows

/// Sessions on a real cluster behind a link, if `DEVBENCH_TEST_KUBECONTEXT` names one, and
/// `DEVBENCH_TEST_REGISTRY` the registry on the loopback interface that its nodes pull from.
@Suite(
  .enabled(if: TestCluster.runsApps, "\(TestCluster.isMissing)"),
  .serialized, .timeLimit(.minutes(5)))
struct KubernetesLinkTests {
  private static func options(hasLink: Bool = true) throws -> ClusterApp.Options {
    var options = ClusterApp.Options.remote(.sync)
    options.kubernetes = KubernetesSpec(
      context: TestCluster.context ?? "",
      namespace: "devbench-link-\(UInt32.random(in: 0 ... .max))")
    options.imageName = "\(TestCluster.registry ?? "")/devbench/looptest"
    if hasLink { options.links = [LinkSpec(name: "lan", profile: try .named("lan"))] }
    return options
  }

  private static func kubeconfigs(in app: ClusterApp) -> [String] {
    let files = FileManager.default.enumerator(atPath: app.run.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix("/kubeconfig") }.map { "\(app.run.path)/\($0)" }
  }

  @Test("all goes over the link, by a kubeconfig that its user alone reads and that ends with it")
  func overLink() async throws {
    let app = try await ClusterApp(Self.options())
    do {
      try await app.session.start()
      let files = Self.kubeconfigs(in: app)
      #expect(files.count == 1)
      for file in files {
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
      }
      try await app.session.use(LinkProfile(rtt: .milliseconds(40)))
      let saved = try app.save("text.txt", "two")
      #expect(await app.served("two"))
      try await app.settled(1)
      let spans = await app.session.spans(from: saved, to: .now())
      let transfer = try #require(spans.first { $0.name == "transfer" })
      // Half the round trip at least is the link's.
      #expect(transfer.end - transfer.start >= .milliseconds(20))
      let meter = try #require(await app.session.meter)
      let traffic = meter(saved, .now())
      #expect(traffic.up > 0 && traffic.down > 0)
      #expect(try await app.session.verify() == nil)
    } catch {
      await app.end()
      throw error
    }
    await app.end()
    #expect(Self.kubeconfigs(in: app) == [])
  }

  @Test("what is saved while the API server is out of reach is served once it is back")
  func outage() async throws {
    try await ClusterApp.with(Self.options()) { app in
      for (outage, text) in [(LinkOutage.stall, "two"), (.refuse, "three"), (.reset, "four")] {
        try await app.session.use(outage)
        try app.save("text.txt", text)
        #expect(await !app.served(text, limit: .milliseconds(500)))
        try await app.session.use(nil as LinkOutage?)
        #expect(await app.served(text), "after \(outage)")
      }
      try await app.landedAll()
      #expect(try await app.session.verify() == nil)
    }
  }

  @Test("without a link in the scenario nothing is put before the cluster")
  func noLink() async throws {
    try await ClusterApp.with(Self.options(hasLink: false)) { app in
      #expect(Self.kubeconfigs(in: app) == [])
      #expect(await app.session.meter == nil)
    }
  }
}

@Suite struct ImageDetourTests {
  @Test(
    "what doesn't go over a link is said",
    arguments: [
      (.registry(repository: "localhost:5000/a"), 5000, nil),
      (.registry(repository: "127.0.0.1/a"), 80, nil),
      (.registry(repository: "ghcr.io/a/b"), nil, "images are pushed to ghcr.io over the network"),
      (.tool(.kind, cluster: "x"), nil, "images are put into the nodes by kind, not over the link"),
    ] as [(ImageDelivery.Way, Int?, String?)])
  func detour(way: ImageDelivery.Way, port: Int?, beginning: String?) {
    #expect(way.loopbackPort == port)
    #expect((way.detour == nil) == (beginning == nil))
    if let beginning { #expect(way.detour?.hasPrefix(beginning) == true) }
  }
}
