import Foundation
import Testing

@testable import Scenarios

struct ScenarioFileTests {
  private func fault(_ path: String) -> String {
    do {
      _ = try ScenarioFile.load(path: path)
      return "none"
    } catch {
      return error.description
    }
  }

  @Test
  func aFileIsLoadedWithItsDigestAndAbsolutePath() throws {
    let workspace = try Workspace()
    let path = workspace.directory + "/demo.yaml"
    try workspace.write("demo.yaml", "\u{FEFF}" + Workspace.scenario)
    let scenario = try ScenarioFile.load(path: workspace.directory + "/app/.././demo.yaml")
    #expect(scenario.file == path)
    #expect(scenario.app.source == workspace.directory + "/app")
    #expect(scenario.text.unicodeScalars.first == "\u{FEFF}")
    #expect(scenario.digest.count == 64)
  }

  @Test("an app in work need not match the edits; everything else is checked all the same")
  func editsNeedNotMatch() throws {
    let workspace = try Workspace()
    try workspace.write("demo.yaml", Workspace.scenario)
    try workspace.write("app/app.py", "rewritten\n")
    let path = workspace.directory + "/demo.yaml"
    #expect(throws: ScenarioFaults.self) { try ScenarioFile.load(path: path) }
    #expect(try ScenarioFile.load(path: path, matchingEdits: false).edits.count == 1)
    try workspace.write("demo.yaml", Workspace.scenario.replacing("replace:", with: "replcae:"))
    #expect(throws: ScenarioFaults.self) {
      try ScenarioFile.load(path: path, matchingEdits: false)
    }
  }

  @Test
  func theDigestIsSHA256OfTheText() throws {
    let workspace = try Workspace()
    // The expected value is sha256sum(1)'s.
    let text = """
      name: digest
      app: { source: app }
      edits: { message: { file: app.py, find: Hello, replace: "{{token}}" } }
      workflows: { local-native: { command: [a, "{{port}}"], paths: [restart] } }

      """
    #expect(
      try workspace.load(text).digest
        == "7b812a0b1beae12a982e7b990a08e0a269a4a10e60c16ca60dc4098d5fa0d163")
  }

  @Test
  func aMissingFileIsReported() {
    #expect(
      fault("/nowhere/demo.yaml")
        == "/nowhere/demo.yaml:1:1: there is no such file; check its path")
  }

  @Test
  func aDirectoryIsReported() throws {
    let workspace = try Workspace()
    #expect(
      fault(workspace.directory)
        == "\(workspace.directory):1:1: this is a directory; name a scenario file in it")
  }

  @Test
  func aDeviceIsReported() {
    #expect(fault("/dev/null") == "/dev/null:1:1: this isn't a regular file; name one that is")
  }

  @Test
  func textThatIsNotUTF8IsReportedWhereItStops() throws {
    let workspace = try Workspace()
    let path = workspace.directory + "/bad.yaml"
    try workspace.write("bad.yaml", bytes: Array("name: a\ndescription: é".utf8) + [0xE9, 0x0A])
    #expect(fault(path) == "\(path):2:15: the file isn't UTF-8 from here on; save it as UTF-8")
  }

  @Test
  func aFileOfMoreThanOneMebibyteIsReported() throws {
    let workspace = try Workspace()
    let path = workspace.directory + "/large.yaml"
    let padding = String(repeating: "#", count: ScenarioFile.largestFile)
    try workspace.write("large.yaml", Workspace.scenario + padding)
    #expect(
      fault(path)
        == "\(path):1:1: the file is larger than 1 MiB; a scenario is smaller, so name another file"
    )
    let rest = ScenarioFile.largestFile - Workspace.scenario.utf8.count
    try workspace.write("large.yaml", Workspace.scenario + padding.prefix(rest))
    #expect(fault(path) == "none")
  }

  @Test
  func aRelativePathIsShownAsItWasGiven() {
    #expect(
      fault("no/such.yaml") == "no/such.yaml:1:1: there is no such file; check its path")
  }
}
