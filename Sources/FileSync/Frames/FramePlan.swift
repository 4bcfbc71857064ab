/// Turns a batch into frames. A single file is opened here, those of a tree when they are written.
struct FramePlan {
  /// A frame to send, and which host path each of its targets stands for.
  struct Step {
    let body: Frame.Body
    var sources: [TreePath: TreePath]
    var deletesSomething = false
  }

  /// Targets that were acknowledged and aren't sent again. What becomes another type is deleted and
  /// written: one doesn't stand for the other.
  struct Done {
    var deletes: Set<TreePath> = []
    var writes: Set<TreePath> = []

    /// Whether the target goes, or has gone, with a directory above it.
    func hasDeleted(above target: TreePath) -> Bool {
      !deletes.isEmpty && target.ancestors.contains { deletes.contains($0) }
    }
  }

  private struct Item {
    let target: TreePath
    let write: SyncBatch.Write
  }

  /// So much content and so many files make a tree frame: each starts about ten programs, and while one
  /// is verified the next is received.
  static let treeBytes: Int64 = 16 << 20
  static let treeFiles = 2048
  /// A larger file travels alone, and so does one whose name programs print in different ways.
  static let largestInTree: Int64 = 4 << 20
  /// So few things are asked for one by one: each costs fewer programs than a tree does.
  static let fewest = 3

  private let root: TreePath
  /// One thing a frame, so that each is answered for itself.
  let singly: Bool
  private var deletes: [(target: TreePath, path: TreePath)]
  private var items: ArraySlice<Item>
  /// Host paths that can't be sent now: nil if they vanished, else why not.
  private(set) var unsent: [TreePath: TreeFailure?] = [:]

  /// - Parameters:
  ///   - root: the host's directory, absolute.
  ///   - singly: one thing a frame, so that each is answered for itself.
  init(
    _ batch: SyncBatch, mapping: SyncMapping, root: TreePath, done: Done = Done(), singly: Bool
  ) {
    self.root = root
    var deletes: [(target: TreePath, path: TreePath)] = []
    var deleted = done
    for path in batch.deletes {
      for target in mapping.targets(of: path)
      where !batch.kept.contains(target) && !deleted.hasDeleted(above: target) {
        if deleted.deletes.insert(target).inserted { deletes.append((target, path)) }
      }
    }
    let items = batch.writes.flatMap { write in
      mapping.targets(of: write.path).filter { !done.writes.contains($0) }
        .map { Item(target: $0, write: write) }
    }
    self.deletes = deletes
    self.items = items[...]
    self.singly = singly || deletes.count + items.count <= Self.fewest
  }

  /// The next frame; nil at the end.
  mutating func next() -> Step? {
    if !deletes.isEmpty {
      let now = singly ? [deletes.removeFirst()] : deletes
      if !singly { deletes = [] }
      let targets = now.map(\.target)
      let body: Frame.Body =
        singly
        ? .delete(targets[0]) : .tree(deletes: targets, directories: [], [])
      return Step(
        body: body,
        sources: Dictionary(
          now.map { ($0.target, $0.path) }, uniquingKeysWith: { first, _ in first }),
        deletesSomething: true)
    }
    return singly ? nextSingle() : nextTree()
  }

  private mutating func nextSingle() -> Step? {
    while let item = items.popFirst() {
      guard let body = single(item) else { continue }
      return Step(body: body, sources: [item.target: item.write.path])
    }
    return nil
  }

  private mutating func single(_ item: Item) -> Frame.Body? {
    switch item.write.entry {
    case .directory: return .directory(item.target)
    case .link(let target): return .link(item.target, target: target)
    case .file:
      return open(item.write).map { file in
        .file(item.target, file, hasMode: item.write.heldMode == file.facts.mode)
      }
    }
  }

  private mutating func nextTree() -> Step? {
    var directories: [TreePath] = []
    var members: [TreeMember] = []
    var sources: [TreePath: TreePath] = [:]
    var bytes: Int64 = 0
    while let item = items.first, members.count < Self.treeFiles, bytes < Self.treeBytes {
      switch item.write.entry {
      case .directory: directories.append(item.target)
      case .link(let target):
        members.append(TreeMember(target: item.target, content: .link(target: target)))
      case .file(let facts):
        if facts.size > Self.largestInTree || !DigestLines.isPlain(item.target) {
          // It comes next, alone.
          if !sources.isEmpty { return tree(directories, members, sources) }
          items.removeFirst()
          guard let body = single(item) else { continue }
          return Step(body: body, sources: [item.target: item.write.path])
        }
        members.append(
          TreeMember(target: item.target, content: .file(root.appending(item.write.path))))
        bytes += facts.size
      }
      items.removeFirst()
      sources[item.target] = item.write.path
    }
    return sources.isEmpty ? nil : tree(directories, members, sources)
  }

  private func tree(
    _ directories: [TreePath], _ members: [TreeMember], _ sources: [TreePath: TreePath]
  ) -> Step {
    Step(body: .tree(deletes: [], directories: directories, members), sources: sources)
  }

  private mutating func open(_ write: SyncBatch.Write) -> OpenFile? {
    do {
      if let file = try OpenFile(root.appending(write.path)) { return file }
      unsent[write.path] = .some(nil)
    } catch {
      unsent[write.path] = error
    }
    return nil
  }
}
