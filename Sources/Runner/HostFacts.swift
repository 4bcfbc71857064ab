import Foundation
import Glibc
package import Measurement
import Processes

/// What is to be known of the machine, read from the kernel's own files.
package enum HostFacts {
  /// The machine as it is now, without tools and commits.
  package static func environment() -> Environment {
    var name = utsname()
    uname(&name)
    return Environment(
      host: text(of: name.nodename),
      system: value(of: "PRETTY_NAME", in: "/etc/os-release", separator: "=") ?? "unknown",
      kernel: "\(text(of: name.sysname)) \(text(of: name.release))",
      architecture: text(of: name.machine),
      processor: value(of: "model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown",
      cores: ProcessInfo.processInfo.activeProcessorCount,
      memoryBytes: memoryBytes(),
      loadBefore: load())
  }

  /// Load averages over 1, 5 and 15 minutes: getloadavg(3).
  package static func load() -> [Double] {
    var averages = [Double](repeating: 0, count: 3)
    return getloadavg(&averages, 3) == 3 ? averages : []
  }

  /// The git commit of a directory, `-dirty` if it has changes; nil where there is no git, no
  /// repository, or no commit.
  package static func commit(of directory: String) async -> String? {
    do {
      let commit = try await Command.output(of: ["git", "-C", directory, "rev-parse", "HEAD"])
      // Without the option, status would refresh the index: a write to the user's tree.
      let changes = try await Command.output(
        of: [
          "git", "--no-optional-locks", "-C", directory, "status", "--porcelain", "--", ".",
        ])
      let name = commit.trimmingCharacters(in: .whitespacesAndNewlines)
      return changes.isEmpty ? name : "\(name)-dirty"
    } catch {
      return nil
    }
  }

  /// The branch that a directory's repository is on. A build server's checkout is often of a commit alone;
  /// its environment then says which branch that commit was taken from.
  static func branch(
    of directory: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) async -> String? {
    do {
      let name = try await Command.output(of: ["git", "-C", directory, "branch", "--show-current"])
        .trimmingCharacters(in: .whitespacesAndNewlines)
      if !name.isEmpty { return name }
      return ["GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_BRANCH"]
        .compactMap { environment[$0] }.first { !$0.isEmpty }
    } catch {
      return nil
    }
  }

  /// The first line that each command prints; a tool that can't tell is left out.
  static func versions(of tools: [String: [String]], in directory: String) async -> [Environment
    .Tool]
  {
    var found: [Environment.Tool] = []
    for (name, command) in tools.sorted(by: { $0.key < $1.key }) {
      do {
        let output = try await Command.output(of: command, in: directory)
        let line = output.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        found.append(Environment.Tool(name: name, version: String(line.prefix(200))))
      } catch {
        found.append(Environment.Tool(name: name, version: "unknown"))
      }
    }
    return found
  }

  private static func memoryBytes() -> Int64 {
    let kilobytes = value(of: "MemTotal", in: "/proc/meminfo", separator: ":")?
      .split(separator: " ").first.flatMap { Int64($0) }
    return (kilobytes ?? 0) * 1024
  }

  private static func value(of key: String, in path: String, separator: Character) -> String? {
    guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      guard let at = line.firstIndex(of: separator),
        line[..<at].trimmingCharacters(in: .whitespaces) == key
      else { continue }
      let value = line[line.index(after: at)...].trimmingCharacters(in: .whitespaces)
      return value.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
    }
    return nil
  }

  private static func text(of field: some Any) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
