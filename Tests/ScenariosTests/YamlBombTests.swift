import Foundation
import Testing

@testable import Scenarios

/// Files that are small and mean very much. Each has to be refused, or read, within its time limit.
struct YamlBombTests {
  @Test(.timeLimit(.minutes(1)))
  func aliasesThatRepeatEachOtherAreBounded() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...40 {
      let item = "*a\(level - 1)"
      text +=
        "a\(level): &a\(level) [\(Array(repeating: item, count: 9).joined(separator: ", "))]\n"
    }
    let faults = try Workspace().faults(of: text)
    #expect(
      faults.contains(
        "6:5: more than 100000 values, counting what aliases (*name) repeat; write fewer"))
  }

  @Test(.timeLimit(.minutes(1)))
  func aliasesThatRepeatEachOtherWithinKeysAreBounded() throws {
    var text = "? &a0 [x, x]\n: 0\n"
    for level in 1...60 {
      text += "? &a\(level) [*a\(level - 1), *a\(level - 1)]\n: 0\n"
    }
    #expect(try !Workspace().faults(of: text).isEmpty)
  }

  @Test(.timeLimit(.minutes(1)))
  func mergeKeysThatRepeatEachOtherAreBounded() throws {
    let entries = (0..<1000).map { "k\($0): v" }.joined(separator: ", ")
    var text = "a: &a { \(entries) }\n"
    for index in 0..<200 { text += "b\(index): { <<: *a }\n" }
    let faults = try Workspace().faults(of: text)
    #expect(faults.contains { $0.contains("merge keys bring in more than 100000 entries") })
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["[", "{a: ", "- ", "? ", "{? "])
  func deepNestingIsRefused(_ opening: String) throws {
    let faults = try Workspace().faults(of: String(repeating: opening, count: 100_000))
    #expect(faults.count == 1)
  }

  @Test(.timeLimit(.minutes(1)))
  func aThousandDuplicateKeysAreAllReported() throws {
    let workspace = try Workspace()
    let variables = (0..<500).map { "V\($0): a, V\($0): b" }.joined(separator: ", ")
    let text = Workspace.scenario.replacingOccurrences(of: "DEBUG: \"1\"", with: variables)
    #expect(workspace.faults(of: text).count == 500)
  }

  @Test(.timeLimit(.minutes(1)))
  func aMebibyteOfListItemsIsRefused() throws {
    let text = "name: [" + String(repeating: "a,", count: 500_000) + "]\n"
    #expect(try !Workspace().faults(of: text).isEmpty)
  }

  @Test(.timeLimit(.minutes(1)))
  func aVeryLongKeyIsQuotedInPart() throws {
    let key = String(repeating: "k", count: 100_000)
    let workspace = try Workspace()
    let faults = workspace.faults(of: Workspace.scenario + "? \(key)\n: 1\n")
    #expect(faults.count == 1)
    #expect(faults.allSatisfy { $0.count < 250 })
  }
}
