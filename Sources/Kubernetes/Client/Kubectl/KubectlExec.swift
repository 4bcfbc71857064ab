import Foundation
import Processes

/// A command in a container over `kubectl exec`.
final class KubectlExec: ExecStream {
  let errors = Handover<[UInt8]>()
  private let process: StreamedProcess
  private let ending: Task<Result<Int32, KubernetesFailure>, Never>

  var output: Handover<[UInt8]> { process.output }

  init(_ kubectl: Kubectl, _ process: StreamedProcess) {
    self.process = process
    // Nothing here may hold the process, which ends with the last reference to it.
    ending = Task { [errors, exit = process.exitWaiter, raw = process.errors] in
      var line = ExitLine()
      while let bytes = try? await raw.next() {
        let shown = line.pass(bytes)
        if !shown.isEmpty { await errors.send(shown) }
      }
      let (status, tail) = await exit()
      let isRemote = status == .exited(0) || line.status.map { status == .exited($0) } == true
      if !isRemote || status == .exited(0) { await errors.send(line.rest) }
      errors.finish()
      if isRemote, case .exited(let code) = status { return .success(code) }
      return .failure(await kubectl.named(KubectlMessage.failure(tail, exit: status)))
    }
  }

  deinit { errors.discard() }

  func write(_ bytes: [UInt8]) async throws(KubernetesFailure) {
    guard await process.write(bytes) else {
      throw KubernetesFailure(.lost, "the command, or the way to it, has ended and takes no input")
    }
  }

  func finishInput() async { await process.finishInput() }

  func exit() async throws(KubernetesFailure) -> Int32 { try await ending.value.get() }

  func close() async {
    errors.discard()
    await process.stop()
  }
}

/// Keeps back what kubectl itself ends the standard error with if the command's status isn't 0:
/// `command terminated with exit code 3`, on a line that the command may have begun.
struct ExitLine {
  private static let beginning = Array("command terminated with exit code ".utf8)
  /// The beginning, three digits and the line's end.
  private static let longest = beginning.count + 4
  /// What may be kubectl's, or become it.
  private(set) var rest: [UInt8] = []

  /// The status that is told; nil if what is kept back isn't kubectl's.
  var status: Int32? {
    guard rest.starts(with: Self.beginning) else { return nil }
    let number = String(decoding: rest.dropFirst(Self.beginning.count), as: UTF8.self)
    return Int32(number.trimmingCharacters(in: .newlines))
  }

  /// - Returns: what is not kept back.
  mutating func pass(_ bytes: [UInt8]) -> [UInt8] {
    let all = rest + bytes
    let start =
      (max(0, all.count - Self.longest)..<all.count).first { Self.mayBecome(all[$0...]) }
      ?? all.count
    rest = Array(all[start...])
    return Array(all[..<start])
  }

  private static func mayBecome(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.count > beginning.count else { return beginning.starts(with: text) }
    guard text.starts(with: beginning) else { return false }
    var number = text.dropFirst(beginning.count)
    if number.last == 0x0A, number.count > 1 { number.removeLast() }
    return number.count <= 3 && number.allSatisfy { (0x30...0x39).contains($0) }
  }
}
