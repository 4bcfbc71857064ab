import Foundation
import Parity
import Processes
import TestSupport
import Testing

@Suite struct ParityProbeTests {
  static let hostileNames = [
    "a\nb", "-rf", "*", "$(touch x)", "`touch x`", "; exit 1", "\t", "'", "\"", "\\", "é", "[A-Z]",
    "~", "node_modules",
  ]

  @Test(
    "every shell tells of every group, in a directory of hostile names",
    arguments: ProbedShell.allCases)
  func groups(shell: ProbedShell) async throws {
    let directory = try TemporaryDirectory()
    for name in Self.hostileNames { try directory.write("x\n'$(exit 1)/\(name)", "") }
    let place = directory("x\n'$(exit 1)")
    let facts = try await shell.facts(in: place, environment: ["LANG": Array("C.UTF-8".utf8)])
    #expect(facts.unreadableLines == 0 && facts.otherLines == 0)
    let told = Set(facts.facts.map(\.group)).union(facts.unknown.map(\.key.group))
    #expect(Set(FactGroup.allCases).subtracting(told).subtracting([.packages]).isEmpty)
    #expect(facts[.place, "directory"] == FactText.escaped(place.utf8))
    #expect(facts[.place, "case"] == "sensitive")
    #expect(facts[.place, "writable"] == "yes")
    #expect(facts[.user, "uid"] == "\(getuid())")
    #expect(facts[.locale, "LANG"] == "C.UTF-8")
    #expect(facts[.system, "kernel"] == "Linux")
    #expect(facts[.environment, "LANG"] == ProbedShell.hash("LANG", Array("C.UTF-8".utf8)))
    // Nothing was written and nothing that is a name was run.
    let after = try FileManager.default.contentsOfDirectory(atPath: place)
    #expect(Set(after) == Set(Self.hostileNames))
  }

  @Test("shells agree on what one of them tells")
  func agreement() async throws {
    let directory = try TemporaryDirectory()
    try directory.write("Readme", "")
    let environment = ["A": Array("ä\n\tb ".utf8), "TZ": Array("Europe/Paris".utf8)]
    let dash = try await ProbedShell.dash.facts(in: directory.path, environment: environment)
    for other in [ProbedShell.bash, .busybox] {
      let facts = try await other.facts(in: directory.path, environment: environment)
      let difference = ParityDifference(of: facts, from: dash)
      let findings = difference.findings.filter {
        // busybox's own programs stand before those on the PATH.
        other != .busybox || ![.place, .limits, .locale, .system].contains($0.key.group)
      }
      #expect(findings.map(ParityDifferenceTests.text) == [], "\(other)")
      #expect(difference.summary.same > 60)
    }
  }

