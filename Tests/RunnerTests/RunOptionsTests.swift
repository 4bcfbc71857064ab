import Clock
import Foundation
import Link
import Measurement
import Scenarios
import Statistics
import Testing

@testable import Runner

@Suite struct RunOptionsTests {
  /// Two paths, one in two variants, and two edits.
  static let scenario = Scenario(
    name: "shop",
    app: .init(
      source: "/nowhere",
      probe: .init(path: "/", interval: .milliseconds(5), timeout: .seconds(1))),
    edits: ["message", "template"].map {
      Edit(name: $0, changes: [Change(file: "a", action: .append(content: "{{token}}"))])
    },
    workflows: [
      WorkflowSpec(
        kind: .localNative,
        paths: [
          PathSpec(path: .reload, command: ["true"]),
          PathSpec(path: .reload, variant: "watchdog", command: ["true"]),
          PathSpec(path: .restart, command: ["true"]),
        ])
    ],
    measure: .init(warmups: 0, iterations: 1, order: .interleaved, thinkTime: .zero...(.zero)),
    text: "", digest: "", file: "shop.yaml")

  struct Filter: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var workflows: [WorkflowKind] = []
    var paths: [PathName] = []
    var edits: [String] = []
    var left: [String]

    var options: RunOptions {
      var options = RunOptions()
      options.workflows = workflows
      options.paths = paths
      options.edits = edits
      return options
    }
  }

  static let filters = [
    Filter(
      testDescription: "no filter leaves all, in the scenario's order",
      left: [
        "reload/message", "reload/template", "reload-watchdog/message", "reload-watchdog/template",
        "restart/message", "restart/template",
      ]),
    Filter(
      testDescription: "a path", paths: [PathName(.restart)],
      left: ["restart/message", "restart/template"]),
    Filter(
      testDescription: "an edit", edits: ["template"],
      left: ["reload/template", "reload-watchdog/template", "restart/template"]),
    Filter(
      testDescription: "a path is the plain one", paths: [PathName(.reload)],
      left: ["reload/message", "reload/template"]),
    Filter(
      testDescription: "a variant is a path of its own",
      paths: [PathName(.reload, variant: "watchdog")],
      left: ["reload-watchdog/message", "reload-watchdog/template"]),
    Filter(
      testDescription: "a variant it hasn't", paths: [PathName(.restart, variant: "watchdog")],
      left: []),
    Filter(
      testDescription: "the order on the command line doesn't count",
      paths: [PathName(.restart), PathName(.reload)], edits: ["message"],
      left: ["reload/message", "restart/message"]),
    Filter(
      testDescription: "filters narrow each other", workflows: [.localNative],
      paths: [PathName(.reload)],
      edits: ["template"], left: ["reload/template"]),
    Filter(testDescription: "a workflow it hasn't", workflows: [.remoteCluster], left: []),
    Filter(testDescription: "a path it hasn't", paths: [PathName(.sync)], left: []),
    Filter(testDescription: "an edit it hasn't", edits: ["messag"], left: []),
  ]

  @Test("filters leave these cells", arguments: filters)
  func cells(filter: Filter) throws {
    guard !filter.left.isEmpty else {
      let failure = #expect(throws: RunFailure.self) {
        _ = try filter.options.cells(of: Self.scenario)
      }
      let text = try #require(failure).description
      let names = [
        ("--workflow", filter.workflows.isEmpty), ("--path", filter.paths.isEmpty),
        ("--edit", filter.edits.isEmpty),
      ].filter { !$0.1 }.map(\.0)
      #expect(text.hasPrefix(names.joined(separator: " and ")))
      #expect(
        text.contains(
          "\(names.count == 1 ? "leaves" : "leave") nothing of scenario shop to measure"))
      #expect(text.contains("it has local-native/reload/message, local-native/reload/template"))
      return
    }
    let cells = try filter.options.cells(of: Self.scenario)
    #expect(cells.map(\.name) == filter.left.map { "local-native/" + $0 })
  }

  static let experiments = [
    Filter(testDescription: "the first of the workflow", left: ["reload/message"]),
    Filter(
      testDescription: "each path that was asked for", paths: [.init(.restart), .init(.reload)],
      left: ["reload/message", "restart/message"]),
    Filter(
      testDescription: "a variant", paths: [.init(.reload, variant: "watchdog")],
      left: ["reload-watchdog/message"]),
    Filter(
      testDescription: "the edit that was asked for", edits: ["template"], left: ["reload/template"]
    ),
  ]

  @Test("experiments are made on these cells", arguments: experiments)
  func representatives(filter: Filter) throws {
    var options = filter.options
    options.experiments = [.parity]
    let cells = try options.cells(of: Self.scenario)
    #expect(cells.map(\.name) == filter.left.map { "local-native/" + $0 })
  }
}

