import FileSync
import Foundation

/// What changed in a build's context since an image was built from it, and where it goes in the image.
struct ChangedLayer: Sendable {
  typealias Obstacle = LayerAppender.Obstacle

  /// What a build keeps of a mode: not the bits that set the user or group id.
  private static let keptBits: UInt16 = 0o1777

  private struct Change {
    /// In the context.
    let path: TreePath
    let entry: ContextTree.Entry
    let user: Int
    let group: Int
    /// Instead of its own.
    let mode: UInt16?
  }

  private let copies: CopiedFiles
  private let tree: ImageTree
  /// By the absolute path in the image.
  private var changes: [TreePath: Change] = [:]
  /// Directories of the image that changed files lie in.
  private var around: [TreePath: ImageTree.Facts] = [:]

  var isEmpty: Bool { changes.isEmpty }
  /// How many places in the image change.
  var count: Int { changes.count }

  /// - Parameters:
  ///   - content: what the image was built from.
  ///   - tree: what the image holds.
  init(
    copies: CopiedFiles, content: ContextTree, now: ContextTree, tree: ImageTree
  ) throws(Obstacle) {
    self.copies = copies
    self.tree = tree
    for (path, entry) in content.entries.merging(now.entries, uniquingKeysWith: { $1 })
    where entry.kind == .link {
      if let line = copies.lineFollowing(path) {
        throw Obstacle(description: "line \(line) of the Dockerfile follows the link \(path)")
      }
    }
    for path in content.entries.keys.sorted() where now.entries[path] == nil {
      if try !places(of: path, content.entries[path]).isEmpty {
        throw Obstacle(description: "\(path) was removed")
      }
    }
    let changed = now.entries.filter { $0.value != content.entries[$0.key] }
    for (path, entry) in changed.sorted(by: { $0.key < $1.key }) {
      for place in try places(of: path, entry) {
        try add(path, entry, at: place, content)
      }
    }
    try checkOverlaps(now)
    try findParents()
  }

  private func places(
    of path: TreePath, _ entry: ContextTree.Entry?
  ) throws(Obstacle) -> [CopiedFiles.Place] {
    guard let entry else { return [] }
    do {
      return try copies.places(of: path, entry.kind)
    } catch {
      throw Obstacle(description: "\(error)")
    }
  }

  private mutating func add(
    _ path: TreePath, _ entry: ContextTree.Entry, at place: CopiedFiles.Place,
    _ content: ContextTree
  ) throws(Obstacle) {
    guard entry != .other else {
      throw Obstacle(description: "\(path) is neither a file nor a directory nor a link")
    }
    // The target is made, not changed, by a COPY into it.
    if place.isTarget, entry.kind == .directory { return }
    let target = try resolved(place, path)
    let wanted: Character = ["file": "f", "directory": "d", "link": "l"]["\(entry.kind)"] ?? "?"
    switch tree.lookup(target) {
    case .absent: break
    case .there(let facts) where facts.kind == wanted: break
    case .there:
      throw Obstacle(description: "\(path) takes the place of something else, \(target)")
    case .unknown:
      throw Obstacle(description: "\(path) goes to \(target), which the base image may have")
    }
    guard changes[target] == nil else {
      throw Obstacle(description: "several files are copied to \(target)")
    }
    let (user, group) = try owner(of: place.copy, content)
    changes[target] = Change(
      path: path, entry: entry, user: user, group: group, mode: copies.plain[place.copy].mode)
  }

  /// Where a file lands: the image tells whether the target is a directory.
  private func resolved(
    _ place: CopiedFiles.Place, _ path: TreePath
  ) throws(Obstacle) -> TreePath {
    guard place.isTarget else { return place.path }
    guard case .there(let facts) = tree.lookup(place.path) else {
      throw Obstacle(description: "\(path) goes to \(place.path), which the image lacks")
    }
    return facts.kind == "d" ? place.path.appending(path.name) : place.path
  }

