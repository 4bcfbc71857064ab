/// A comparison of the host's paths with a container's.
struct Verification {
  private struct Item {
    let target: TreePath
    let entry: TreeEntry?
    /// Of a file; nil if the host can't say.
    let digest: String?
  }

  /// So few files are asked for one by one.
  private static let fewest = 4
  private static let window = 32

  private let root: TreePath
  private let mapping: SyncMapping
  private let tools: ReceiverTools
  private var files: [Item] = []
  private var others: [Item] = []
  private var differing: [TreePath] = []

  init(root: TreePath, mapping: SyncMapping, tools: ReceiverTools) {
    self.root = root
    self.mapping = mapping
    self.tools = tools
  }

  mutating func add(_ path: TreePath) {
    let targets = mapping.targets(of: path)
    guard !targets.isEmpty else { return }
    do {
      let entry = try TreeScan.entry(at: path, below: root)
      let digest = if case .file = entry { try hostDigest(of: path) } else { String?.none }
      for target in targets {
        let item = Item(target: target, entry: entry, digest: digest)
        switch entry {
        case .file:
          if digest == nil || tools.digest == .none {
            differing.append(target)
          } else if DigestLines.isPlain(target), tools.hasTar, entry?.isExecutable != true {
            files.append(item)
          } else {
            others.append(item)
          }
        default: others.append(item)
        }
      }
    } catch {
      // What the host can't read isn't equal to anything.
      differing += targets
    }
  }

  private func hostDigest(of path: TreePath) throws -> String? {
    guard let file = try OpenFile(root.appending(path)) else { return nil }
    var digest = Digester(tools.digest)
    var nowhere = DiscardingSink()
    return try file.send(to: &nowhere, digest: &digest) ? digest.finish() : nil
  }

  mutating func run(
    on connection: ReceiverConnection, limits: SyncLimits
  ) async throws(SyncFailure) -> [TreePath] {
    try await checkOneByOne(others, on: connection, limits: limits)
    var left = [files[...]]
    while let part = left.popLast() {
      if part.count <= Self.fewest {
        try await checkOneByOne(Array(part), on: connection, limits: limits)
      } else if try await !areEqual(part, on: connection, limits: limits) {
        let middle = part.startIndex + part.count / 2
        left += [part[..<middle], part[middle...]]
      }
    }
    return differing.sorted()
  }

  private func areEqual(
    _ part: ArraySlice<Item>, on connection: ReceiverConnection, limits: SyncLimits
  ) async throws(SyncFailure) -> Bool {
    let pending = try await connection.send(
      .checkAll(part.map(\.target)), digest: tools.digest, limit: limits.acknowledgement)
    var lines = DigestLines(tools.digest)
    for item in part { lines.add(item.digest ?? "", size: item.entry?.size ?? 0, item.target) }
    let size = part.reduce(0) { $0 + ($1.entry?.size ?? 0) }
    let (answer, _) = try await connection.answer(
      to: pending, limit: limits.acknowledgement(of: size))
    return answer.succeeded && answer.digest == lines.finish()
  }

  private mutating func checkOneByOne(
    _ items: [Item], on connection: ReceiverConnection, limits: SyncLimits
  ) async throws(SyncFailure) {
    var waiting: [(item: Item, pending: ReceiverConnection.Pending)] = []
    var rest = items[...]
    while !rest.isEmpty || !waiting.isEmpty {
      if waiting.count < Self.window, let item = rest.popFirst() {
        waiting.append(
          (
            item,
            try await connection.send(
              .check(item.target, is: item.entry), digest: tools.digest,
              limit: limits.acknowledgement)
          ))
        continue
      }
      let (item, pending) = waiting.removeFirst()
      let (answer, _) = try await connection.answer(
        to: pending, limit: limits.acknowledgement(of: item.entry?.size ?? 0))
      if !answer.succeeded || answer.digest != item.digest { differing.append(item.target) }
    }
  }
}
