import Foundation

/// A directory of scenario files, `scenarios/` by name.
package struct ScenarioLibrary: Sendable, Hashable {
  /// Why a reference leads to no scenario file. The description is a sentence with a way out.
  package struct NotFound: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
  }

  /// A scenario file of a library.
  package struct Entry: Sendable, Hashable {
    /// The file's name without `.yaml`; what `devbench run` takes.
    package var name: String
    /// As it is best shown: relative if the library lies in the directory that was searched first.
    package var path: String
  }

  package static let directoryName = "scenarios"
  private static let extensions = [".yaml", ".yml"]

  /// By name. A name with both endings counts once, as `.yaml`.
  package var entries: [Entry]
  /// The library's directory as it is best shown.
  package var directory: String

  /// The library of a directory or of its nearest parent that has one; nil if none has.
  ///
  /// `directory` is absolute, the current one by default.
  package static func nearest(to directory: String? = nil) throws(NotFound) -> ScenarioLibrary? {
    let start = FileSystem.absolute(directory ?? FileSystem.currentDirectory, from: "/")
    var parent = start
    while true {
      let candidate = FileSystem.absolute(directoryName, from: parent)
      if case .directory = FileSystem.kind(candidate) {
        let isHere = directory == nil && parent == start
        return try ScenarioLibrary(
          directory: candidate, shownAs: isHere ? directoryName : candidate)
      }
      if parent == "/" { return nil }
      parent = FileSystem.absolute("..", from: parent)
    }
  }

  /// The path of the scenario file that a user means.
  ///
  /// What holds a `/` or ends in `.yaml` or `.yml` is a path already and isn't looked up;
  /// everything else is a name in the nearest library.
  package static func path(
    for reference: String, from directory: String? = nil
  ) throws(NotFound) -> String {
    if reference.contains("/") || extensions.contains(where: reference.hasSuffix) {
      return reference
    }
    let name = Wording.quote(reference)
    guard let library = try nearest(to: directory) else {
      throw NotFound(
        description:
          "No scenario \(name): neither this directory nor one above it has a directory "
          + "\"\(directoryName)\". Name a file, such as ./\(safe(reference)).yaml.")
    }
    if let entry = library.entries.first(where: { $0.name == reference }) { return entry.path }
    let names = library.entries.map(\.name)
    guard !names.isEmpty else {
      throw NotFound(
        description:
          "No scenario \(name): \(library.directory) holds no .yaml file. Name a file by its path.")
    }
    let near = NearNames.nearest(to: reference, among: names)
    let question = near.map { " Did you mean \(Wording.quote($0))?" } ?? ""
    throw NotFound(
      description:
        "No scenario \(name) in \(library.directory).\(question) It has "
        + "\(names.joined(separator: ", ")). Or name a file by its path.")
  }

  private init(directory: String, shownAs shown: String) throws(NotFound) {
    let files: [String]
    do {
      files = try FileSystem.names(in: directory)
    } catch {
      throw NotFound(
        description: "The directory \(shown) can't be read: \(error.localizedDescription). "
          + "Check its permissions.")
    }
    var entries: [String: Entry] = [:]
    for ending in Self.extensions {
      for file in files where file.hasSuffix(ending) && file.count > ending.count {
        guard case .file = FileSystem.kind(directory + "/" + file) else { continue }
        let name = String(file.dropLast(ending.count))
        if entries[name] == nil { entries[name] = Entry(name: name, path: shown + "/" + file) }
      }
    }
    self.entries = entries.values.sorted { $0.name < $1.name }
    self.directory = shown
  }

  private static func safe(_ reference: String) -> String {
    reference.wholeMatch(of: /[A-Za-z0-9._-]+/) != nil ? reference : "scenario"
  }
}
