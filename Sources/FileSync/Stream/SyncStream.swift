package import Processes

/// A stream of frames into one container: opened when needed, reopened when lost.
package actor SyncStream {
  /// What became of a batch.
  package struct Landing: Sendable, Hashable {
    /// Host paths that changed or vanished while they were read: they have to be sent again.
    package var torn: Set<TreePath> = []
    /// Host paths that the container refused or that can't be read, and why.
    package var failures: [TreePath: String] = [:]

    /// What `ChangeSet.acknowledge` must leave dirty.
    package var unlanded: Set<TreePath> { torn.union(failures.keys) }
  }

  private let root: TreePath
  private let mapping: SyncMapping
  private let limits: SyncLimits
  private let ledger: ProcessLedger
  /// The command that runs a shell with these arguments in the container.
  private let command: @Sendable (_ arguments: [String]) -> [String]
  private var connection: (ReceiverConnection, ReceiverTools)?
  private var beating: Task<Void, Never>?
  /// How many frames may wait for their answers.
  private static let window = 8

  /// - Parameters:
  ///   - root: the host's directory, absolute.
  ///   - command: given the arguments for a shell, the command that runs it in the container with its
  ///     standard input and output connected: `["podman", "exec", "-i", ID, "sh"] + arguments`, say.
  package init(
    root: TreePath, mapping: SyncMapping, limits: SyncLimits = SyncLimits(), ledger: ProcessLedger,
    command: @escaping @Sendable (_ arguments: [String]) -> [String]
  ) {
    self.root = root
    self.mapping = mapping
    self.limits = limits
    self.ledger = ledger
    self.command = command
  }

  /// Opens the stream if it isn't open, and says what the container has.
  @discardableResult
  package func open() async throws(SyncFailure) -> ReceiverTools {
    try await connected().1
  }

  private func connected() async throws(SyncFailure) -> (ReceiverConnection, ReceiverTools) {
    if let connection { return connection }
    let nonce = String(UInt64.random(in: 0 ... .max), radix: 36)
    let arguments = ReceiverScript.arguments(
      nonce: nonce, tick: limits.watchdog.tick, ticks: limits.watchdog.ticks)
    let new = try await ReceiverConnection.open(
      command: command(arguments), nonce: nonce, ledger: ledger, limit: limits.opening)
    // Another caller may have been as fast.
    if let connection {
      await new.0.close()
      return connection
    }
    connection = new
    startBeating()
    return new
  }

  /// Brings a batch into the container. To be called for one batch at a time.
  ///
  /// - Returns: once every frame of it was answered.
  /// - Throws: if the stream was lost as often as the limits allow; what arrived isn't known then.
  package func land(_ batch: SyncBatch) async throws(SyncFailure) -> Landing {
    var done: Set<TreePath> = []
    var attempt = 1
    while true {
      do throws(SyncFailure) {
        return try await land(batch, done: &done)
      } catch {
        await lose()
        guard attempt < limits.attempts else {
          throw .givenUp(attempts: attempt, error)
        }
        attempt += 1
      }
    }
  }

  private func land(
    _ batch: SyncBatch, done: inout Set<TreePath>
  ) async throws(SyncFailure) -> Landing {
    let (connection, tools) = try await connected()
    var landing = Landing()
    var refused: Set<TreePath> = []
    var plan = FramePlan(
      batch, mapping: mapping, root: root, done: done, singly: !tools.hasTar)
    // Not the frames themselves: they hold files open.
    var waiting: [(sources: [TreePath: TreePath], pending: ReceiverConnection.Pending)] = []
    while let step = plan.next() {
      let pending = try await connection.send(
        step.body, digest: tools.digest, limit: limits.acknowledgement)
      waiting.append((step.sources, pending))
      // What was written after a delete that has to be repeated would be deleted with it.
      while waiting.count > (step.deletesSomething ? 0 : Self.window) {
        let (sources, pending) = waiting.removeFirst()
        try await finish(sources, pending, on: connection, &landing, &done, &refused)
      }
      if step.deletesSomething, !refused.isEmpty {
        try await landSingly(batch, &refused, &landing, &done)
      }
    }
    for (sources, pending) in waiting {
      try await finish(sources, pending, on: connection, &landing, &done, &refused)
    }
    for (path, failure) in plan.unsent { note(path, failure, in: &landing) }
    if !refused.isEmpty { try await landSingly(batch, &refused, &landing, &done) }
    return landing
  }

  /// Takes an answer: all of the frame's targets are done, or each is to be tried by itself.
  private func finish(
    _ sources: [TreePath: TreePath], _ pending: ReceiverConnection.Pending,
    on connection: ReceiverConnection,
    _ landing: inout Landing, _ done: inout Set<TreePath>, _ refused: inout Set<TreePath>
  ) async throws(SyncFailure) {
    let answer = try await connection.answer(to: pending, limit: limits.acknowledgement)
    for target in pending.sent.torn {
      if let path = sources[target] { landing.torn.insert(path) }
    }
    if answer.succeeded && answer.digest == pending.sent.digest {
      done.formUnion(sources.keys.filter { !pending.sent.torn.contains($0) })
    } else {
      refused.formUnion(sources.keys)
    }
  }

  /// Sends each refused target of the batch in a frame of its own, whose answer is final.
  private func landSingly(
    _ batch: SyncBatch, _ refused: inout Set<TreePath>, _ landing: inout Landing,
    _ done: inout Set<TreePath>
  ) async throws(SyncFailure) {
    defer { refused = [] }
    let (connection, tools) = try await connected()
    var plan = FramePlan(batch, mapping: mapping, root: root, done: done, singly: true)
    while let step = plan.next() {
      guard step.sources.keys.contains(where: { refused.contains($0) }) else { continue }
      let pending = try await connection.send(
        step.body, digest: tools.digest, limit: limits.acknowledgement)
      let answer = try await connection.answer(to: pending, limit: limits.acknowledgement)
      for (target, path) in step.sources {
        if pending.sent.torn.contains(target) {
          landing.torn.insert(path)
        } else if answer.succeeded && answer.digest == pending.sent.digest {
          done.insert(target)
        } else {
          landing.failures[path] =
            answer.succeeded
            ? "\(target) arrived with other content"
            : "\(target): \(answer.said.isEmpty ? "refused" : answer.said)"
        }
      }
    }
    for (path, failure) in plan.unsent { note(path, failure, in: &landing) }
  }

  private func note(_ path: TreePath, _ failure: TreeFailure?, in landing: inout Landing) {
    if let failure { landing.failures[path] = "\(failure)" } else { landing.torn.insert(path) }
  }

  /// Asks the container for the digests of these host paths' targets, and compares them with the host.
  ///
  /// - Returns: the targets that differ or are missing. A container without a program for digests
  ///   can't be asked; then all are returned.
  package func differing(_ paths: [TreePath]) async throws(SyncFailure) -> [TreePath] {
    let (connection, tools) = try await connected()
    var differing: [TreePath] = []
    for path in paths {
      let wanted = hostDigest(of: path, tools.digest)
      for target in mapping.targets(of: path) {
        let pending = try await connection.send(
          .check(target), digest: tools.digest, limit: limits.acknowledgement)
        let answer = try await connection.answer(to: pending, limit: limits.acknowledgement)
        if wanted == nil || tools.digest == .none || !answer.succeeded || answer.digest != wanted {
          differing.append(target)
        }
      }
    }
    return differing
  }

  private func hostDigest(of path: TreePath, _ kind: ContentDigest) -> String? {
    do {
      guard let file = try OpenFile(root.appending(path)) else { return nil }
      var digest = Digester(kind)
      var nowhere = DiscardingSink()
      return try file.send(to: &nowhere, digest: &digest) ? digest.finish() : nil
    } catch {
      // What the host can't read isn't equal to anything.
      return nil
    }
  }

  /// Ends the stream.
  package func close() async {
    await lose()
  }

  private func lose() async {
    beating?.cancel()
    beating = nil
    guard let (lost, _) = connection else { return }
    connection = nil
    await lost.close()
  }

  private func startBeating() {
    let pause = limits.heartbeat
    beating = Task { [weak self] in
      while true {
        do {
          try await Task.sleep(for: pause)
        } catch {
          return
        }
        guard let self else { return }
        await self.beat()
      }
    }
  }

  /// Keeps the stream from being cut as idle, and finds out that it was before a save does.
  private func beat() async {
    guard let (connection, tools) = connection else { return }
    do {
      let pending = try await connection.send(
        .heartbeat, digest: tools.digest, limit: limits.acknowledgement)
      _ = try await connection.answer(to: pending, limit: limits.acknowledgement)
    } catch {
      if self.connection?.0 === connection { await lose() }
    }
  }
}

/// Takes bytes and keeps none.
private struct DiscardingSink: ByteSink {
  mutating func write(_ bytes: UnsafeRawBufferPointer) {}
}
