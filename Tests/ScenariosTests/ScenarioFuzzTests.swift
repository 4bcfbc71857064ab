import Foundation
import Testing

@testable import Scenarios

struct ScenarioFuzzTests {
  /// SplitMix64, so that a seed in a failure repeats it.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
  }

  private static let snippets = [
    "{", "}", "[", "]", ":", ": ", "- ", "? ", "&a ", "*a", "<<: ", "!!int ", "|\n", ">\n", "\"",
    "'",
    "#", "\n", "\r\n", "\t", "  ", "{{port}}", "{{token}}", "..", "/", "---\n", "...\n",
    "%YAML 1.1\n",
    "name: ", "0", "-1", "1e9", "5ms", "null", "true", "\u{0}", "\u{FEFF}", "\u{85}", "\u{2028}",
    "é",
    "🇩🇪", "\\", "\\x41", "\u{F0000}", "\u{1b}[31m", "@", "`", ",", "changes: ", "delete: app.py\n",
    "*", "**", "[a", "[^", "then: restart\n", "then: { run: [", "sync-", "from: ", "strip: ", "../",
  ]

  private static func mutate(_ text: String, with generator: inout Generator) -> String {
    var scalars = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let index = Int.random(in: 0...scalars.count, using: &generator)
      let end = min(scalars.count, index + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0:
        scalars.removeSubrange(index..<end)
      case 1:
        scalars.insert(
          contentsOf: scalars[index..<end], at: Int.random(in: 0...scalars.count, using: &generator)
        )
      case 2:
        let start = Int.random(in: 0...scalars.count, using: &generator)
        let lines = scalars[start...].split(separator: "\n", maxSplits: 2)
        if let line = lines.first { scalars.insert(contentsOf: line + ["\n"], at: index) }
      default:
        if let snippet = snippets.randomElement(using: &generator) {
          scalars.insert(contentsOf: snippet.unicodeScalars, at: index)
        }
      }
    }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// Lines as YAML counts them.
  private static func lineCount(_ text: String) -> Int {
    var count = 1
    var previous: Unicode.Scalar = " "
    for scalar in text.unicodeScalars {
      let isEnd = [0x0A, 0x0D, 0x85, 0x2028, 0x2029].contains(scalar.value)
      if isEnd, !(scalar == "\n" && previous == "\r") { count += 1 }
      previous = scalar
    }
    return count
  }

  @Test(.timeLimit(.minutes(2)))
  func noTextCrashesAndEveryFaultLiesWithinTheFile() throws {
    let workspace = try Workspace()
    let shipped = ShippedScenarioTests.directory
    let texts = try [
      Workspace.scenario,
      Workspace.cluster,
      String(contentsOfFile: shipped + "/flask-hello.yaml", encoding: .utf8),
    ]
    let first = UInt64.random(in: 0 ... .max)
    for round in 0..<600 {
      let seed = first &+ UInt64(round)
      var generator = Generator(state: seed)
      let text = Self.mutate(texts[round % texts.count], with: &generator)
      let lines = Self.lineCount(text)
      do {
        _ = try workspace.load(text)
      } catch {
        #expect(!error.faults.isEmpty, "seed \(seed)")
        for fault in error.faults {
          #expect(
            (1...lines).contains(fault.line) && fault.column >= 1, "seed \(seed): \(fault)")
          #expect(
            !fault.message.unicodeScalars.contains { $0.properties.generalCategory == .control },
            "seed \(seed): \(fault)")
        }
        #expect(
          error.faults == error.faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) },
          "seed \(seed)")
      }
    }
  }
}
