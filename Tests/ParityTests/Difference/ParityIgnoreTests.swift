import Testing

@testable import Parity

@Suite struct ParityIgnoreTests {
  @Test(
    "a star stands for any bytes",
    arguments: [
      ("a", "a", true), ("a", "b", false), ("a", "ab", false), ("", "", true), ("", "a", false),
      ("*", "", true), ("*", "a/b\n", true), ("a*", "a", true), ("*a", "ba", true),
      ("*a", "ab", false), ("a*b*c", "a1b2b3c", true), ("a*b*c", "a1c2b", false),
      ("**a", "a", true), ("é*", "éa", true), ("a?", "ab", false),
      (
        String(repeating: "*a", count: 50) + "b",
        String(repeating: "a", count: 2000), false
      ),
    ])
  func glob(pattern: String, text: String, matches: Bool) {
    #expect(Glob(pattern).matches(text) == matches)
  }

  @Test(
    "what is known to vary is ignored, and nothing besides",
    arguments: [
      (FactGroup.environment, "HOSTNAME", true), (.environment, "PWD", true),
      (.environment, "OLDPWD", true), (.environment, "SHLVL", true), (.environment, "_", true),
      (.environment, "DEVBENCH_TOKEN", true), (.environment, "KUBERNETES_SERVICE_HOST", true),
      (.environment, "SSH_AUTH_SOCK", true), (.environment, "PATH", false),
      (.environment, "HOME", false), (.environment, "DB_PORT", false), (.environment, "__", false),
      (.environment, "TERMINAL_ID", false), (.network, "hostname", true),
      (.network, "nameservers", false), (.time, "clock-start", true), (.time, "offset", false),
      (.system, "kernel-build", true), (.system, "kernel-release", false),
    ] as [(FactGroup, String, Bool)])
  func table(group: FactGroup, name: String, isIgnored: Bool) {
    let rule = ParityIgnore.standard.rule(for: Fact.Key(group: group, name: name))
    #expect((rule != nil) == isIgnored, "\(String(describing: rule))")
  }

  @Test("the user's patterns come on top")
  func patterns() throws {
    let ignore = try ParityIgnore(patterns: ["environment/MY_*", "*/x", "packages/python/*"])
    func rule(_ group: FactGroup, _ name: String) -> String? {
      ignore.rule(for: Fact.Key(group: group, name: name))?.pattern
    }
    #expect(rule(.environment, "MY_KEY") == "environment/MY_*")
    #expect(rule(.locale, "x") == "*/x")
    #expect(rule(.packages, "python/flask") == "packages/python/*")
    #expect(rule(.packages, "node/flask") == nil)
    #expect(rule(.environment, "PWD") == "environment/PWD")
  }

  @Test(
    "a pattern that can't match is refused with the way out",
    arguments: [("PATH", "write GROUP/NAME"), ("envirment/PATH", "use one of runtime, packages")])
  func refused(pattern: String, part: String) {
    let failure = #expect(throws: ParityIgnore.Unusable.self) {
      try ParityIgnore(patterns: [pattern])
    }
    #expect(failure?.description.contains(part) == true)
  }

  @Test("a cluster's variables of its services are told from the app's own of such names")
  func services() {
    let names = [
      "REDIS_A_SERVICE_HOST", "REDIS_A_SERVICE_PORT", "REDIS_A_SERVICE_PORT_HTTP_SERVICE_PORT",
      "REDIS_A_PORT", "REDIS_A_PORT_6379_TCP", "REDIS_A_PORT_6379_TCP_PROTO",
      "REDIS_A_PORT_6379_TCP_PORT", "REDIS_A_PORT_6379_TCP_ADDR",
    ]
    let own = [
      "DB_PORT", "REDIS_PORT", "PORT", "API_SERVICE_HOST", "API_SERVICE_PORT", "A_PORT_1_TCP",
      "REDIS_A_URL", "REDIS_A_PORT_x_TCP", "REDIS_A_SERVICE_PORTS",
    ]
    let facts = ParityFacts(
      facts: (names + own).map { Fact(group: .environment, name: $0, value: "sha256:0") })
    let difference = ParityDifference(of: facts, from: ParityFacts(facts: []))
    #expect(difference.ignored.map(\.key.name) == names.sorted())
    #expect(Set(difference.entries.map(\.key.name)) == Set(own))
  }
}
