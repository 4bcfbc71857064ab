/// Where an app is asked: an address of this machine and a path.
package struct ProbeEndpoint: Sendable, Hashable {
  /// Numeric addresses that the app may listen at. Until one has answered they are tried in turn: an
  /// app told to listen at `localhost` may have taken 127.0.0.1 or ::1.
  package var addresses: [String]
  package var port: Int
  package var path: String

  package init(addresses: [String] = ["127.0.0.1", "::1"], port: Int, path: String) {
    self.addresses = addresses
    self.port = port
    self.path = path
  }
}

/// What a probe waits for, in a successful (2xx) response unless said otherwise.
package enum ProbeGoal: Sendable, Hashable {
  /// Any successful response.
  case answer
  /// A body that carries the text.
  case text(String)
  /// A body that carries the text, of an app that answers, and succeeds, as soon as it does: a failing response
  /// proves it absent, and so does a connection that breaks.
  case recovery(text: String)
  /// A response that tells of a failure: by its status, 400 or more, or by a text in its body, whatever the
  /// status.
  case failure(showing: String)
  /// A body that doesn't.
  case absence(of: String)
  /// Any response, whatever its status.
  case response
  /// A response whose status or body differs from an earlier one, or one of a replaced app.
  case change(from: ProbeAnswer)
  /// A response with another status, or one of a replaced app.
  case status(otherThan: Int)
  /// A response of an app that replaced the one before: sent for after a connection had been refused, or
  /// after the instant that `ProbeWatch.appWasReplaced(at:)` was told.
  case replacement
}
