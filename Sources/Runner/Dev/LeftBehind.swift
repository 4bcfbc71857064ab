import Synchronization

/// What could not be removed, a sentence each.
final class LeftBehind: Sendable {
  private let sentences = Mutex<[String]>([])

  var all: [String] { sentences.withLock { $0 } }

  func add(_ sentence: String) {
    sentences.withLock { $0.append(sentence) }
  }
}
