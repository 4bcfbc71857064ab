import Dispatch
import Foundation
import Statistics
import Synchronization

/// Repeats an experiment on all cores; the results don't depend on how many there are.
enum Experiments {
  private static let chunks = 20

  /// How often each of the answers was yes.
  static func count(
    _ times: Int, seed: UInt64, _ experiment: @Sendable (inout SeededGenerator) -> [Bool]
  ) -> [Int] {
    let counts = Mutex<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: chunks) { chunk in
      var generator = SeededGenerator(seed: seed &* 1_000 &+ UInt64(chunk))
      for _ in (times * chunk / chunks)..<(times * (chunk + 1) / chunks) {
        let answers = experiment(&generator)
        counts.withLock { counts in
          if counts.isEmpty { counts = [Int](repeating: 0, count: answers.count) }
          for (place, answer) in answers.enumerated() where answer { counts[place] += 1 }
        }
      }
    }
    return counts.withLock { $0 }
  }
}

/// Prints tables and remembers what was missed.
struct Report {
  private(set) var missed: [String] = []

  mutating func judge(_ text: String, _ isMet: Bool) -> String {
    if !isMet { missed.append(text) }
    return isMet ? "" : "  MISSED"
  }

  func title(_ text: String) {
    print("\n\(text)")
  }

  func row(_ columns: [String], _ ending: String = "") {
    let cells = columns.enumerated().map { place, text in
      let space = String(repeating: " ", count: max(0, (place == 0 ? 30 : 12) - text.count))
      return place == 0 ? text + space : space + text
    }
    print(cells.joined() + ending)
    fflush(nil)
  }
}

func text(_ value: Double, _ digits: Int = 1) -> String { String(format: "%.\(digits)f", value) }
