import JSON

/// The warnings of a namespace, by what they are about, the newest last.
struct EventTrail {
  /// How many of an object are told.
  private static let most = 3

  private let warnings: [Event]

  init(_ events: [Event]) {
    // RFC 3339 in UTC: the letters' order is that of time.
    warnings = events.filter { $0.type == "Warning" }.sorted { $0.time < $1.time }
  }

  /// The last ones of a pod; of one of its containers those that are about it, or about none.
  ///
  /// What only repeats the reason for which a container waits (“Error: ImagePullBackOff”) isn't told.
  func warnings(of pod: Pod, container: String?) -> [String] {
    var lines: [String] = []
    for event in warnings where isOf(event, pod) {
      if let container, let path = event.involvedObject.fieldPath,
        !path.hasSuffix("{\(container)}")
      {
        continue
      }
      if event.message?.hasPrefix("Error: ErrImagePull") == true
        || event.message?.hasPrefix("Error: ImagePullBackOff") == true
      {
        continue
      }
      lines.removeAll { $0 == event.line }
      lines.append(event.line)
    }
    return lines.suffix(Self.most)
  }

  static func text(of event: Event) -> String { event.text }

  func has(_ reason: String, of pod: Pod) -> Bool { last(reason, of: pod) != nil }

  /// The message of the last event with a reason.
  func last(_ reason: String, of pod: Pod) -> String? {
    warnings.last { $0.reason == reason && isOf($0, pod) }?.text
  }

  /// - Parameter object: `StatefulSet web`.
  func last(_ reason: String, of object: String) -> String? {
    warnings.last {
      $0.reason == reason
        && "\($0.involvedObject.kind ?? "") \($0.involvedObject.name ?? "")" == object
    }?.text
  }

  /// A pod that was made anew may have the name of an old one.
  private func isOf(_ event: Event, _ pod: Pod) -> Bool {
    let object = event.involvedObject
    guard object.kind == "Pod", object.name == pod.name else { return false }
    guard let uid = object.uid, let own = pod.metadata.uid else { return true }
    return uid == own
  }
}

extension Event {
  /// When it was seen last; newer events have no time of the last one, but a series.
  fileprivate var time: String {
    fields["series"]?.object?["lastObservedTime"]?.string ?? lastTimestamp
      ?? fields["eventTime"]?.string ?? metadata.creationTimestamp ?? ""
  }

  fileprivate var text: String {
    let text = (message ?? "").split(whereSeparator: \.isNewline).joined(separator: " ")
    let combined = "(combined from similar events): "
    return text.hasPrefix(combined) ? String(text.dropFirst(combined.count)) : text
  }

  fileprivate var line: String { "\(reason ?? ""): \(text)" }
}