@Suite struct RunIDTests {
  @Test("an id is the UTC time and four hexadecimal digits")
  func format() {
    var generator = SeededGenerator(seed: 1)
    for number in 0..<500 {
      let id = RunID.make(
        at: Date(timeIntervalSince1970: 1_795_231_200 + Double(number)), using: &generator)
      #expect(id.wholeMatch(of: /20261121-03[2-3]\d[0-5]\d-[0-9a-f]{4}/) != nil, "\(id)")
    }
  }

  @Test("ids sort by time, and of one second differ")
  func order() {
    var generator = SeededGenerator(seed: 2)
    let dates = (0..<50).map { Date(timeIntervalSince1970: 1_000_000_000 + Double($0) * 40_000) }
    let ids = dates.map { RunID.make(at: $0, using: &generator) }
    #expect(ids == ids.sorted())
    let same = (0..<20).map { _ in RunID.make(at: dates[0], using: &generator) }
    #expect(Set(same).count > 15)
    #expect(Set(same.map { $0.prefix(15) }).count == 1)
  }
}

@Suite struct HostFactsTests {
  @Test("the machine's facts are there and make sense")
  func environment() {
    let facts = HostFacts.environment()
    #expect(!facts.host.isEmpty)
    #expect(facts.system != "unknown")
    #expect(!facts.system.contains("\""))
    #expect(facts.kernel.hasPrefix("Linux "))
    #expect(["x86_64", "aarch64"].contains(facts.architecture))
    #expect(facts.cores >= 1)
    #expect(facts.memoryBytes > 64 << 20)
    #expect(facts.loadBefore.count == 3)
    #expect(facts.loadBefore.allSatisfy { $0 >= 0 })
  }

  @Test("a tool's version is its first line; one that can't tell is unknown")
  func versions() async {
    let tools = await HostFacts.versions(
      of: [
        "b": ["sh", "-c", "echo 1.2.3; echo more"], "a": ["sh", "-c", "exit 3"],
        "c": ["devbench-no-such-program"],
      ], in: "/")
    #expect(tools.map(\.name) == ["a", "b", "c"])
    #expect(tools.map(\.version) == ["unknown", "1.2.3", "unknown"])
  }

  @Test("a directory without git has no commit; one with changes is dirty")
  func commit() async throws {
    let tree = try TemporaryTree()
    #expect(await HostFacts.commit(of: tree.path) == nil)
    try tree.write("a", "1")
    for arguments in [
      ["init", "-q"], ["add", "."],
      ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", "a"],
    ] {
      let git = Process()
      git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      git.arguments = ["git", "-C", tree.path] + arguments
      try git.run()
      git.waitUntilExit()
      #expect(git.terminationStatus == 0)
    }
    let clean = try #require(await HostFacts.commit(of: tree.path))
    #expect(clean.wholeMatch(of: /[0-9a-f]{40}/) != nil)
    try tree.write("a", "2")
    #expect(await HostFacts.commit(of: tree.path) == clean + "-dirty")
  }

  /// A workflow without a link, and a remote with two of them and two numbers of developers.
  private static let remote: Scenario = {
    var scenario = RunOptionsTests.scenario
    scenario.edits = [scenario.edits[0]]
    scenario.workflows = [
      WorkflowSpec(
        kind: .localNative, paths: [PathSpec(path: .reload, command: ["true"])]),
      WorkflowSpec(
        kind: .remoteCluster, paths: [PathSpec(path: .sync, command: [])],
        links: ["lan", "lte"].compactMap { name in
          (try? LinkProfile.named(name)).map { LinkSpec(name: name, profile: $0) }
        }, developers: [1, 4]),
    ]
    return scenario
  }()

  @Test(
    "links and numbers of developers make cells of a remote, and say nothing of the others",
    arguments: [
      ([], [], ["sync@lan", "sync@lan x4", "sync@lte", "sync@lte x4"]),
      (["lte"], [], ["sync@lte", "sync@lte x4"]),
      ([], [4], ["sync@lan x4", "sync@lte x4"]),
      (["lan"], [2, 8, 2], ["sync@lan x2", "sync@lan x8"]),
      (["lan"], [1], ["sync@lan"]),
      (["moon"], [], []),
    ] as [([String], [Int], [String])])
  func circumstances(links: [String], developers: [Int], left: [String]) throws {
    var options = RunOptions()
    (options.links, options.developers) = (links, developers)
    let cells = try options.cells(of: Self.remote)
    #expect(cells.map { "\($0.pathName)\($0.circumstances)" } == ["reload"] + left)
  }
}
