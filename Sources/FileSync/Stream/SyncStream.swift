import Clock
package import Processes

/// A stream of frames into one container: opened when needed, reopened when lost.
package actor SyncStream {
  private let root: TreePath
  private let mapping: SyncMapping
  private let limits: SyncLimits
  /// Of the process on this machine, laid over devbench's own.
  private let environment: [String: String]
  private let ledger: ProcessLedger
  /// The command that runs a shell with these arguments in the container.
  private let command: @Sendable (_ arguments: [String]) -> [String]
  private let comeBack: @Sendable () async -> Void
  private var connection: (ReceiverConnection, ReceiverTools)?
  private var beating: Task<Void, Never>?
  /// How many frames may wait for their answers.
  private static let window = 8

  /// - Parameters:
  ///   - root: the host's directory, absolute.
  ///   - command: given the arguments for a shell, the command that runs it in the container with its
  ///     standard input and output connected: `["podman", "exec", "-i", ID, "sh"] + arguments`, say.
  ///   - comeBack: called before a stream that was lost is opened again; waits, within a limit, while the
  ///     container is out of reach.
  package init(
    root: TreePath, mapping: SyncMapping, limits: SyncLimits = SyncLimits(),
    environment: [String: String] = [:], ledger: ProcessLedger,
    command: @escaping @Sendable (_ arguments: [String]) -> [String],
    comeBack: @escaping @Sendable () async -> Void = {}
  ) {
    self.root = root
    self.mapping = mapping
    self.limits = limits
    self.environment = environment
    self.ledger = ledger
    self.command = command
    self.comeBack = comeBack
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
      command: command(arguments), environment: environment, nonce: nonce, ledger: ledger,
      limit: limits.opening)
    // Another caller may have been as fast.
    if let connection {
      await new.0.close()
      return connection
    }
    connection = new
    startBeating()
    return new
  }

  /// Brings a batch into the container, then runs commands there. To be called for one batch at a time.
  ///
  /// - Parameter commands: programs with their arguments, run one after another once all of the batch
  ///   has landed. None runs after a failure; a file that was torn holds them up as well.
  /// - Returns: once every frame of it was answered.
  /// - Throws: if the stream was lost as often as the limits allow; what arrived isn't known then.
  package func land(
    _ batch: SyncBatch, then commands: [[String]] = []
  ) async throws(SyncFailure) -> Landing {
    var done = FramePlan.Done()
    var attempt = 1
    while true {
      do throws(SyncFailure) {
        return try await land(batch, then: commands, done: &done)
      } catch {
        await lose()
        if error.isForGood || Task.isCancelled { throw error }
        guard attempt < limits.attempts else {
          throw .givenUp(attempts: attempt, error)
        }
        await comeBack()
        attempt += 1
      }
    }
  }

  private func land(
    _ batch: SyncBatch, then commands: [[String]], done: inout FramePlan.Done
  ) async throws(SyncFailure) -> Landing {
    let (connection, tools) = try await connected()
    var landing = Landing()
    var plan = FramePlan(
      batch, mapping: mapping, root: root, done: done, singly: !tools.hasTar)
    var waiting: [Sent] = []
    var refused: Set<TreePath> = []
    while let step = plan.next() {
      waiting.append(try await send(step, on: connection, tools))
      // What was written after a delete that has to be repeated would be deleted with it.
      while waiting.count > (step.deletesSomething ? 0 : Self.window) {
        let sent = waiting.removeFirst()
        try await finish(sent, on: connection, &landing, &done, &refused)
      }
      if step.deletesSomething, !refused.isEmpty {
        try await landSingly(batch, &refused, &landing, &done)
      }
    }
    // Few things are answered one by one, and so the receiver itself knows whether all of them landed.
    var first: ReceiverConnection.Pending?
    if let command = commands.first, plan.singly, landing.isWhole,
      waiting.allSatisfy({ $0.pending.sent.torn.isEmpty }), plan.unsent.isEmpty
    {
      first = try await connection.send(
        .run(command, unlessFailed: true), digest: tools.digest, limit: limits.acknowledgement)
    }
    for sent in waiting {
      try await finish(sent, on: connection, &landing, &done, &refused)
    }
    for (path, failure) in plan.unsent { note(path, failure, in: &landing) }
    if !refused.isEmpty { try await landSingly(batch, &refused, &landing, &done) }
    try await run(commands, first: first.map { (connection, $0) }, &landing)
    return landing
  }

  /// A step under way. Not its frame itself: that may hold files open.
  private struct Sent {
    let sources: [TreePath: TreePath]
    let deletesSomething: Bool
    let pending: ReceiverConnection.Pending
  }

  private func send(
    _ step: FramePlan.Step, on connection: ReceiverConnection, _ tools: ReceiverTools
  ) async throws(SyncFailure) -> Sent {
    Sent(
      sources: step.sources, deletesSomething: step.deletesSomething,
      pending: try await connection.send(
        step.body, digest: tools.digest, limit: limits.acknowledgement))
  }

  /// Takes an answer: all of the frame's targets are done, or each is to be tried by itself.
  private func finish(
    _ sent: Sent, on connection: ReceiverConnection,
    _ landing: inout Landing, _ done: inout FramePlan.Done, _ refused: inout Set<TreePath>
  ) async throws(SyncFailure) {
    let (sources, pending) = (sent.sources, sent.pending)
    let (answer, at) = try await connection.answer(
      to: pending, limit: limits.acknowledgement(of: pending.sent.size))
    landing.note(pending, answeredAt: at)
    for target in pending.sent.torn {
      if let path = sources[target] { landing.torn.insert(path) }
    }
    for (target, failure) in pending.sent.unreadable {
      if let path = sources[target] { landing.failures[path] = "\(failure)" }
    }
    if answer.succeeded && answer.digest == pending.sent.digest {
      if sent.deletesSomething {
        done.deletes.formUnion(sources.keys)
      } else {
        let unsent = Set(pending.sent.torn).union(pending.sent.unreadable.keys)
        done.writes.formUnion(
          unsent.isEmpty ? Set(sources.keys) : Set(sources.keys).subtracting(unsent))
      }
    } else {
      refused.formUnion(sources.keys)
    }
  }

  /// Sends each refused target of the batch in a frame of its own, whose answer is final.
  private func landSingly(
    _ batch: SyncBatch, _ refused: inout Set<TreePath>, _ landing: inout Landing,
    _ done: inout FramePlan.Done
  ) async throws(SyncFailure) {
    defer { refused = [] }
    let (connection, tools) = try await connected()
    var plan = FramePlan(batch, mapping: mapping, root: root, done: done, singly: true)
    var waiting: [Sent] = []
    var isAtEnd = false
    while !isAtEnd || !waiting.isEmpty {
      var isDelete = false
      if let step = plan.next() {
        guard step.sources.keys.contains(where: { refused.contains($0) }) else { continue }
        isDelete = step.deletesSomething
        waiting.append(try await send(step, on: connection, tools))
      } else {
        isAtEnd = true
      }
      while waiting.count > (isDelete || isAtEnd ? 0 : Self.window) {
        let sent = waiting.removeFirst()
        let pending = sent.pending
        let (answer, at) = try await connection.answer(
          to: pending, limit: limits.acknowledgement(of: pending.sent.size))
        landing.note(pending, answeredAt: at)
        for (target, path) in sent.sources {
          if pending.sent.torn.contains(target) {
            landing.torn.insert(path)
          } else if answer.succeeded && answer.digest == pending.sent.digest {
            if sent.deletesSomething {
              done.deletes.insert(target)
            } else {
              done.writes.insert(target)
            }
            landing.inPlace.insert(path)
          } else {
            landing.failures[path] = Landing.refusal(of: target, answer)
          }
        }
      }
    }
    for (path, failure) in plan.unsent { note(path, failure, in: &landing) }
  }

  private func note(_ path: TreePath, _ failure: TreeFailure?, in landing: inout Landing) {
    if let failure { landing.failures[path] = "\(failure)" } else { landing.torn.insert(path) }
  }

  /// Runs what follows a landing.
  ///
  /// - Parameter first: the first command, if it was sent along with the batch.
  private func run(
    _ commands: [[String]], first: (ReceiverConnection, ReceiverConnection.Pending)?,
    _ landing: inout Landing
  ) async throws(SyncFailure) {
    for (index, command) in commands.enumerated() {
      var result: CommandResult?
      if index == 0, let (connection, pending) = first {
        result = try await self.result(of: command, pending, on: connection)
      }
      guard landing.isWhole else { return }
      if let result {
        landing.commands.append(result)
      } else {
        landing.commands.append(try await run(command))
      }
    }
  }

  /// Runs a command in the container by itself.
  package func run(_ command: [String]) async throws(SyncFailure) -> CommandResult {
    let (connection, _) = try await connected()
    let pending = try await connection.send(
      .run(command, unlessFailed: false), digest: .none, limit: limits.acknowledgement)
    return try await result(of: command, pending, on: connection)
      ?? CommandResult(command: command, status: 126, output: [], endedAt: .now())
  }

  /// - Returns: nil if the receiver refused to run it. One that doesn't end in time isn't run again: it
  ///   may run on, and the stream that waits for it is of no use.
  private func result(
    of command: [String], _ pending: ReceiverConnection.Pending, on connection: ReceiverConnection
  ) async throws(SyncFailure) -> CommandResult? {
    do throws(SyncFailure) {
      let (answer, at) = try await connection.answer(to: pending, limit: limits.command)
      return answer.succeeded ? CommandResult(command, answer, at: at) : nil
    } catch {
      guard case .late(let seconds) = error else { throw error }
      if self.connection?.0 === connection { await lose() }
      return CommandResult(
        command: command, status: nil, output: ["it hasn't ended within \(seconds) s"],
        endedAt: .now())
    }
  }

  /// Compares the container with the host: files by digest, links by their target, directories, and
  /// that nothing lies where the host has nothing.
  ///
  /// However many files there are, one request is enough if all are equal.
  ///
  /// - Returns: the targets that differ or are missing. A container without a program for digests
  ///   can't be asked about files; then all of them are returned.
  package func differing(_ paths: [TreePath]) async throws(SyncFailure) -> [TreePath] {
    do throws(SyncFailure) {
      return try await compare(paths)
    } catch {
      // A stream that was lost unnoticed says nothing about the files.
      await lose()
      if error.isForGood || Task.isCancelled { throw error }
      await comeBack()
      return try await compare(paths)
    }
  }

  private func compare(_ paths: [TreePath]) async throws(SyncFailure) -> [TreePath] {
    let (connection, tools) = try await connected()
    var verification = Verification(root: root, mapping: mapping, tools: tools)
    for path in paths { verification.add(path) }
    return try await verification.run(on: connection, limits: limits)
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

  /// Whether there is a stream that isn't known to be lost.
  var isOpen: Bool { connection != nil }

  /// Keeps the stream from being cut as idle, and finds out that it was before a save does.
  private func beat() async {
    // What is being answered isn't idle.
    guard let (connection, tools) = connection, !connection.isBusy else { return }
    do {
      let pending = try await connection.send(
        .heartbeat, digest: tools.digest, limit: limits.acknowledgement)
      _ = try await connection.answer(to: pending, limit: limits.acknowledgement)
    } catch {
      if self.connection?.0 === connection { await lose() }
    }
  }
}
