package import Clock
import NIOCore
import NIOPosix

/// A link between programs of one machine that is as slow as a profile says: clients connect to where it
/// listens, and it carries their connections to a target.
///
/// All connections share the bandwidth of their direction in turn. The profile can be changed, and outages
/// begun and ended, while connections live. It runs on one thread of its own, from `init` to `stop`, which
/// has to be called.
package actor ShapingLink {
  private let group: MultiThreadedEventLoopGroup
  private let loop: any EventLoop
  private let core: NIOLoopBound<LinkCore>
  private let ledger: LinkLedger
  private var listenings: [Listening] = []
  private var refuses = false
  private var isStopped = false
  /// The last of the changes, which are made one after another.
  private var changes: Task<Void, Never>?

  package init(_ profile: LinkProfile = .unshaped) async throws(LinkFailure) {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (loop, ledger) = (group.next(), LinkLedger())
    self.group = group
    self.loop = loop
    self.ledger = ledger
    do {
      core = try await loop.submit {
        NIOLoopBound(LinkCore(loop: loop, ledger: ledger, profile: profile), eventLoop: loop)
      }.get()
    } catch {
      throw .stopped
    }
  }

  /// Listens at another address; what connects there is carried to the target.
  ///
  /// - Parameters:
  ///   - address: of this machine alone; port 0 lets the kernel choose. A unix socket is made for its user
  ///     alone (0600), in a directory that nobody else may enter.
  ///   - target: is looked for when a client connects. While it isn't there clients are reset, and counted as
  ///     `refused`.
  /// - Returns: the address with the port that was chosen.
  /// - Throws: `LinkFailure.invalid`, `notListening`, `stopped`.
  package func listen(
    on address: LinkAddress, to target: LinkAddress
  ) async throws(LinkFailure) -> LinkAddress {
    try await change { () async throws(LinkFailure) in
      try await self.add(address, to: target)
    }
  }

  /// What leaves from now on does so under the new profile; what is under way stays so.
  package func use(_ profile: LinkProfile) async throws(LinkFailure) {
    try await change { () async throws(LinkFailure) in try await self.apply { $0.set(profile) } }
  }

  /// Begins an outage, or ends it with nil; a profile that is down, as `offline`, stays down.
  ///
  /// - Throws: `LinkFailure.notListening` if an address can't be listened on again after `refuse`.
  package func use(_ outage: LinkOutage?) async throws(LinkFailure) {
    try await change { () async throws(LinkFailure) in try await self.apply { $0.set(outage) } }
  }

  /// What has been done until now.
  package nonisolated var counts: LinkCounts { ledger.counts }

  /// What has arrived after `start` until `end`. Instants are kept to the millisecond for about two minutes
  /// of uninterrupted traffic, and coarser before; intervals that follow each other add up exactly.
  package nonisolated func bytes(
    from start: MonotonicInstant, to end: MonotonicInstant
  ) -> LinkBytes {
    ledger.bytes(from: start, to: end)
  }

  /// Listens no more, resets what is open, removes its sockets' files, ends its thread. Again is no error.
  package func stop() async {
    try? await change { () async throws(LinkFailure) in await self.end() }
  }

  private func add(
    _ address: LinkAddress, to target: LinkAddress
  ) async throws(LinkFailure) -> LinkAddress {
    guard !isStopped else { throw .stopped }
    let listening = try await Listening(address, to: target, core: core, loop: loop)
    if refuses { await listening.pause() }
    listenings.append(listening)
    return listening.address
  }

  private func end() async {
    guard !isStopped else { return }
    isStopped = true
    for listening in listenings { await listening.end() }
    listenings = []
    let core = core
    try? await loop.submit { core.value.end() }.get()
    try? await group.shutdownGracefully()
  }

  private func apply(
    _ body: @escaping @Sendable (LinkCore) -> Void
  ) async throws(LinkFailure) {
    guard !isStopped else { throw .stopped }
    let core = core
    let outage = try? await loop.submit {
      body(core.value)
      return core.value.outage
    }.get()
    let wants = outage == .refuse
    guard wants != refuses else { return }
    refuses = wants
    for listening in listenings {
      if wants { await listening.pause() } else { try await listening.resume() }
    }
  }

  private func change<Value: Sendable>(
    _ body: @escaping @Sendable () async throws(LinkFailure) -> Value
  ) async throws(LinkFailure) -> Value {
    let before = changes
    let work = Task<Result<Value, LinkFailure>, Never> {
      await before?.value
      do throws(LinkFailure) { return .success(try await body()) } catch { return .failure(error) }
    }
    changes = Task { _ = await work.value }
    return try await work.value.get()
  }
}
