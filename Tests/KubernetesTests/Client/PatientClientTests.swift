import Kubernetes
import KubernetesTesting
import Testing

@Suite struct PatientClientTests {
  private static let refused = KubernetesFailure(.unreachable, "dial tcp: connection refused")
  private static let lost = KubernetesFailure(.lost, "unexpected EOF")
  private static let starting = KubernetesFailure(.serviceUnavailable, "apiserver not ready")
  private static let untrusted = KubernetesFailure(.unreachable, "x509: unknown authority")
  private static let forbidden = KubernetesFailure(.forbidden, "pods is forbidden")

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What the server answers before it does as it is asked, after it has answered once.
    var failures: [KubernetesFailure] = []
    var hasAnswered = true
    var patience = Duration.seconds(60)
    /// What is thrown; nil if the request is answered in the end.
    var thrown: KubernetesFailure?
  }

  static let cases = [
    Case(
      testDescription: "a server that is gone for a while",
      failures: [refused, lost, refused, starting]),
    Case(
      testDescription: "one that nobody knows", failures: [refused], hasAnswered: false,
      thrown: refused),
    Case(testDescription: "one that isn't trusted", failures: [untrusted], thrown: untrusted),
    Case(testDescription: "a refusal", failures: [refused, forbidden], thrown: forbidden),
    Case(
      testDescription: "one that doesn't come back", failures: [refused, refused],
      patience: .zero, thrown: refused),
  ]

  @Test(arguments: cases)
  func `a server that has answered before is asked again`(_ test: Case) async throws {
    let fake = FakeKubernetesClient(Pod(name: "x", namespace: "a"))
    let client = PatientClient(fake, ServerReach(patience: test.patience), pause: .zero)
    if test.hasAnswered { _ = try await client.list(Pod.self, namespace: "a") }
    for failure in test.failures.reversed() {
      fake.react(to: .list, times: 1) { _ in .fail(failure) }
    }
    do {
      #expect(try await client.list(Pod.self, namespace: "a").items.count == 1)
      #expect(test.thrown == nil)
    } catch {
      #expect(error == test.thrown)
    }
  }

  @Test func `who has waited in vain doesn't wait again before the server has answered`()
    async throws
  {
    let fake = FakeKubernetesClient()
    let reach = ServerReach(patience: .zero)
    let client = PatientClient(fake, reach, pause: .zero)
    _ = try await client.list(Pod.self, namespace: "a")
    fake.react(to: .list) { _ in .fail(Self.refused) }
    for count in 1...3 {
      await #expect(throws: Self.refused) { try await client.list(Pod.self, namespace: "a") }
      // The first asked once more, since the server had just answered.
      #expect(fake.actions.count { $0.verb == .list } == 2 + count)
    }
  }

  /// What a request did before its answer got lost is what was wanted.
  @Test func `what was done already when the server went is as good as done now`() async throws {
    let pod = Pod(name: "x", namespace: "a")
    let fake = FakeKubernetesClient()
    let client = PatientClient(fake, ServerReach(), pause: .zero)
    _ = try await client.list(Pod.self, namespace: "a")
    fake.react(to: .create, times: 1) { _ in
      _ = try? await fake.create(pod)
      return .fail(Self.lost)
    }
    #expect(try await client.create(pod).name == "x")
    fake.react(to: .delete, times: 1) { _ in
      try? await fake.delete(Pod.self, name: "x", namespace: "a")
      return .fail(Self.lost)
    }
    try await client.delete(Pod.self, name: "x", namespace: "a")
    #expect(try await client.list(Pod.self, namespace: "a").items.isEmpty)
    let alreadyThere = FakeKubernetesClient(pod)
    await #expect(throws: KubernetesFailure.self) {
      try await PatientClient(alreadyThere, ServerReach()).create(pod)
    }
  }
}
