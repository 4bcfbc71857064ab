import Foundation
import Parity
import TestSupport
import Testing

/// Two runtimes that differ in one thing, made on purpose.
@Suite struct DeliberateDifferenceTests {
  struct Change: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Writes what makes the runtime into the directory; given whether it is the reference.
    let make: @Sendable (TemporaryDirectory, Bool) throws -> Void
    let environment: @Sendable (TemporaryDirectory, Bool) -> [String: String]
    /// What is found, without the values of hashes.
    let findings: [String]

    init(
      _ name: String, findings: [String],
      make: @escaping @Sendable (TemporaryDirectory, Bool) throws -> Void = { _, _ in },
      environment: @escaping @Sendable (TemporaryDirectory, Bool) -> [String: String] = { _, _ in
        [:]
      }
    ) {
      testDescription = name
      self.make = make
      self.environment = environment
      self.findings = findings
    }
  }

  static let changes = [
    Change("nothing", findings: []),
    Change(
      "a Python package's version, of the app's own path and beside modules that hide Python's",
      findings: ["! packages/python/some-thing 1.0, not 1.1"],
      make: { directory, isReference in
        let version = isReference ? "1.1" : "1.0"
        try directory.write(
          "lib/Some_Thing-\(version).dist-info/METADATA",
          "Metadata-Version: 2.1\nName: Some_Thing\nVersion: \(version)\n")
        for name in ["email", "json", "importlib", "zipfile"] {
          try directory.write("app/\(name).py", "raise SystemExit(1)\n")
        }
      },
      environment: { directory, _ in ["PYTHONPATH": "../lib"] }),
    Change(
      "a Node package's version, and one of a scope in a directory above",
      findings: [
        "! packages/node/@scope/part 2.0.0, not 3.0.0", "! packages/node/left-pad 1.3.0, not 1.2.0",
        "- packages/node/only ?",
      ],
      make: { directory, isReference in
        try directory.write(
          "app/node_modules/left-pad/package.json",
          #"{"version": "\#(isReference ? "1.2.0" : "1.3.0")"}"#)
        try directory.write("node_modules/left-pad/package.json", #"{"version": "0.0.1"}"#)
        try directory.write(
          "node_modules/@scope/part/package.json",
          #"{"version": "\#(isReference ? "3.0.0" : "2.0.0")"}"#)
        if isReference { try directory.write("app/node_modules/only/package.json", "{") }
      }),
    Change(
      "a value of the environment", findings: ["! environment/API_URL"],
      environment: { _, isReference in ["API_URL": isReference ? "http://a" : "http://b"] }),
    Change(
      "a variable that one has not", findings: ["- environment/API_URL"],
      environment: { _, isReference in isReference ? ["API_URL": ""] : [:] }),
    Change(
      "the language",
      findings: [
        "! environment/LC_ALL", "! locale/LC_ALL C, not C.UTF-8",
        "! locale/charmap ANSI_X3.4-1968, not UTF-8",
      ],
      environment: { _, isReference in ["LC_ALL": isReference ? "C.UTF-8" : "C"] }),
    Change(
      "the time zone",
      findings: [
        "! environment/TZ", "! time/TZ XYZ-2, not UTC0", "! time/offset +0200, not +0000",
        "! time/zone XYZ, not UTC",
      ],
      environment: { _, isReference in ["TZ": isReference ? "UTC0" : "XYZ-2"] }),
  ]

  @Test("is found, and nothing besides", arguments: changes)
  func found(change: Change) async throws {
    // Hidden imports apart, it has to be the real interpreter: a stand-in runs a shell.
    let python = URL(fileURLWithPath: try Python.path()).deletingLastPathComponent().path
    _ = try ProbedShell.path(of: "node")
    var probed: [ParityFacts] = []
    for isReference in [false, true] {
      let directory = try TemporaryDirectory()
      try directory.write("app/main.py", "")
      try change.make(directory, isReference)
      let environment = change.environment(directory, isReference).mapValues { Array($0.utf8) }
      probed.append(
        try await ProbedShell.dash.facts(
          in: directory("app"), environment: environment, path: "\(python):/usr/bin:/bin"))
    }
    let ignore = try ParityIgnore(patterns: ["place/directory"])
    let difference = ParityDifference(of: probed[0], from: probed[1], ignoring: ignore)
    let findings = difference.findings.map { entry in
      let text = ParityDifferenceTests.text(of: entry)
      return entry.key.group == .environment
        ? text.split(separator: " ").prefix(2).joined(separator: " ") : text
    }
    #expect(findings == change.findings)
    #expect(probed[0][.runtime, "python3"] != nil && probed[0][.runtime, "node"] != nil)
    #expect(difference.ignored.contains { $0.key.name == "clock-start" })
  }
}
