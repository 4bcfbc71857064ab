import Clock
import Dispatch
import Foundation
import Glibc
import Processes
import Synchronization

/// One receiver's life: its process, and the answers that are awaited from it.
final class ReceiverConnection: Sendable {
  /// With the instant at which it was read.
  typealias Answer = Result<(Acknowledgement, at: MonotonicInstant), SyncFailure>

  private struct State {
    var next: UInt64 = 1
    var awaited: [UInt64: OneShot<Answer>] = [:]
    /// Set once the stream can't be used any more.
    var failure: SyncFailure?
  }

  /// A frame that was written and whose answer is to come.
  struct Pending: Sendable {
    let sent: Frame.Sent
    /// When the last byte of it was taken.
    let sentAt: MonotonicInstant
    let answer: OneShot<Answer>
  }

  private let process: PipedProcess
  private let hello = OneShot<Result<ReceiverTools, SyncFailure>>()
  private let state = Mutex(State())
  /// Frames are written one after another, and a write may have to wait.
  private let writing = DispatchQueue(label: "devbench-sync", qos: .userInitiated)

  private init(_ process: PipedProcess) {
    self.process = process
  }

  /// Starts a receiver and waits until it is ready.
  static func open(
    command: [String], environment: [String: String], nonce: String, ledger: ProcessLedger,
    limit: Duration
  ) async throws(SyncFailure) -> (ReceiverConnection, ReceiverTools) {
    let connection: ReceiverConnection
    do throws(ProcessFailure) {
      connection = ReceiverConnection(
        try await PipedProcess.start(command: command, environment: environment, ledger: ledger))
    } catch {
      throw .notStarted(error)
    }
    connection.startReading(nonce: nonce)
    let timer = DispatchWorkItem { connection.hello.set(.failure(.late(seconds: limit.seconds))) }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit.seconds, execute: timer)
    defer { timer.cancel() }
    let hello = await withTaskCancellationHandler {
      await connection.hello.value()
    } onCancel: {
      connection.hello.set(.failure(.ended(said: "cancelled")))
    }
    switch hello {
    case .success(let tools): return (connection, tools)
    case .failure(let failure):
      await connection.close()
      throw failure
    }
  }

  private func startReading(nonce: String) {
    let thread = Thread { [self] in
      var decoder = ReplyDecoder(nonce: nonce)
      var buffer = [UInt8](repeating: 0, count: 64 * 1024)
      while true {
        let count = read(process.output, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { break }
        let now = MonotonicInstant.now()
        for reply in decoder.decode(buffer[..<count]) { take(reply, at: now) }
      }
      let said = decoder.rest.trimmingCharacters(in: .whitespacesAndNewlines)
      fail(.ended(said: said))
      guard hello.current == nil else { return }
      Task {
        let exit = await process.exit()
        // As shells and engines answer for a program that isn't there or can't be run.
        let isShellMissing = exit == .exited(127) || exit == .exited(126)
        hello.set(.failure(isShellMissing ? .noShell(said: said) : .noReceiver(said: said)))
      }
    }
    thread.name = "devbench-sync-replies"
    thread.start()
  }

  private func take(_ reply: Reply, at now: MonotonicInstant) {
    switch reply {
    case .hello(let tools): hello.set(.success(tools))
    case .acknowledgement(let acknowledgement):
      state.withLock { $0.awaited.removeValue(forKey: acknowledgement.number) }?
        .set(.success((acknowledgement, at: now)))
    }
  }

  private func fail(_ failure: SyncFailure) {
    let awaited = state.withLock { state in
      if state.failure == nil { state.failure = failure }
      defer { state.awaited = [:] }
      return state.awaited.values
    }
    for answer in awaited { answer.set(.failure(failure)) }
  }

  /// Writes a frame. Returns once the pipe has taken it, with an answer to await.
  func send(
    _ body: Frame.Body, digest: ContentDigest, limit: Duration
  ) async throws(SyncFailure) -> Pending {
    let answer = OneShot<Answer>()
    let written: Result<(Frame.Sent, at: MonotonicInstant), SyncFailure> =
      await withCheckedContinuation { continuation in
        writing.async { [self] in
          let number = state.withLock { state -> UInt64 in
            defer { state.next += 1 }
            state.awaited[state.next] = answer
            return state.next
          }
          if let failure = state.withLock({ $0.failure }) {
            return continuation.resume(returning: .failure(failure))
          }
          do {
            var sink = GatheringSink(PipeSink(process.input, limit: limit))
            let sent = try Frame(number: number, body: body).write(to: &sink, digest: digest)
            try sink.flush()
            continuation.resume(returning: .success((sent, at: .now())))
          } catch {
            let failure = error as? SyncFailure ?? .ended(said: "\(error)")
            // Half a frame can't be taken back: this stream is of no use any more.
            fail(failure)
            continuation.resume(returning: .failure(failure))
          }
        }
      }
    let (sent, sentAt) = try written.get()
    return Pending(sent: sent, sentAt: sentAt, answer: answer)
  }

  /// Waits for the answer. One that comes too late ends the stream.
  func answer(
    to pending: Pending, limit: Duration
  ) async throws(SyncFailure) -> (Acknowledgement, at: MonotonicInstant) {
    if let answer = pending.answer.current { return try answer.get() }
    let timer = DispatchWorkItem { [self] in fail(.late(seconds: limit.seconds)) }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit.seconds, execute: timer)
    defer { timer.cancel() }
    return try await pending.answer.value().get()
  }

  /// Whether an answer is awaited.
  var isBusy: Bool { state.withLock { !$0.awaited.isEmpty } }

  /// Ends the receiver's process and what it started on this machine.
  func close() async {
    fail(.ended(said: "closed"))
    await process.stop()
  }
}
