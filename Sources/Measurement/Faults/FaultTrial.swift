/// What became of an edit that was saved while the link to a remote failed, or around that.
///
/// The raw value is the name in tables and the database.
package enum FaultOutcome: String, Sendable, Hashable, CaseIterable, Codable {
  /// A response carried the edit's token.
  case served
  /// The next edit of the same lines was saved before a response carried this one's token, and that one was
  /// served or superseded in its turn.
  case superseded
  /// No response carried its token, nor that of a later edit, until the trial's end.
  case lost
}

/// One edit of a trial.
package struct FaultEdit: Sendable, Hashable {
  package var token: String
  /// From the trial's beginning.
  package var savedAt: Duration
  package var outcome: FaultOutcome
  /// From the trial's beginning; nil if no response carried its token.
  package var servedAt: Duration?

  package init(token: String, savedAt: Duration, outcome: FaultOutcome, servedAt: Duration?) {
    self.token = token
    self.savedAt = savedAt
    self.outcome = outcome
    self.servedAt = servedAt
  }

  /// From its save until it was served; nil if it wasn't.
  package var wait: Duration? { servedAt.map { $0 - savedAt } }
}

/// A stretch of time in which the link was otherwise.
package struct FaultSpan: Sendable, Hashable {
  /// What the link was then, as the scenario calls it: `offline`, `lte`.
  package var link: String
  /// From the trial's beginning, as it came to be.
  package var from: Duration
  package var to: Duration

  package init(link: String, from: Duration, to: Duration) {
    self.link = link
    self.from = from
    self.to = to
  }

  func contains(_ offset: Duration) -> Bool { (from..<to).contains(offset) }
}

/// Edits that were saved one after another while the link to a remote failed and came back.
package struct FaultTrial: Sendable, Hashable {
  package var cell: Cell
  /// In the order of time.
  package var spans: [FaultSpan]
  /// In the order in which they were saved.
  package var edits: [FaultEdit]
  /// In what the container's files differ from the host's at the end; nil where they don't, or nothing is
  /// copied.
  package var difference: String?
  /// What the workflow told of on the way: what failed, what it did about it.
  package var notes: [String]

  package init(
    cell: Cell, spans: [FaultSpan], edits: [FaultEdit], difference: String? = nil,
    notes: [String] = []
  ) {
    self.cell = cell
    self.spans = spans
    self.edits = edits
    self.difference = difference
    self.notes = notes
  }

  /// Edits that were saved while a fault was on.
  package func saved(during span: FaultSpan) -> [FaultEdit] {
    edits.filter { span.contains($0.savedAt) }
  }

  /// Of them, those that were served as if nothing had been: before the fault was over, or within twice the
  /// median of the edits that no fault concerned, for one that was saved just before its end.
  package func served(during span: FaultSpan) -> [FaultEdit] {
    let usual = usualWait
    return saved(during: span).filter { edit in
      guard let servedAt = edit.servedAt, let wait = edit.wait else { return false }
      return servedAt <= span.to || usual.map { wait <= $0 * 2 } ?? false
    }
  }

  /// From the end of a fault to the first response after it that carried an edit's token, if an edit had to
  /// wait for that end; nil if none had to, or none was served before the next fault.
  package func back(after span: FaultSpan) -> Duration? {
    guard isHeldUp(during: span) else { return nil }
    let next = spans.map(\.from).filter { $0 >= span.to }.min()
    let served = edits.compactMap(\.servedAt).filter { $0 > span.to }.min()
    guard let served, next.map({ served < $0 }) ?? true else { return nil }
    return served - span.to
  }

  /// Whether an edit had to wait for the fault's end.
  package func isHeldUp(during span: FaultSpan) -> Bool {
    served(during: span).count < saved(during: span).count
  }

  package var lost: Int { edits.count { $0.outcome == .lost } }

  /// The median wait of the edits that no fault concerned; nil if there are none.
  private var usualWait: Duration? {
    let waits = edits.compactMap { edit -> Duration? in
      guard let servedAt = edit.servedAt else { return nil }
      let isConcerned = spans.contains { edit.savedAt < $0.to && servedAt > $0.from }
      return isConcerned ? nil : edit.wait
    }.sorted()
    return waits.isEmpty ? nil : waits[waits.count / 2]
  }
}
