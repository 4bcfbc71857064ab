package import Clock

/// What became of a batch.
package struct Landing: Sendable, Hashable {
  /// Host paths that changed or vanished while they were read: they have to be sent again.
  package var torn: Set<TreePath> = []
  /// Host paths that the container refused or that can't be read, and why.
  package var failures: [TreePath: String] = [:]
  /// Host paths that were refused as part of a tree, and landed when they were written one by one into
  /// the files that are there.
  package var inPlace: Set<TreePath> = []
  /// When the last byte was handed over; nil if there was nothing to send.
  package var packedAt: MonotonicInstant?
  /// When the last acknowledgement of a path was read; nil as above. Commands come after it.
  package var landedAt: MonotonicInstant?
  /// Bytes of content that were sent.
  package var bytes: Int64 = 0
  /// What the commands after the landing came to; empty if anything didn't land.
  package var commands: [CommandResult] = []

  package init() {}

  /// What `ChangeSet.acknowledge` must leave dirty.
  package var unlanded: Set<TreePath> { torn.union(failures.keys) }

  var isWhole: Bool { torn.isEmpty && failures.isEmpty }

  /// What to tell a user whose container may not write where its files are; nil if it may.
  package var advice: String? {
    guard failures.values.contains(where: Self.isDenied) else { return nil }
    return
      "the container's user may not write there; copy the files for that user in the Dockerfile: "
      + "“COPY --chown=USER:GROUP . DIRECTORY”"
  }

  private static func isDenied(_ reason: String) -> Bool {
    ["ermission denied", "not permitted"].contains { reason.contains($0) }
  }

  mutating func note(_ pending: ReceiverConnection.Pending, answeredAt at: MonotonicInstant) {
    packedAt = max(packedAt ?? pending.sentAt, pending.sentAt)
    landedAt = max(landedAt ?? at, at)
    bytes += pending.sent.size
  }

  static func refusal(of target: TreePath, _ answer: Acknowledgement) -> String {
    if answer.succeeded { return "\(target) arrived with other content" }
    let said = answer.said.split(separator: "\n").joined(separator: "; ")
    return "\(target): \(said.isEmpty ? "refused" : said)"
  }
}

/// What a command in the container came to.
package struct CommandResult: Sendable, Hashable {
  package let command: [String]
  /// 127 if there is no such program, 126 if it can't be run, 128 and the signal if one ended it; nil if
  /// it didn't end in time.
  package let status: Int?
  /// The last lines that it wrote.
  package let output: [String]
  /// When it had ended.
  package let endedAt: MonotonicInstant

  /// Lines of the output that are kept.
  package static let lines = 40

  package init(command: [String], status: Int?, output: [String], endedAt: MonotonicInstant) {
    self.command = command
    self.status = status
    self.output = output
    self.endedAt = endedAt
  }

  init(_ command: [String], _ answer: Acknowledgement, at: MonotonicInstant) {
    self.init(
      command: command, status: answer.digest.flatMap { Int($0) } ?? 127,
      output: answer.said.split(separator: "\n").suffix(Self.lines).map(String.init), endedAt: at)
  }
}
