/// What has changed on the host and hasn't been acknowledged by each container.
///
/// For each container a path is clean, dirty, or dirty and under way. It gets dirty by a mark, gets
/// under way with a batch, and gets clean only by an acknowledgement of the batch that answers its
/// latest mark: a mark during the batch, a failure or a doubt leave it dirty. Marks merge, they never
/// replace one another.
package struct ChangeSet: Sendable {
  private struct Container: Sendable {
    /// What the container is known to hold: the image's content, then what it acknowledged.
    var landed: [TreePath: TreeEntry]
    /// What was written without an acknowledgement: it may be there or not. Where it is nothing, something may
    /// have been deleted.
    var doubtful: [TreePath: Set<TreeEntry.Kind>] = [:]
    /// With the number of the latest mark.
    var dirty: [TreePath: UInt64]
    /// Everything has to be compared; nil if not. The number of the latest such mark.
    var rescan: UInt64?
    var underWay: SyncBatch?
  }

  private var containers: [String: Container] = [:]
  private var mark: UInt64 = 0
  /// What the image was built from.
  private var image: [TreePath: TreeEntry]
  /// What was marked since, for containers to come.
  private var sinceImage: [TreePath: UInt64] = [:]
  private var rescanSinceImage: UInt64?

  /// - Parameter image: the tree that the running image was built from.
  package init(image: [TreePath: TreeEntry]) {
    self.image = image
  }

  // MARK: Marks

  /// The path may have changed; so may everything below it. The empty path is the whole tree, as after
  /// an overflow of the kernel's queue.
  package mutating func mark(_ path: TreePath) {
    guard !path.isEmpty else { return markAll() }
    mark += 1
    sinceImage[path] = mark
    for id in containers.keys { containers[id]?.dirty[path] = mark }
  }

  /// Anything may have changed: all is compared with the host at the next batch.
  package mutating func markAll() {
    mark += 1
    rescanSinceImage = mark
    for id in containers.keys { containers[id]?.rescan = mark }
  }

  /// Paths that wait for the container, whether under way or not; all of the tree counts as one.
  package func dirtyCount(in id: String) -> Int {
    guard let container = containers[id] else { return 0 }
    return container.dirty.count + (container.rescan == nil ? 0 : 1)
  }

  // MARK: Containers

  package var containerIDs: Set<String> { Set(containers.keys) }

  /// A container of the current image has started: it gets all that changed since the image was built.
  /// One that is known keeps its state.
  package mutating func add(container id: String) {
    guard containers[id] == nil else { return }
    containers[id] = Container(landed: image, dirty: sinceImage, rescan: rescanSinceImage)
  }

  package mutating func remove(container id: String) {
    containers[id] = nil
  }

  /// The moment at which an image's context is about to be read, for `imageBuilt`.
  package var now: UInt64 { mark }

  /// A new image is there: containers added from here on start with its content. Those of the old image
  /// go on as they are.
  ///
  /// - Parameters:
  ///   - content: the tree that was read for it.
  ///   - start: `now` before that was read; later marks stay.
  package mutating func imageBuilt(from content: [TreePath: TreeEntry], since start: UInt64) {
    image = content
    sinceImage = sinceImage.filter { $0.value > start }
    if let rescan = rescanSinceImage, rescan <= start { rescanSinceImage = nil }
  }

  // MARK: Batches

  /// Takes all that is dirty, as the host holds it now, and notes it as under way.
  ///
  /// - Parameter mapping: what may take several paths of the host to one place.
  /// - Returns: nil if nothing is dirty, the container is unknown or a batch is under way to it. A batch
  ///   without deletes and writes is to be acknowledged like any other.
  package mutating func nextBatch(
    for id: String, from host: some HostTree, by mapping: SyncMapping = SyncMapping([])
  ) -> SyncBatch? {
    guard var container = containers[id], container.underWay == nil else { return nil }
    guard !container.dirty.isEmpty || container.rescan != nil else { return nil }
    var builder = BatchBuilder(landed: container.landed, doubtful: container.doubtful)
    var answers = container.dirty
    if let rescan = container.rescan {
      if builder.addAll(of: host) { answers[TreePath("")] = rescan }
    }
    for path in container.dirty.keys.sorted() {
      if !builder.add(path, of: host) { answers[path] = nil }
    }
    builder.keepOthers(by: mapping, of: host)
    let batch = builder.batch(for: id, answering: answers)
    for path in batch.deletes where container.doubtful[path] == nil {
      container.doubtful[path] = []
    }
    for write in batch.writes {
      container.doubtful[write.path, default: []].insert(write.entry.kind)
    }
    container.underWay = batch
    containers[id] = container
    return batch
  }

  /// The container holds the batch, except for the paths named.
  ///
  /// - Parameters:
  ///   - torn: paths that changed while they were read, or that the container refused: they stay dirty.
  package mutating func acknowledge(_ batch: SyncBatch, except torn: Set<TreePath> = []) {
    guard var container = containers[batch.container], container.underWay == batch else { return }
    container.underWay = nil
    for path in batch.deletes where !torn.contains(path) {
      container.landed[path] = nil
      container.doubtful[path] = nil
    }
    for write in batch.writes {
      if torn.contains(write.path) {
        container.doubtful[write.path, default: []].insert(write.entry.kind)
      } else {
        container.landed[write.path] = write.entry
        container.doubtful[write.path] = nil
      }
    }
    for (path, answered) in batch.answers {
      if path.isEmpty {
        if container.rescan == answered { container.rescan = nil }
      } else if container.dirty[path] == answered {
        container.dirty[path] = nil
      }
    }
    let again = torn.union(batch.problems.map(\.path).filter { !$0.isEmpty })
    for path in again where container.dirty[path] == nil {
      mark += 1
      container.dirty[path] = mark
    }
    containers[batch.container] = container
  }

  /// Nothing is known about what arrived: all of it stays dirty.
  package mutating func fail(_ batch: SyncBatch) {
    guard containers[batch.container]?.underWay == batch else { return }
    containers[batch.container]?.underWay = nil
  }
}
