import Clock
import Link
import Measurement

/// The link that all goes over between one session and its remote.
struct SessionLink: Sendable {
  private let link: ShapingLink

  /// As near as can be, until another profile is asked for.
  init() async throws(WorkflowFailure) {
    do {
      link = try await ShapingLink()
    } catch {
      throw .watch("the link to the remote can't be made: \(error)")
    }
  }

  /// - Returns: where it listens.
  @discardableResult
  func listen(
    on address: LinkAddress, to target: LinkAddress
  ) async throws(WorkflowFailure) -> LinkAddress {
    do {
      return try await link.listen(on: address, to: target)
    } catch {
      throw .watch("the link to the remote can't be made: \(error)")
    }
  }

  /// - Parameter wanted: taken if it is free.
  /// - Returns: a port of this machine's that leads to a target.
  func port(
    to target: LinkAddress, preferring wanted: Int? = nil
  ) async throws(WorkflowFailure) -> Int {
    if let wanted,
      (try? await link.listen(on: .tcp(host: "127.0.0.1", port: wanted), to: target)) != nil
    {
      return wanted
    }
    let address = try await listen(on: .tcp(host: "127.0.0.1", port: 0), to: target)
    guard case .tcp(_, let port) = address else { return 0 }
    return port
  }

  /// What leaves from now on goes over such a link.
  func use(_ profile: LinkProfile) async throws(WorkflowFailure) {
    do {
      try await link.use(profile)
    } catch {
      throw .watch("the link to the remote can't be changed: \(error)")
    }
  }

  /// Has the link fail from now on, until nil ends that.
  func use(_ outage: LinkOutage?) async throws(WorkflowFailure) {
    do {
      try await link.use(outage)
    } catch {
      throw .watch("the link to the remote can't be changed: \(error)")
    }
  }

  /// What crossed the link between two instants.
  var meter: @Sendable (MonotonicInstant, MonotonicInstant) -> Traffic {
    { [link] from, to in
      let bytes = link.bytes(from: from, to: to)
      return Traffic(up: Int(bytes.up), down: Int(bytes.down))
    }
  }

  /// Has nothing wait for the link any more.
  func unshape() async {
    // A link that was stopped delays nothing.
    try? await link.use(nil as LinkOutage?)
    try? await link.use(.unshaped)
  }

  func stop() async { await link.stop() }
}
