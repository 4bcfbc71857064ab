import Foundation
import Processes

/// The bench's directory as a git repository.
struct Repository {
  let path: String

  /// - Parameter path: of a directory that exists; what is in it isn't committed yet.
  init(at path: String) async throws {
    self.path = path
    try await git("init", "--quiet", "--initial-branch", "main")
  }

  @discardableResult
  func git(_ arguments: String...) async throws -> String {
    let identity = [
      "-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false",
      "-c", "init.templateDir=",
    ]
    return try await Command.output(
      of: ["git", "-C", path] + identity + arguments, limit: .seconds(60)
    ).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Commits everything below a directory, and gives the commit.
  func commit(_ message: String, of directory: String = ".") async throws -> String {
    try await git("add", "--all", "--", directory)
    try await git("commit", "--quiet", "--allow-empty", "--message", message)
    return try await git("rev-parse", "HEAD")
  }
}
