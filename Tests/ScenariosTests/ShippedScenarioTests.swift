import Foundation
import Measurement
import Testing

@testable import Scenarios

struct ShippedScenarioTests {
  static let directory = FileSystem.absolute("../../../scenarios", from: #filePath)

  @Test
  func everyShippedScenarioLoads() throws {
    let files = try FileSystem.names(in: Self.directory).filter { $0.hasSuffix(".yaml") }
    #expect(files == ["flask-hello.yaml", "node-hello.yaml"])
    for file in files {
      let scenario = try ScenarioFile.load(path: Self.directory + "/" + file)
      #expect(scenario.name + ".yaml" == file)
    }
  }

  @Test
  func theReadmesFirstExampleLoads() throws {
    let readme = try String(contentsOfFile: Self.directory + "/README.md", encoding: .utf8)
    let blocks = readme.components(separatedBy: "```")
    let example = try #require(blocks.first { $0.hasPrefix("yaml\n") }).dropFirst("yaml\n".count)
    let workspace = try Workspace()
    try workspace.write("src/app.py", "TEXT = 'Welcome!'\n")
    #expect(workspace.faults(of: String(example)) == [])
  }

  @Test
  func flasksOwnReloaderRunsOnTheReloadPathOnly() throws {
    let scenario = try ScenarioFile.load(path: Self.directory + "/flask-hello.yaml")
    let paths = try #require(scenario.workflows.first).paths
    #expect(paths.map(\.path) == [.reload, .restart])
    #expect(paths.map { $0.environment["FLASK_DEBUG"] } == ["1", nil])
    #expect(paths.map { $0.command.contains("--reload") } == [true, false])
  }

  @Test
  func nodesOwnWatcherRunsOnTheReloadPathOnly() throws {
    let scenario = try ScenarioFile.load(path: Self.directory + "/node-hello.yaml")
    let paths = try #require(scenario.workflows.first).paths
    #expect(paths.map(\.path) == [.reload, .restart])
    #expect(paths.map { $0.command.contains("--watch") } == [true, false])
  }
}
