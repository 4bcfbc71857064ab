import Foundation
import Measurement
import ResultStore
import Testing

@testable import Reports

@Suite("CSV export")
struct CSVExportTests {
  /// A reader of RFC 4180 that fails on what the RFC doesn't have.
  static func rows(_ text: String) throws -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isQuoted {
        if byte != 0x22 {
          field.append(byte)
        } else if index < bytes.count, bytes[index] == 0x22 {
          field.append(byte)
          index += 1
        } else {
          isQuoted = false
          #expect(index < bytes.count && [0x2C, 0x0D].contains(bytes[index]))
        }
        continue
      }
      switch byte {
      case 0x22:
        #expect(field.isEmpty, "a quotation mark within a field")
        isQuoted = true
      case 0x2C:
        row.append(String(decoding: field, as: UTF8.self))
        field = []
      case 0x0D:
        try #require(index < bytes.count && bytes[index] == 0x0A, "a CR without its LF")
        index += 1
        rows.append(row + [String(decoding: field, as: UTF8.self)])
        (row, field) = ([], [])
      case 0x0A: Issue.record("an LF alone")
      default: field.append(byte)
      }
    }
    #expect(!isQuoted && row.isEmpty && field.isEmpty, "the last line has no end")
    return rows
  }

  static func table(_ runs: [StoredRun]) throws -> [[String: String]] {
    let rows = try rows(ExportFixture.text(.csv, runs))
    let header = try #require(rows.first)
    #expect(Set(header).count == header.count)
    return rows.dropFirst().map { row in
      #expect(row.count == header.count)
      return Dictionary(uniqueKeysWithValues: zip(header, row))
    }
  }

  @Test("there is a row a sample, warm-ups and failures included, in the order of measuring")
  func rows() throws {
    let rows = try Self.table([ExportFixture.failing, ExportFixture.one])
    #expect(rows.map { $0["iteration"] } == ["1", "2", "3", "4", "5", "1", "2"])
    #expect(
      rows.map { $0["outcome"] } == [
        "served", "served", "timed-out", "failed", "served", "served", "served",
      ])
    #expect(
      rows.map { $0["warmup"] } == ["true"] + Array(repeating: "false", count: 4) + [
        "true", "false",
      ])
    #expect(rows.map { $0["seconds"] } == ["9", "0.5", "60", "0", "0.7", "9", "0.5"])
    #expect(rows[2]["bracketLowSeconds"] == "" && rows[2]["reason"] == "it timed-out")
    #expect(rows[1]["bracketLowSeconds"] == "0.495" && rows[1]["reason"] == "")
    let phases = try JSONSerialization.jsonObject(with: Data((rows[1]["phases"] ?? "").utf8))
    #expect(
      (phases as? [[String: Any]])?.map { $0["name"] as? String } == ["detect", "unattributed"])
  }

  @Test("a remote's row has its replicas, its developer and its bytes")
  func remote() throws {
    let row = try #require(try Self.table([ExportFixture.remote()]).last)
    #expect(row["link"] == "lte" && row["variant"] == "restart" && row["developers"] == "2")
    #expect(row["replicas"] == "2" && row["replicasServed"] == "2")
    #expect(
      row["allServedSeconds"] == "0.8" && row["bytesUp"] == "1000" && row["bytesDown"] == "20")
  }

  @Test("without samples there is the header alone")
  func empty() throws {
    #expect(try Self.table([RunFixture.empty]).isEmpty)
    #expect(try Self.table([]).isEmpty)
  }

  @Test("no text adds a row or a column, or moves a terminal", arguments: Hostile.texts)
  func hostile(text: String) throws {
    let rows = try Self.table([Hostile.run(text)])
    #expect(rows.count == Hostile.run("x").samples.count)
    for row in rows {
      #expect(row["scenario"] == CSVText.field(text).csvValue)
      for value in row.values {
        #expect(
          !value.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F })
      }
    }
  }

  @Test(
    "what a spreadsheet would compute has an apostrophe before it",
    arguments: [
      ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"), ("+1", "'+1"), ("-1", "'-1"),
      ("@SUM(A1)", "'@SUM(A1)"), ("\n=1", "\"'\n=1\""), ("＝1", "'＝1"),
      ("\u{1B}[0m=1", "'=1"), ("=\u{301}1", "'=\u{301}1"), ("a=1", "a=1"), ("", ""),
      ("=\"x\",y", "\"'=\"\"x\"\",y\""),
    ])
  func formulas(text: String, field: String) {
    #expect(CSVText.field(text) == field)
  }

  @Test(
    "fields are quoted where RFC 4180 demands it",
    arguments: [
      ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\nb\""),
      (",\u{301}", "\",\u{301}\""), ("\"\u{301}", "\"\"\"\u{301}\""),
    ])
  func quoting(text: String, field: String) {
    #expect(Array(CSVText.field(text).utf8) == Array(field.utf8))
  }
}

extension String {
  /// What a reader makes of a field.
  fileprivate var csvValue: String? {
    try? CSVExportTests.rows(self + "\r\n").first?.first
  }
}
