import Foundation
import Glibc

/// The files of a project's directory, looked at and never written.
///
/// Symbolic links to directories aren't followed, so that none leads in a circle or out; what tools
/// install or build isn't looked into.
struct ProjectTree {
  /// Larger files are no sources that people write.
  private static let largestFile = 1 << 20
  private static let mostFiles = 5000
  private static let mostDirectories = 10_000
  private static let deepest = 8
  private static let skipped: Set<String> = [
    "node_modules", "bower_components", "__pycache__", "venv", "env", "vendor", "target", "dist",
    "build", "site-packages", "coverage",
  ]

  /// Absolute, without symbolic links.
  let directory: String
  /// Relative to the directory, sorted; those near the top come first.
  let files: [String]
  /// Directories that can't be read, and whether there are more files than were looked at.
  let notes: [ImportNote]

  /// - Throws: `ImportFailure`: the directory can't be read.
  init(_ path: String) throws(ImportFailure) {
    guard let resolved = realpath(path, nil) else {
      throw .directory(path, reason: String(cString: strerror(errno)))
    }
    defer { free(resolved) }
    directory = String(cString: resolved)
    var files: [String] = []
    var notes: [ImportNote] = []
    var pending: [(path: String, depth: Int)] = [("", 0)]
    var next = 0
    while next < pending.count, files.count < Self.mostFiles {
      let (parent, depth) = pending[next]
      next += 1
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(
          atPath: parent.isEmpty ? directory : directory + "/" + parent
        ).sorted()
      } catch {
        if parent.isEmpty { throw .directory(path, reason: Self.reason(of: directory)) }
        notes.append(ImportNote("the directory can't be read, so it wasn't looked at", in: parent))
        continue
      }
      for name in names where files.count < Self.mostFiles {
        let inner = parent.isEmpty ? name : parent + "/" + name
        switch Self.kind(directory + "/" + inner) {
        case S_IFDIR:
          guard depth < Self.deepest, pending.count < Self.mostDirectories, !name.hasPrefix("."),
            !Self.skipped.contains(name)
          else {
            continue
          }
          pending.append((inner, depth + 1))
        case S_IFREG: files.append(inner)
        case S_IFLNK:
          // A link to a file of the project is as good as the file.
          if Self.isFile(inner, in: directory) { files.append(inner) }
        default: break
        }
      }
    }
    if files.count == Self.mostFiles {
      notes.append(ImportNote("only the first \(Self.mostFiles) files were looked at"))
    }
    if pending.count == Self.mostDirectories {
      notes.append(ImportNote("only the first \(Self.mostDirectories) directories were looked at"))
    }
    self.files = files
    self.notes = notes
  }

  func hasFile(_ path: String) -> Bool { Self.isFile(path, in: directory) }

  func hasDirectory(_ path: String) -> Bool {
    inner(path).map { Self.kind($0) == S_IFDIR } ?? false
  }

  /// The text of a file; nil if there is none, it leads out of the project, isn't UTF-8 or too large.
  func text(_ path: String) -> String? {
    guard hasFile(path), let whole = inner(path),
      let size = try? FileManager.default.attributesOfItem(atPath: whole)[.size] as? Int,
      size <= Self.largestFile, let data = FileManager.default.contents(atPath: whole)
    else { return nil }
    return String(validating: data, as: UTF8.self)
  }

  private func inner(_ path: String) -> String? { Self.inner(path, in: directory) }

  private static func isFile(_ path: String, in directory: String) -> Bool {
    inner(path, in: directory).map { kind($0) == S_IFREG } ?? false
  }

  /// The absolute path without symbolic links; nil if there is nothing, or it lies outside.
  private static func inner(_ path: String, in directory: String) -> String? {
    guard !path.split(separator: "/").contains(".."), !path.hasPrefix("/"),
      let resolved = realpath(directory + "/" + path, nil)
    else { return nil }
    defer { free(resolved) }
    let text = String(cString: resolved)
    let root = directory == "/" ? "/" : directory + "/"
    return text == directory || text.hasPrefix(root) ? text : nil
  }

  /// The type bits of the mode; links aren't followed.
  private static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// Why a directory can't be listed; Foundation's error doesn't say it in one short phrase.
  private static func reason(of directory: String) -> String {
    guard let stream = opendir(directory) else { return String(cString: strerror(errno)) }
    closedir(stream)
    return "it can't be listed"
  }
}
