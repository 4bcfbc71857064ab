package import Foundation

/// What a build context leaves out.
///
/// Source: docs.docker.com/build/concepts/context, "Dockerignore files", and moby/patternmatcher: the
/// last pattern that matches a path or a directory above it decides, `!` takes back in.
package struct DockerIgnore: Sendable, Hashable {
  package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
    case pattern(file: String, line: Int, GlobPattern.Fault)
    case unreadable(file: String, reason: String)

    package var description: String {
      switch self {
      case .pattern(let file, let line, let fault): "\(file):\(line): \(fault)"
      case .unreadable(let file, let reason): "\(file) can't be read: \(reason)"
      }
    }
  }

  private struct Line: Sendable, Hashable {
    let pattern: GlobPattern
    let takesBack: Bool
  }

  private let lines: [Line]

  /// - Parameter file: the name for faults.
  package init(parsing text: String, file: String = ".dockerignore") throws(Fault) {
    var lines: [Line] = []
    let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    for (index, line) in text.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() where !line.hasPrefix("#") {
      var pattern = line.trimmingCharacters(in: .whitespaces)
      let takesBack = pattern.hasPrefix("!")
      if takesBack {
        pattern = pattern.dropFirst().trimmingCharacters(in: .whitespaces)
      }
      guard takesBack || !pattern.isEmpty else { continue }
      // `.` and `/` are the context itself, which can't be left out.
      guard takesBack || pattern.contains(where: { $0 != "." && $0 != "/" }) else { continue }
      do {
        lines.append(Line(pattern: try GlobPattern(pattern), takesBack: takesBack))
      } catch {
        throw .pattern(file: file, line: index + 1, error)
      }
    }
    self.lines = lines
  }

  /// Leaves out nothing.
  package init() {
    lines = []
  }

  /// The file that counts for a Dockerfile: `NAME.dockerignore` beside it, else `.dockerignore` in the
  /// context's root. None at all leaves out nothing.
  ///
  /// - Parameters:
  ///   - context: the directory of the build context.
  ///   - dockerfile: relative to the context.
  package init(context: URL, dockerfile: String = "Dockerfile") throws(Fault) {
    for name in [dockerfile + ".dockerignore", ".dockerignore"] {
      let data: Data
      do {
        data = try Data(contentsOf: context.appendingPathComponent(name))
      } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
        continue
      } catch {
        throw .unreadable(file: name, reason: error.localizedDescription)
      }
      try self.init(parsing: String(decoding: data, as: UTF8.self), file: name)
      return
    }
    self.init()
  }

  /// Whether the build context lacks the directory and everything below it.
  package func excludesAll(below directory: TreePath) -> Bool {
    excludes(directory)
      && !lines.contains { $0.takesBack && $0.pattern.canMatch(below: directory) }
  }

  /// Whether the build context lacks the path.
  package func excludes(_ path: TreePath) -> Bool {
    let directories = Array(path.ancestors)
    var isExcluded = false
    for line in lines where line.takesBack == isExcluded {
      if line.pattern.matches(path) || directories.contains(where: { line.pattern.matches($0) }) {
        isExcluded = !line.takesBack
      }
    }
    return isExcluded
  }
}
