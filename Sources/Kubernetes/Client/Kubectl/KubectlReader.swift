import Processes

/// What turns a stream of bytes into elements.
protocol ChunkDecoder: Sendable {
  associatedtype Element: Sendable

  /// What comes before a fault is appended too.
  mutating func decode(
    _ bytes: [UInt8], into elements: inout [Element]
  ) throws(KubernetesFailure)
  /// The elements that only the stream's end completes.
  mutating func finish() throws(KubernetesFailure) -> [Element]
}

/// Reads what a long-running kubectl prints as its elements are asked for; ends it when nobody asks any more.
actor KubectlReader<Decoder: ChunkDecoder> {
  private let kubectl: Kubectl
  private let process: StreamedProcess
  private var decoder: Decoder
  private var pending: [Decoder.Element] = []
  /// How the stream ends after what is pending.
  private var end: Result<Decoder.Element?, KubernetesFailure>?

  private init(_ kubectl: Kubectl, _ process: StreamedProcess, _ decoder: Decoder) {
    self.kubectl = kubectl
    self.process = process
    self.decoder = decoder
  }

  static func stream(
    _ arguments: [String], of kubectl: Kubectl, decoder: Decoder
  ) async throws(KubernetesFailure) -> AsyncThrowingStream<Decoder.Element, any Error> {
    let reader = KubectlReader(kubectl, try await kubectl.start(arguments), decoder)
    return AsyncThrowingStream { try await reader.next() }
  }

  private func next() async throws -> Decoder.Element? {
    while pending.isEmpty {
      if let end { return try end.get() }
      if let bytes = try await process.output.next() {
        do throws(KubernetesFailure) {
          try decoder.decode(bytes, into: &pending)
        } catch {
          end = .failure(error)
        }
      } else {
        let exit = await process.exit()
        do throws(KubernetesFailure) {
          guard exit == .exited(0) else {
            throw await kubectl.named(KubectlMessage.failure(process.errorTail, exit: exit))
          }
          pending = try decoder.finish()
          end = .success(nil)
        } catch {
          end = .failure(error)
        }
      }
    }
    return pending.removeFirst()
  }
}

/// The API server's watch events, one JSON object after another.
struct WatchDecoder<Object: KubernetesObject>: ChunkDecoder {
  private var splitter = JSONSplitter()

  mutating func decode(
    _ bytes: [UInt8], into events: inout [WatchEvent<Object>]
  ) throws(KubernetesFailure) {
    try splitter.split(bytes) { object throws(KubernetesFailure) in
      if let event = try WatchLine(object).event(of: Object.self) { events.append(event) }
    }
  }

  mutating func finish() throws(KubernetesFailure) -> [WatchEvent<Object>] {
    guard !splitter.isInside else {
      throw KubernetesFailure(.lost, "the watch ended in the middle of an object")
    }
    return []
  }
}

/// Lines without what ends them, at most 1 MiB of each.
struct LineDecoder: ChunkDecoder {
  private static let limit = 1 << 20
  private var line: [UInt8] = []

  mutating func decode(_ bytes: [UInt8], into lines: inout [String]) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      line.append(contentsOf: rest[..<end].prefix(Self.limit - line.count))
      lines.append(take())
      rest = rest[rest.index(after: end)...]
    }
    line.append(contentsOf: rest.prefix(Self.limit - line.count))
  }

  mutating func finish() -> [String] { line.isEmpty ? [] : [take()] }

  private mutating func take() -> String {
    if line.last == 0x0D { line.removeLast() }
    defer { line.removeAll(keepingCapacity: true) }
    return String(decoding: line, as: UTF8.self)
  }
}
