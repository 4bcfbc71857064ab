import Foundation

/// The interpreter that integration tests write their little programs for.
package enum Python {
  package struct Missing: Error, CustomStringConvertible {
    package let description =
      "there is no python3 on the PATH; scripts/setup installs it, and these tests need it"
  }

  /// The interpreter itself: a version manager's stand-in of the same name takes long to start.
  package static func path() throws -> String { try found.get() }

  private static let found = Result { () throws -> String in
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import sys; print(sys.executable)"]
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let path = String(decoding: bytes, as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    guard process.terminationStatus == 0, !path.isEmpty else { throw Missing() }
    return path
  }
}
