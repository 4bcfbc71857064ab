import Clock
import Foundation
import Measurement
import ResultStore

// The fields of a document by their names; docs/json.md explains them. What is not named is ignored: a later
// devbench of the same version may add fields.

struct RunFields: Decodable {
  var run: Record
  var cells: [PlannedCell]
  var samples: [SampleFields]
  var faultTrials: [TrialFields]
  // Documents of earlier versions of devbench have none of these.
  var experiments: [ExperimentFields]?
  var calibrations: [CalibrationFields]?
  var blessings: [BlessingFields]?

  struct Record: Decodable {
    var id: Text
    var scenario: Text
    var scenarioText: Text
    var scenarioDigest: Text
    var startedAt: Moment
    var finishedAt: Moment?
    var status: Word<RunRecord.Status>
    var statusReason: Text?
    var purpose: Word<RunRecord.Purpose>
    var twin: Text?
    var seed: Exact<UInt64>
    var order: Text
    var devbenchVersion: Text
    var owner: Text
    var environment: EnvironmentFields
    var links: [LinkFields]
  }

  struct EnvironmentFields: Decodable {
    struct Tool: Decodable {
      var name: Text
      var version: Text
    }

    var host: Text
    var system: Text
    var kernel: Text
    var architecture: Text
    var processor: Text
    var cores: Exact<Int>
    var memoryBytes: Exact<Int64>
    var loadBefore: [Double]
    var loadAfter: [Double]?
    var appCommit: Text?
    var appBranch: Text?
    var tools: [Tool]
  }

  struct LinkFields: Decodable {
    var name: Text
    var rttNanoseconds: Exact<Int64>
    var jitterNanoseconds: Exact<Int64>
    var upBitsPerSecond: Exact<Int>?
    var downBitsPerSecond: Exact<Int>?
  }

  struct PlannedCell: Decodable {
    var workflow: Word<WorkflowKind>
    var path: Word<UpdatePath>
    var variant: Text
    var edit: Text
    var link: Text
    var developers: Exact<Int>
    var warmups: Exact<Int>
    var iterations: Exact<Int>
  }

  struct BracketFields: Decodable {
    var lowNanoseconds: Exact<Int64>
    var highNanoseconds: Exact<Int64>
    var lastOldNanoseconds: Exact<Int64>?
  }

  struct PhaseFields: Decodable {
    var name: Text
    var nanoseconds: Exact<Int64>
    var bytesUp: Exact<Int>?
    var bytesDown: Exact<Int>?
  }

  struct SampleFields: Decodable {
    var cell: Exact<Int>
    var developer: Exact<Int>
    var iteration: Exact<Int>
    var warmup: Bool
    var block: Exact<Int>
    var token: Text
    var savedAtNanoseconds: Exact<Int64>
    var savedOn: Moment
    var outcome: Word<Outcome>
    var reason: Text?
    var durationNanoseconds: Exact<Int64>
    var bracket: BracketFields?
    var phases: [PhaseFields]
    var probes: Exact<Int>
    var replicas: Exact<Int>
    var replicasServed: Exact<Int>?
    var allServedNanoseconds: Exact<Int64>?
  }

  struct TrialFields: Decodable {
    struct Span: Decodable {
      var link: Text
      var fromNanoseconds: Exact<Int64>
      var toNanoseconds: Exact<Int64>
    }

    struct Edit: Decodable {
      var token: Text
      var savedNanoseconds: Exact<Int64>
      var outcome: Word<FaultOutcome>
      var servedNanoseconds: Exact<Int64>?
    }

    var cell: Exact<Int>
    var difference: Text?
    var notes: [Text]
    var faults: [Span]
    var edits: [Edit]
  }
}

// MARK: - Values

/// Text that the database holds as it is: SQLite's would end at a NUL.
struct Text: Decodable {
  var value: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value = try container.decode(String.self)
    if value.utf8.contains(0) {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "has a NUL character, which the database can't hold")
    }
  }
}

/// An integer, as a number or as a string of digits.
struct Exact<Value: FixedWidthInteger & Decodable>: Decodable {
  var value: Value

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else {
      do {
        value = try container.decode(Value.self)
      } catch let error as DecodingError {
        throw error
      } catch {
        // Of a number that doesn't fit, the decoder says nothing in the end, not even where it is.
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "is a number that the field can't hold")
      }
      return
    }
    guard let value = Value(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "is '\(text.prefix(40))', which isn't an integer")
    }
    self.value = value
  }
}

/// One of the words of an enumeration.
struct Word<Value: RawRepresentable<String> & CaseIterable>: Decodable {
  var value: Value

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Value(rawValue: text) else {
      let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "is '\(text.prefix(40))', which is none of \(known)")
    }
    self.value = value
  }
}

/// A point in time as `StoredDate` has it.
struct Moment: Decodable {
  var value: Date

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    // The 31st of February would come back as another day.
    guard let date = StoredDate.date(text), StoredDate.text(date) == text else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "is '\(text.prefix(40))', which isn't a time like "
          + "2026-11-21T03:15:00.123Z")
    }
    value = date
  }
}
