import Crypto
import Foundation
import Parity
import Processes
import TestSupport
import Testing

/// The probe, really run by one of this machine's shells.
enum ProbedShell: String, CaseIterable, CustomTestStringConvertible {
  case dash, bash, busybox

  struct Missing: Error, CustomStringConvertible {
    let name: String
    var description: String { "\(name) is missing; scripts/setup installs it" }
  }

  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  var testDescription: String { rawValue }

  var command: [String] {
    get throws {
      let path = try Self.path(of: rawValue)
      return self == .busybox ? [path, "sh"] : [path]
    }
  }

  /// Far above what a tool takes: a busy machine isn't what is tested.
  static let seconds = 60
  static let salt = "pepper"

  static func path(of program: String) throws -> String {
    for place in ["/usr/bin", "/bin", "/usr/local/bin"] {
      let path = "\(place)/\(program)"
      if FileManager.default.isExecutableFile(atPath: path) { return path }
    }
    throw Missing(name: program)
  }

  /// Runs the probe with exactly this environment.
  ///
  /// The environment is set by a script of its own, so that values can be any bytes without a zero.
  func output(
    in directory: String, environment: [String: [UInt8]] = [:],
    salt: String = ProbedShell.salt, path: String = "/usr/bin:/bin",
    seconds: Int = ProbedShell.seconds, program: String? = nil
  ) async throws -> [UInt8] {
    let scratch = try TemporaryDirectory()
    var start = Array("export PATH='\(path)'\n".utf8)
    for (name, value) in environment {
      let quoted = value.flatMap { $0 == UInt8(ascii: "'") ? Array("'\\''".utf8) : [$0] }
      start += Array("\(name)='".utf8) + quoted + Array("'; export \(name)\n".utf8)
    }
    start += Array("exec \"$@\"\n".utf8)
    try Data(start).write(to: URL(fileURLWithPath: scratch("start")))
    var invocation = Invocation(
      command: try ["/usr/bin/env", "-i"] + Self.bash.command + [scratch("start")] + command
        + ParityProbe.arguments(salt: salt, seconds: seconds, program: program))
    invocation.directory = directory
    invocation.input = Array(ParityProbe.script.utf8)
    let result = try await invocation.run(limit: .seconds(120))
    // bash says so of a language that there isn't, before it reads anything.
    let errors = result.errorTail.filter { !$0.contains("setlocale") }
    guard result.exit == .exited(0), errors.isEmpty else {
      throw Failed(description: "\(result.exit): \(errors.joined(separator: "\n"))")
    }
    return result.output
  }

  func facts(
    in directory: String, environment: [String: [UInt8]] = [:],
    salt: String = ProbedShell.salt, path: String = "/usr/bin:/bin",
    seconds: Int = ProbedShell.seconds, program: String? = nil
  ) async throws -> ParityFacts {
    try ParityFacts(
      parsing: await output(
        in: directory, environment: environment, salt: salt, path: path, seconds: seconds,
        program: program))
  }

  /// What the probe has to tell of a value, from another implementation of SHA-256.
  static func hash(_ name: String, _ value: [UInt8], salt: String = ProbedShell.salt) -> String {
    let digest = SHA256.hash(data: Array("\(salt)\n\(name)=".utf8) + value)
    return "sha256:"
      + digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
