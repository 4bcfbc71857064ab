import FileSync
import Foundation
import Measurement
import Testing

@testable import Scenarios

struct ShippedScenarioTests {
  static let directory = FileSystem.absolute("../../../scenarios", from: #filePath)

  @Test
  func everyShippedScenarioLoads() throws {
    let files = try FileSystem.names(in: Self.directory).filter { $0.hasSuffix(".yaml") }
    #expect(
      files == ["flask-hello.yaml", "node-hello.yaml", "node-outage.yaml", "works-here.yaml"])
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
  func theReadmesExampleOfAClusterLoads() throws {
    let readme = try String(contentsOfFile: Self.directory + "/README.md", encoding: .utf8)
    let blocks = readme.components(separatedBy: "```")
    let example = try #require(blocks.first { $0.contains("\n  local-cluster:\n") })
    let head = Workspace.cluster.components(separatedBy: "workflows:")[0]
    let workspace = try Workspace()
    #expect(workspace.faults(of: head + example.dropFirst("yaml\n".count)) == [])
  }

  @Test
  func flasksOwnReloaderRunsOnTheReloadPathOnly() throws {
    let scenario = try ScenarioFile.load(path: Self.directory + "/flask-hello.yaml")
    let paths = try #require(scenario.workflows.first).paths
    #expect(paths.map(\.path) == [.reload, .restart])
    #expect(paths.map { $0.environment["FLASK_DEBUG"] } == ["1", nil])
    #expect(paths.map { $0.command.contains("--reload") } == [true, false])
  }

  @Test(arguments: ["flask-hello", "node-hello"])
  func everySampleAppIsMeasuredOnALocalClusterByFourPaths(_ name: String) throws {
    let scenario = try ScenarioFile.load(path: Self.directory + "/\(name).yaml")
    let workflow = try #require(scenario.workflows.first { $0.kind == .localCluster })
    #expect(
      workflow.paths.map { "\($0.pathName)" } == [
        "sync", "sync-restart", "rebuild", "rebuild-plain",
      ])
    let clusters = try workflow.paths.map { try #require($0.cluster) }
    #expect(clusters.map { $0.sync.map(\.then) } == [[.reload], [.restart], [.reload], [.reload]])
    #expect(clusters.map(\.builder) == [.append, .append, .append, .dockerfile])
    #expect(clusters.map(\.deploy) == [.inPlace, .inPlace, .inPlace, .replace])
    #expect(Set(clusters.map(\.image.name)) == [name])
    #expect(try clusters[0].manifestFiles(in: scenario.app.source) == ["k8s/pod.yaml"])
    #expect(scenario.notes == [])
    // A reloader that runs beside devbench's own restart would race with it.
    #expect(workflow.paths.map { $0.command.isEmpty } == [true, false, true, true])
    #expect(!workflow.paths[1].command.contains { ["--reload", "--watch"].contains($0) })
  }

  @Test
  func nodesOwnWatcherRunsOnTheReloadPathOnly() throws {
    let scenario = try ScenarioFile.load(path: Self.directory + "/node-hello.yaml")
    let paths = try #require(scenario.workflows.first).paths
    #expect(paths.map(\.path) == [.reload, .restart])
    #expect(paths.map { $0.command.contains("--watch") } == [true, false])
  }
}
