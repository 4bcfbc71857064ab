import Workflows

/// How the files of one set-up differ from another's.
struct ContentsDifference: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    /// The path, or a setting's name.
    var name: String
    var how: String
  }

  /// What differs between the images' settings, by name.
  var settings: [Entry] = []
  /// What differs between the files, by path; derived ones last.
  var files: [Entry] = []
  /// Files of either, each path once.
  var compared = 0
  /// Of the files that differ, those that a tool makes from others and stamps with a time.
  var derived = 0

  var equal: Int { compared - files.count }

  init(of first: SetUpContents, and second: SetUpContents) {
    for name in Set(first.settings.keys).union(second.settings.keys).sorted() {
      guard let how = Self.how(name, first.settings[name], second.settings[name]) else { continue }
      settings.append(Entry(name: name, how: how))
    }
    let paths = Set(first.files.keys).union(second.files.keys)
    compared = paths.count
    var ordinary: [Entry] = []
    var stamped: [Entry] = []
    for path in paths.sorted() {
      guard let how = Self.how(first.files[path], second.files[path]) else { continue }
      if Self.isDerived(path) {
        stamped.append(Entry(name: path, how: how))
      } else {
        ordinary.append(Entry(name: path, how: how))
      }
    }
    files = ordinary + stamped
    derived = stamped.count
  }

  /// Python's compiled modules hold the time of change of their source (PEP 552, “timestamp-based pycs”).
  private static func isDerived(_ path: String) -> Bool { path.hasSuffix(".pyc") }

  /// Nil if they are the same. Values of variables may be secrets.
  private static func how(_ name: String, _ first: String?, _ second: String?) -> String? {
    switch (first, second) {
    case (let first?, let second?) where first != second:
      name.hasPrefix("Env ") ? "another value" : "\(first), then \(second)"
    case (.some, nil): "only the first time"
    case (nil, .some): "only the second time"
    default: nil
    }
  }

  private static func how(
    _ first: SetUpContents.Entry?, _ second: SetUpContents.Entry?
  ) -> String? {
    guard let first else { return second == nil ? nil : "only the second time" }
    guard let second else { return "only the first time" }
    guard first.kind == second.kind else { return "\(first.kind), then \(second.kind)" }
    var differences: [String] = []
    if first.size != second.size {
      differences.append("\(first.size) B, then \(second.size) B")
    } else if first.digest != second.digest {
      differences.append("another content")
    }
    if first.mode != second.mode {
      differences.append(
        "mode \(String(first.mode, radix: 8)), then \(String(second.mode, radix: 8))")
    }
    if first.owner != second.owner {
      differences.append("owner \(first.owner), then \(second.owner)")
    }
    if first.link != second.link {
      differences.append("leads to \(first.link), then to \(second.link)")
    }
    return differences.isEmpty ? nil : differences.joined(separator: "; ")
  }
}
