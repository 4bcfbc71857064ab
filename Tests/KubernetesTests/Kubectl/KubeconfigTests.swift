import Foundation
import JSON
import TestSupport
import Testing

@testable import Kubernetes

@Suite struct KubeconfigTests {
  /// As kubectl prints a context, with these fields in its cluster and user.
  private static func config(
    _ cluster: [String: JSONValue], user: [String: JSONValue] = [:]
  ) throws -> Kubeconfig {
    let text: JSONValue = [
      "apiVersion": "v1", "kind": "Config", "preferences": [:], "current-context": "c",
      "clusters": [["name": "k", "cluster": .object(cluster)]],
      "contexts": [["name": "c", "context": ["cluster": "k", "user": "u", "namespace": "n"]]],
      "users": [["name": "u", "user": .object(user)]],
    ]
    return try Kubeconfig(json: [UInt8](JSONEncoder().encode(text)))
  }

  private static func value(_ config: Kubeconfig) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: config.json())
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var cluster: [String: JSONValue]
    var user: [String: JSONValue] = [:]
    var server: Kubeconfig.Server
    var redirected: String
    var name: String?
    var testDescription: String { cluster["server"]?.string ?? "" }
  }

  static let cases: [Case] = [
    Case(
      cluster: ["server": "https://127.0.0.1:6443"],
      server: .init(host: "127.0.0.1", port: 6443), redirected: "https://127.0.0.1:9",
      name: "127.0.0.1"),
    Case(
      cluster: ["server": "https://api.example.com"],
      server: .init(host: "api.example.com", port: 443), redirected: "https://127.0.0.1:9",
      name: "api.example.com"),
    Case(
      cluster: ["server": "https://rancher.example.com/k8s/clusters/c-1/"],
      server: .init(host: "rancher.example.com", port: 443, path: "/k8s/clusters/c-1"),
      redirected: "https://127.0.0.1:9/k8s/clusters/c-1", name: "rancher.example.com"),
    Case(
      cluster: ["server": "https://[fd00::1]:6443"],
      server: .init(host: "fd00::1", port: 6443), redirected: "https://127.0.0.1:9",
      name: "fd00::1"),
    Case(
      cluster: ["server": "https://[::1]"],
      server: .init(host: "::1", port: 443), redirected: "https://127.0.0.1:9", name: "::1"),
    Case(
      cluster: ["server": "https://10.0.0.1", "tls-server-name": "api.internal"],
      server: .init(host: "10.0.0.1", port: 443), redirected: "https://127.0.0.1:9",
      name: "api.internal"),
    Case(
      cluster: ["server": "http://localhost"],
      server: .init(host: "localhost", port: 80, isSecure: false),
      redirected: "http://127.0.0.1:9"),
    Case(
      cluster: ["server": "HTTP://localhost:8080", "proxy-url": ""],
      server: .init(host: "localhost", port: 8080, isSecure: false),
      redirected: "http://127.0.0.1:9"),
    Case(
      cluster: ["server": "localhost:8080"],
      server: .init(host: "localhost", port: 8080, isSecure: false),
      redirected: "http://127.0.0.1:9"),
    Case(
      cluster: ["server": "10.0.0.1:6443", "insecure-skip-tls-verify": true],
      server: .init(host: "10.0.0.1", port: 6443), redirected: "https://127.0.0.1:9",
      name: "10.0.0.1"),
    Case(
      cluster: ["server": "10.0.0.1"], user: ["client-certificate-data": "Y2VydA=="],
      server: .init(host: "10.0.0.1", port: 443), redirected: "https://127.0.0.1:9",
      name: "10.0.0.1"),
  ]

  @Test(arguments: cases)
  func `the server is at the link, and its certificate has the name it had`(
    _ one: Case
  ) throws {
    let config = try Self.config(one.cluster, user: one.user)
    #expect(try config.server() == one.server)
    var expected = one.cluster
    expected["server"] = .string(one.redirected)
    expected["tls-server-name"] = one.name.map { .string($0) }
    #expect(
      try Self.value(config.redirected(toPort: 9))
        == Self.value(Self.config(expected, user: one.user)))
  }

  @Test func `credentials and what devbench has no name for stay as they were`() throws {
    let user: [String: JSONValue] = [
      "token": "t/o+k=", "client-key-data": "a2V5",
      "exec": [
        "apiVersion": "client.authentication.k8s.io/v1", "command": "aws", "args": ["eks"],
        "env": .null, "interactiveMode": "IfAvailable", "provideClusterInfo": false,
      ],
    ]
    let cluster: [String: JSONValue] = [
      "server": "https://a", "certificate-authority-data": "Y2E=",
      "extensions": [["name": "cluster_info", "extension": ["version": "v1.36.0"]]],
    ]
    let redirected = try Self.value(Self.config(cluster, user: user).redirected(toPort: 9))
    #expect(redirected.at(["users"])?.array?.first?.at(["user"]) == .object(user))
    let kept = redirected.at(["clusters"])?.array?.first?.at(["cluster"])
    for key in ["certificate-authority-data", "extensions"] {
      #expect(kept?.at([key]) == cluster[key])
    }
    #expect("\(try Self.config(cluster, user: user))" == "a kubeconfig")
  }

  @Test func `no link is put before a proxy, whose password isn't told`() throws {
    let config = try Self.config([
      "server": "https://a", "proxy-url": "http://me:secret@proxy.example.com:3128",
    ])
    let failure = #expect(throws: KubernetesFailure.self) { try config.redirected(toPort: 9) }
    #expect(
      failure?.message.contains("the context “c” reaches its API server through a proxy") == true)
    #expect(failure?.message.contains("secret") == false)
  }

  @Test(
    arguments: [[:], ["server": ""], ["server": "ftp://a"], ["server": "https://"]]
      as [[String: JSONValue]])
  func `a cluster without a server that can be reached is told of`(
    _ cluster: [String: JSONValue]
  ) throws {
    let config = try Self.config(cluster)
    #expect(throws: KubernetesFailure.self) { try config.server() }
  }

  @Test(
    arguments: [
      ("token", "bin/login", "/b/token", "/b/bin/login"),
      ("sub/token", "./login", "/a/sub/token", "/a/./login"),
      ("/run/token", "/usr/bin/login", "/run/token", "/usr/bin/login"),
      ("gone", "aws", "/a/gone", "aws"),
    ])
  func `paths are those of the file that names them`(
    token: String, command: String, absoluteToken: String, absoluteCommand: String
  ) throws {
    let there: Set = ["/b/token", "/b/bin/login", "/a/sub/token", "/b/sub/token", "/a/./login"]
    func user(_ token: String, _ command: String) -> [String: JSONValue] {
      ["tokenFile": .string(token), "exec": ["command": .string(command)]]
    }
    let resolved = try Self.config(["server": "https://a"], user: user(token, command))
      .resolvingPaths(in: ["/a", "/b"]) { there.contains($0) }
    #expect(
      try Self.value(resolved)
        == Self.value(
          Self.config(["server": "https://a"], user: user(absoluteToken, absoluteCommand))))
  }

  @Test(
    arguments: [
      ("/x/config", [:], ["/x"]),
      (nil, ["KUBECONFIG": "/a/one:/b/two", "HOME": "/h"], ["/a", "/b"]),
      (nil, ["KUBECONFIG": "", "HOME": "/h"], ["/h/.kube"]),
    ] as [(String?, [String: String], [String])])
  func `kubectl's files lie where it looks for them`(
    kubeconfig: String?, environment: [String: String], directories: [String]
  ) {
    #expect(Kubectl.directories(of: kubeconfig, environment: environment) == directories)
  }

  @Test func `kubectl is asked for the context alone, and reads another file from then on`()
    async throws
  {
    let fake = try FakeKubectl(
      #"echo '{"current-context": "c", "clusters": [{"cluster": {"server": "https://a"}}]}'"#,
      context: "c")
    #expect(try await fake.kubectl.config().server() == .init(host: "a", port: 443))
    #expect(
      try fake.calls == [
        "[--context] [c] [config] [view] [--raw] [--minify] [--flatten] [-o] [json]"
      ])
    #expect(
      fake.kubectl.reading(kubeconfig: "/x").command(["get"]).dropFirst()
        == ["--kubeconfig", "/x", "--context", "c", "get"])
  }
}
