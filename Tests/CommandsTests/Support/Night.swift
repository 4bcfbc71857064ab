import Foundation
import TestSupport

/// One night's run as the document that `devbench import` takes (docs/json.md), with made-up samples.
struct Night {
  /// What a cell shows in a night.
  enum Result: Hashable {
    /// Milliseconds around which its samples lie.
    case median(Double)
    case timedOut
    /// The run ended before it.
    case none
  }

  static let scenario = "stored"
  static let first = Date(timeIntervalSince1970: 1_735_701_300)  // 2025-01-01 03:15 UTC
  static let samples = 10

  /// Counts from 0, a night a day.
  var number: Int
  /// Of each cell, by its edit, in their order.
  var results: [(edit: String, result: Result)]
  var status = "finished"
  var date: Date?
  var cores = 8

  static func id(_ number: Int) -> String { id(first + Double(number) * 86_400) }

  static func id(_ date: Date) -> String {
    let text = date.ISO8601Format().filter(\.isNumber)
    return "\(text.prefix(8))-\(text.dropFirst(8).prefix(6))-0000"
  }

  static func commit(_ number: Int) -> String {
    let digits = String(number &* 2_654_435_761, radix: 16)
    return digits + String(repeating: "0", count: 40 - digits.count)
  }

  static func cell(_ edit: String) -> String { "local-native/reload/\(edit)" }

  var started: Date { date ?? Self.first + Double(number) * 86_400 }

  /// The same each time.
  func document() throws -> String {
    let day = started.ISO8601Format().dropLast()
    var random = RandomNumbers(seed: UInt64(number) + 1)
    let run: [String: Any] = [
      "id": Self.id(started), "scenario": Self.scenario, "scenarioText": ExchangeTests.text,
      "scenarioDigest": ExchangeTests.digest, "startedAt": "\(day).000Z",
      "finishedAt": "\(day).500Z", "status": status,
      "statusReason": status == "failed" ? "the app exited with status 1" : NSNull(),
      "purpose": "measurement", "twin": NSNull(), "seed": number, "order": "interleaved",
      "devbenchVersion": "0.1.0", "owner": "1:2:another-boot",
      "environment": [
        "host": "bench", "system": "Debian", "kernel": "Linux 6.1", "architecture": "x86_64",
        "processor": "CPU", "cores": cores, "memoryBytes": 8_000_000_000,
        "loadBefore": [0.1, 0.1, 0.1], "loadAfter": [0.1, 0.1, 0.1],
        "appCommit": Self.commit(number), "appBranch": "main", "tools": [[String: Any]](),
      ] as [String: Any],
      "links": [[String: Any]](),
    ]
    let cells = results.map { edit, _ -> [String: Any] in
      [
        "workflow": "local-native", "path": "reload", "variant": "", "edit": edit, "link": "",
        "developers": 1, "warmups": 0, "iterations": Self.samples,
      ]
    }
    var samples: [[String: Any]] = []
    for (cell, (_, result)) in results.enumerated() {
      // A night has a noise of its own, and so has each sample.
      let night = 1 + 0.01 * Self.normal(&random)
      for iteration in 1...Self.samples {
        let own = 1 + 0.03 * Self.normal(&random)
        switch result {
        case .median(let milliseconds):
          let nanoseconds = Int(milliseconds * 1e6 * night * own)
          samples.append(sample(cell, iteration, "\(day).000Z", served: nanoseconds))
        case .timedOut: samples.append(sample(cell, iteration, "\(day).000Z", served: nil))
        case .none: break
        }
      }
    }
    let document: [String: Any] = [
      "devbench": "run", "version": 1, "run": run, "cells": cells, "samples": samples,
      "faultTrials": [[String: Any]](),
    ]
    let data = try JSONSerialization.data(withJSONObject: document, options: .sortedKeys)
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private func sample(
    _ cell: Int, _ iteration: Int, _ date: String, served: Int?
  ) -> [String: Any] {
    let nanoseconds = served ?? 60_000_000_000
    return [
      "cell": cell, "developer": 1, "iteration": iteration, "warmup": false, "block": iteration,
      "token": "n\(number)c\(cell)i\(iteration)", "savedAtNanoseconds": 1_000_000_000 * iteration,
      "savedOn": date, "outcome": served == nil ? "timed-out" : "served",
      "reason": served == nil ? "not served within 60 s" : NSNull(),
      "durationNanoseconds": nanoseconds,
      "bracket": served == nil
        ? NSNull()
        : [
          "lowNanoseconds": nanoseconds - 5_000_000, "highNanoseconds": nanoseconds,
          "lastOldNanoseconds": nanoseconds - 6_000_000,
        ] as [String: Any],
      "phases": [
        [
          "name": "unattributed", "nanoseconds": nanoseconds, "bytesUp": NSNull(),
          "bytesDown": NSNull(),
        ] as [String: Any]
      ],
      "probes": 10, "replicas": 1, "replicasServed": NSNull(), "allServedNanoseconds": NSNull(),
    ]
  }

  /// About standard normal: Irwin and Hall's sum of twelve.
  private static func normal(_ random: inout RandomNumbers) -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
  }
}
