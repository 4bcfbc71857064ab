/// Compares dirty paths of the host with what a container holds.
struct BatchBuilder {
  private let landed: [TreePath: TreeEntry]
  /// What may lie where, beside what landed.
  private let doubtful: [TreePath: Set<TreeEntry.Kind>]
  /// Sorted, to find what lies below a directory without looking at all. Most saves don't ask.
  private lazy var known = Set(landed.keys).union(doubtful.keys).sorted()
  private var deletes: Set<TreePath> = []
  private var writes: [TreePath: TreeEntry] = [:]
  private var problems: [TreeFailure] = []
  private var kept: Set<TreePath> = []

  init(landed: [TreePath: TreeEntry], doubtful: [TreePath: Set<TreeEntry.Kind>]) {
    self.landed = landed
    self.doubtful = doubtful
  }

  /// Adds what differs at a path and below it.
  ///
  /// - Returns: whether the host could be looked at.
  mutating func add(_ path: TreePath, of host: some HostTree) -> Bool {
    do throws(TreeFailure) {
      // A directory above may be new, or have been a file or a link when it was last sent.
      for above in path.ancestors where writes[above] == nil {
        if !kinds(at: above).subtracting([.directory]).isEmpty {
          try addTree(above, of: host)
        } else if landed[above] == nil, let entry = try host.entry(at: above) {
          writes[above] = entry
        }
      }
      try addTree(path, of: host)
      return true
    } catch {
      problems.append(error)
      return false
    }
  }

  private mutating func addTree(_ path: TreePath, of host: some HostTree) throws(TreeFailure) {
    let entry = try host.entry(at: path)
    add(path, entry: entry)
    guard entry == .directory else { return }
    let known = below(path)
    addDifferences(of: host, below: path, known: known)
  }

  /// Adds whatever differs anywhere.
  ///
  /// - Returns: whether the host could be looked at.
  mutating func addAll(of host: some HostTree) -> Bool {
    let known = known[...]
    addDifferences(of: host, below: TreePath(""), known: known)
    return !problems.contains { $0.path.isEmpty }
  }

  private mutating func addDifferences(
    of host: some HostTree, below directory: TreePath, known: ArraySlice<TreePath>
  ) {
    var unreadable = UnreadablePaths()
    let entries = host.entries(below: directory) { unreadable.add($0) }
    problems += unreadable.failures
    // Sorted, parents come first, so that what is deleted above a path is known when it is looked at.
    for path in entries.keys.sorted() {
      guard let entry = entries[path] else { continue }
      if landed[path] != entry || doubtful[path] != nil
        || path.ancestors.contains(where: { deletes.contains($0) })
      {
        add(path, entry: entry)
      }
    }
    // What can't be looked at may be there as before.
    for path in known where entries[path] == nil && !unreadable.cover(path) {
      add(path, entry: nil)
    }
  }

  private mutating func add(_ path: TreePath, entry: TreeEntry?) {
    writes[path] = entry
    let kinds = kinds(at: path)
    if let entry {
      if !kinds.subtracting([entry.kind]).isEmpty { delete(path) }
    } else {
      delete(path)
    }
  }

  private mutating func delete(_ path: TreePath) {
    if !kinds(at: path).isEmpty { deletes.insert(path) }
    for path in below(path) { deletes.insert(path) }
  }

  /// What the container holds or may hold at a path.
  private mutating func kinds(at path: TreePath) -> Set<TreeEntry.Kind> {
    var kinds = doubtful[path] ?? []
    if let held = landed[path] { kinds.insert(held.kind) }
    // Nothing lies below what is surely a file.
    let isSure = landed[path] != nil && doubtful[path] == nil
    if !isSure, !kinds.contains(.directory), !below(path).isEmpty { kinds.insert(.directory) }
    return kinds
  }

  /// What the container holds or may hold below a directory.
  private mutating func below(_ directory: TreePath) -> ArraySlice<TreePath> {
    let first = directory.bytes + [TreePath.slash]
    var (low, high) = (known.startIndex, known.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if known[middle].bytes.lexicographicallyPrecedes(first) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return known[low...].prefix { $0.isBelow(directory) }
  }

  /// Keeps what other paths of the host have where deleted ones belonged, and sends what they have there.
  mutating func keepOthers(by mapping: SyncMapping, of host: some HostTree) {
    guard mapping.canOverlap else { return }
    for path in deletes {
      for target in mapping.targets(of: path) {
        do throws(TreeFailure) {
          let others = try mapping.others(at: target, than: path, in: host)
          guard !others.isEmpty else { continue }
          kept.insert(target)
          for (other, entry) in others where mapping.targets(of: other).contains(target) {
            writes[other] = entry
          }
        } catch {
          kept.insert(target)
          problems.append(error)
        }
      }
    }
  }

  private func heldMode(at path: TreePath) -> UInt16? {
    guard case .file(let facts) = landed[path], doubtful[path] == nil, !deletes.contains(path),
      !path.ancestors.contains(where: { deletes.contains($0) })
    else { return nil }
    return facts.mode
  }

  func batch(for container: String, answering answers: [TreePath: UInt64]) -> SyncBatch {
    SyncBatch(
      container: container, deletes: deletes.sorted(),
      writes: writes.keys.sorted().compactMap { path in
        writes[path].map { SyncBatch.Write(path: path, entry: $0, heldMode: heldMode(at: path)) }
      }, kept: kept, problems: problems, answers: answers)
  }
}
