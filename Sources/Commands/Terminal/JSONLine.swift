import Clock
import Foundation
import Measurement

/// What is told as it happens, one JSON object a line on standard output; docs/json.md is the contract.
enum JSONLine {
  struct PhaseTime: Encodable {
    let name: String
    let seconds: Double

    init(_ phase: Phase) {
      name = phase.name
      seconds = phase.duration.seconds
    }
  }

  static func write(_ event: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      Console.print(String(decoding: try encoder.encode(event), as: UTF8.self))
    } catch {
      Console.error("an event could not be written as JSON: \(error)")
    }
  }
}