  /// Whose the copies are: as the instruction says, or as the image shows by another file.
  private func owner(
    of copy: Int, _ content: ContextTree
  ) throws(Obstacle) -> (user: Int, group: Int) {
    let text: String
    switch copies.plain[copy].owner {
    case .numbers(let user, let group): return (user, group)
    case .named(let name): text = name
    }
    for (path, entry) in content.entries where entry.kind == .file && entry != .other {
      let places: [CopiedFiles.Place]
      do {
        places = try copies.places(of: path, entry.kind)
      } catch {
        // Another instruction uses it: it shows nothing of this one's.
        continue
      }
      for place in places where place.copy == copy {
        if case .there(let facts) = tree.lookup(try resolved(place, path)), facts.kind == "f" {
          return (facts.user, facts.group)
        }
      }
    }
    throw Obstacle(description: "no file of the image shows who “\(text)” is")
  }

  /// Where several files go to one place the last one wins, whichever changed.
  private func checkOverlaps(_ now: ContextTree) throws(Obstacle) {
    guard
      copies.plain.count > 1 || copies.plain.contains(where: { $0.sources.count > 1 })
        || copies.plain.contains(where: { $0.sources.contains { !$0.components.isEmpty } })
    else { return }
    for (path, entry) in now.entries {
      let places: [CopiedFiles.Place]
      do {
        places = try copies.places(of: path, entry.kind)
      } catch {
        // What another instruction uses, and doesn't change, isn't copied here.
        continue
      }
      for place in places where !(place.isTarget && entry.kind == .directory) {
        let target = try resolved(place, path)
        if let change = changes[target], change.path != path {
          throw Obstacle(
            description: "\(change.path) and \(path) are copied to one place, \(target)")
        }
      }
    }
  }

  /// All directories above the changed files, as they are in the image.
  private mutating func findParents() throws(Obstacle) {
    for place in changes.keys {
      for parent in place.ancestors {
        if let change = changes[parent] {
          guard change.entry.kind == .directory else {
            throw Obstacle(description: "\(place) lies below a file")
          }
          continue
        }
        guard case .there(let facts) = tree.lookup(parent), facts.kind == "d" else {
          throw Obstacle(description: "\(parent) is no directory in the image")
        }
        around[parent] = facts
      }
    }
  }

  /// The layer that has them.
  ///
  /// - Parameters:
  ///   - context: the directory they are read from.
  ///   - limit: bytes, above which it isn't made.
  func layer(context: String, limit: Int64) throws -> LayerTar {
    var size: Int64 = 0
    for change in changes.values {
      if case .file(let facts) = change.entry { size += facts.size }
    }
    guard size <= limit else { throw Obstacle(description: "\(size >> 20) MB changed") }
    var tar = LayerTar()
    for place in Set(changes.keys).union(around.keys).sorted() {
      let name = Array(place.bytes.drop { $0 == TreePath.slash })
      if let facts = around[place] {
        tar.add(name, .directory, mode: facts.mode, user: facts.user, group: facts.group)
        continue
      }
      guard let change = changes[place] else { continue }
      let (user, group) = (change.user, change.group)
      switch change.entry {
      case .directory(let mode):
        tar.add(
          name, .directory, mode: change.mode ?? mode & Self.keptBits, user: user, group: group)
      case .link(let target):
        tar.add(name, .link(target: target.bytes), mode: 0o777, user: user, group: group)
      case .file(let facts):
        tar.add(
          name, .file(try read(change.path, facts, in: context)),
          mode: change.mode ?? facts.mode & Self.keptBits, user: user, group: group,
          modifiedAt: facts.modifiedAt / 1_000_000_000)
      case .other: continue
      }
    }
    tar.finish()
    return tar
  }

  private func read(
    _ path: TreePath, _ facts: FileFacts, in context: String
  ) throws -> [UInt8] {
    let handle = open(TreePath(context).appending(path).cString, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard handle >= 0 else {
      throw Obstacle(description: "\(path) can't be read: \(String(cString: strerror(errno)))")
    }
    let file = FileHandle(fileDescriptor: handle, closeOnDealloc: true)
    let data = try file.readToEnd() ?? Data()
    guard Int64(data.count) == facts.size else {
      throw Obstacle(description: "\(path) changes while it is read")
    }
    return Array(data)
  }
}