  @Test(
    "a value's hash is that of salt, name and value, whatever its bytes",
    arguments: ProbedShell.allCases)
  func hashes(shell: ProbedShell) async throws {
    let directory = try TemporaryDirectory()
    let values: [String: [UInt8]] = [
      "EMPTY": [], "PLAIN": Array("value".utf8), "SPACES": Array("  a  b  ".utf8),
      "LINES": Array("a\n\nexport HOME=x\n\n".utf8), "TABS": Array("\ta\\tb\\".utf8),
      "ESCAPES": [0x1B, 0x5B, 0x31, 0x6D, 7, 0x7F],
      "INVALID": [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80],
      "SHELL_OWN": Array(0x80...0x9F), "QUOTES": Array("'\"`$(exit 1)`*?[a]~".utf8),
      "EQUALS": Array("=a=b".utf8), "IFS": Array("x".utf8),
      "LONG": [UInt8](repeating: 65, count: 50_000),
      "LC_ALL": Array("C".utf8), "d_v": Array("own".utf8),
    ]
    let facts = try await shell.facts(in: directory.path, environment: values)
    for (name, value) in values {
      #expect(facts[.environment, name] == ProbedShell.hash(name, value), "\(name)")
    }
    #expect(facts.unreadableLines == 0)
    let other = try await shell.facts(in: directory.path, environment: values, salt: "salt")
    #expect(
      other[.environment, "PLAIN"] == ProbedShell.hash("PLAIN", values["PLAIN"] ?? [], salt: "salt")
    )
  }

  @Test("no value of the environment is told in clear", arguments: ProbedShell.allCases)
  func secrecy(shell: ProbedShell) async throws {
    let directory = try TemporaryDirectory()
    let names = [
      "TOKEN", "LANG", "LC_ALL", "LC_TIME", "LANGUAGE", "TZ", "JAVA_TOOL_OPTIONS", "NODE_OPTIONS",
      "PERL5OPT", "PYTHONWARNINGS", "HOME", "USER", "HOSTNAME", "PS1", "PS4", "ENV",
    ]
    for seed in 0..<3 as Range<UInt64> {
      var random = RandomNumbers(seed: seed)
      var secrets: [String: (value: [UInt8], part: [UInt8])] = [:]
      for name in names {
        // A lone byte would be anywhere: what is looked for is a part that is told by nothing else.
        let part = (0..<12).map { _ in UInt8(ascii: "a") + UInt8(random.below(26)) }
        let around = (0..<random.below(8)).map { _ in UInt8(1 + random.below(255)) }
        let mark = random.chance(50) ? Array("!".utf8) : []
        secrets[name] = (around + mark + part + around, part)
      }
      // The few that are told where they look like what they are.
      for name in ["LANG", "LC_ALL", "LC_TIME", "LANGUAGE", "TZ"] {
        secrets[name]?.value.insert(UInt8(ascii: "!"), at: 0)
      }
      for path in ["/usr/bin:/bin", directory.path] {
        let output = try await shell.output(
          in: directory.path, environment: secrets.mapValues(\.value), path: path)
        for (name, secret) in secrets {
          #expect(!output.contains(secret.part), "seed \(seed), \(name), \(path)")
        }
        #expect(try ParityFacts(parsing: output).unreadableLines == 0)
      }
    }
  }

  @Test("without any program on the PATH there are facts still", arguments: ProbedShell.allCases)
  func noPrograms(shell: ProbedShell) async throws {
    let directory = try TemporaryDirectory()
    try directory.write("Makefile", "")
    let facts = try await shell.facts(
      in: directory.path, environment: ["A_1": Array("x\nexport d_q=1\nexport NO=1".utf8)],
      path: directory.path)
    #expect(facts[.user, "uid"] == "\(getuid())")
    #expect(facts[.place, "case"] == "sensitive")
    #expect(facts[.system, "kernel"] == "Linux")
    #expect(facts[.limits, "open-files"] != nil)
    #expect(facts.facts.allSatisfy { $0.group != .runtime && $0.group != .packages })
    let names = facts.keys(of: .environment).map(\.name)
    #expect(names.contains("A_1") && !names.contains("NO"))
    if shell != .busybox {
      let reasons = facts.unknown.filter { $0.key.group == .environment }.map(\.reason)
      #expect(Set(reasons) == ["there is no tr"])
    }
  }

  @Test("without a salt, or without a program for it, no hash is made")
  func unsalted() async throws {
    let directory = try TemporaryDirectory()
    let unsalted = try await ProbedShell.dash.facts(in: directory.path, salt: "")
    let tr = try ProbedShell.path(of: "tr")
    try FileManager.default.createSymbolicLink(
      atPath: directory("tr"), withDestinationPath: tr)
    let unhashed = try await ProbedShell.dash.facts(in: directory.path, path: directory.path)
    for (facts, reason) in [(unsalted, "no salt was given"), (unhashed, "there is no sha256sum")] {
      #expect(facts.facts.allSatisfy { $0.group != .environment })
      #expect(facts.unknown.first { $0.key.name == "PATH" }?.reason == reason)
    }
  }

  @Test(
    "a tool that doesn't end is ended, with what it started, and the rest is told",
    arguments: ProbedShell.allCases, [true, false])
  func hanging(shell: ProbedShell, hasTimeout: Bool) async throws {
    let directory = try TemporaryDirectory()
    let bin = directory("bin")
    for tool in ["node", "python3"] {
      try directory.write("bin/\(tool)", "#!/bin/sh\nsleep 100000 & wait\n")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: "\(bin)/\(tool)")
    }
    for tool in ["date", "setsid", "sleep"] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(bin)/\(tool)", withDestinationPath: try ProbedShell.path(of: tool))
    }
    let facts = try await shell.facts(
      in: directory.path, path: hasTimeout ? "\(bin):/usr/bin:/bin" : bin, seconds: 1)
    for tool in ["python3", "node"] {
      let key = Fact.Key(group: .runtime, name: tool)
      #expect(facts.unknown.first { $0.key == key }?.reason == "it didn't answer")
    }
    let all = facts.unknown.filter { $0.isPrefix && $0.key.group == .packages }
    #expect(all.map(\.key.name) == ["node/", "python/"])
    #expect(facts[.time, "clock-end"] != nil)
  }

  @Test(
    "an app's own interpreter, on no PATH, is the one that is told of",
    arguments: ["DIR/venv/bin/python", "venv/bin/python", "DIR/a:b/bin/python", "python3"],
    ProbedShell.allCases)
  func ownInterpreter(program: String, shell: ProbedShell) async throws {
    let directory = try TemporaryDirectory()
    for place in ["venv", "a:b"] {
      try FileManager.default.createDirectory(
        atPath: directory("\(place)/bin"), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: directory("\(place)/bin/python3"), withDestinationPath: "/usr/bin/python3")
    }
    let facts = try await shell.facts(
      in: directory.path, program: program.replacing("DIR", with: directory.path))
    // A PATH can't name a directory with a colon.
    let isFound = program.contains("venv")
    #expect(
      facts[.runtime, "python3-path"]
        == (isFound ? directory("venv/bin/python3") : "/usr/bin/python3"))
    // What the app itself finds is told as it is.
    #expect(
      facts[.environment, "PATH"] == ProbedShell.hash("PATH", Array("/usr/bin:/bin".utf8)))
  }

  @Test("a cut output is never taken for a whole one")
  func cut() async throws {
    let directory = try TemporaryDirectory()
    let output = try await ProbedShell.dash.output(in: directory.path, path: directory.path)
    for length in stride(from: 0, to: output.count - 2, by: 7) {
      #expect(throws: ParityFailure.self) { try ParityFacts(parsing: Array(output.prefix(length))) }
    }
  }
}
