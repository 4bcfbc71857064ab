import Clock
import Processes
import Synchronization

/// Saves that the app's own reloader acts on, followed by somebody.
extension LocalNativeSession {
  /// Files that are saved at once are noticed one after another: with shorter pauses they are one save,
  /// unless it goes on for longer than `longestSave`.
  private static let savePause: Duration = .milliseconds(100)
  private static let longestSave: Duration = .seconds(1)

  func followReloads() throws(WorkflowFailure) {
    let changes = try PendingChanges(tree: tree, leavingOut: unwatched, warn: warn)
    left.onForsaken { changes.wake() }
    reloads = Task { [weak self] in
      for await _ in changes.signals {
        if let batch = changes.take() {
          await self?.follow(batch, and: changes)
        } else {
          await self?.startForsaken()
        }
      }
    }
  }

  /// Tells of a save, and starts the app again if there is none left that could reload it.
  ///
  /// - Parameter changes: what follows closely belongs to the same save.
  private func follow(_ batch: PendingChanges.Batch, and changes: PendingChanges) async {
    tell?(.noticed(files: batch.files, at: batch.at))
    if isDown {
      left.forget()
      tell?(.acting(.restart, cause: nil))
      await replaceApp { _ in }
    } else {
      left.leave(at: batch.at)
      tell?(.acting(.reload, cause: nil))
      let deadline = batch.at + Self.longestSave
      while .now() < deadline {
        do { try await Task.sleep(for: Self.savePause) } catch { return }
        guard !isDown, let more = changes.take() else { break }
        tell?(.noticed(files: more.files, at: more.at))
      }
    }
    tell?(.settled(at: .now()))
  }

  /// Starts the app with a save that its reloader won't act on any more.
  private func startForsaken() async {
    guard left.takeForsaken(), isDown else { return }
    tell?(.acting(.restart, cause: nil))
    await replaceApp { _ in }
    tell?(.settled(at: .now()))
  }
}

/// The last save that was left to the app's own reloader, and whether that was about to end then: its app had been
/// killed, say, and it hadn't seen that yet. Nobody would act on the save.
final class LeftSaves: Sendable {
  /// A reloader that ends so soon after a save, and hasn't said a word since, hasn't acted on it.
  static let window: Duration = .seconds(2)

  private struct State {
    var savedAt: MonotonicInstant?
    var heardAt: MonotonicInstant?
    var isForsaken = false
    var tell: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  /// - Parameter tell: called when the last save is found to be one that nobody acts on.
  func onForsaken(_ tell: @escaping @Sendable () -> Void) { state.withLock { $0.tell = tell } }

  func leave(at instant: MonotonicInstant) {
    state.withLock { ($0.savedAt, $0.isForsaken) = (instant, false) }
  }

  func forget() { state.withLock { ($0.savedAt, $0.isForsaken) = (nil, false) } }

  /// The app has printed a line.
  func heard(at instant: MonotonicInstant) { state.withLock { $0.heardAt = instant } }

  /// The app and its reloader have ended by themselves.
  func appEnded(at instant: MonotonicInstant) {
    let tell = state.withLock { state -> (@Sendable () -> Void)? in
      guard let savedAt = state.savedAt, instant - savedAt < Self.window,
        state.heardAt.map({ $0 < savedAt }) ?? true
      else { return nil }
      (state.savedAt, state.isForsaken) = (nil, true)
      return state.tell
    }
    tell?()
  }

  /// Whether nobody acts on the last save; then somebody does now.
  func takeForsaken() -> Bool {
    state.withLock { state in
      defer { state.isForsaken = false }
      return state.isForsaken
    }
  }
}
