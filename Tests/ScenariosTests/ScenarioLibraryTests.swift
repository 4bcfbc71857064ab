import Testing

@testable import Scenarios

struct ScenarioLibraryTests {
  private func workspace() throws -> Workspace {
    let workspace = try Workspace()
    for name in ["b.yaml", "a.yml", "a.yaml", "c.yml", "notes.txt", ".yaml", "apps/x.yaml"] {
      try workspace.write("scenarios/" + name, "name: x\n")
    }
    try workspace.write("deep/er/file", "")
    return workspace
  }

  @Test(arguments: ["", "/deep", "/deep/er", "/scenarios"])
  func theNearestLibraryAboveIsFoundAndListedByName(_ below: String) throws {
    let workspace = try workspace()
    let library = try #require(try ScenarioLibrary.nearest(to: workspace.directory + below))
    #expect(library.directory == workspace.directory + "/scenarios")
    #expect(library.entries.map(\.name) == ["a", "b", "c"])
    #expect(library.entries.first?.path == workspace.directory + "/scenarios/a.yaml")
  }

  @Test
  func aNameLeadsToItsFile() throws {
    let workspace = try workspace()
    #expect(
      try ScenarioLibrary.path(for: "c", from: workspace.directory + "/deep")
        == workspace.directory + "/scenarios/c.yml")
  }

  @Test(arguments: ["x.yaml", "x.yml", "./x", "a/b", "/a"])
  func aPathIsNotLookedUp(_ path: String) throws {
    #expect(try ScenarioLibrary.path(for: path, from: "/nowhere") == path)
  }

  @Test
  func anUnknownNameIsAnsweredWithTheNearestAndAll() throws {
    let workspace = try workspace()
    try workspace.write("scenarios/flask-hello.yaml", "name: x\n")
    let error = #expect(throws: ScenarioLibrary.NotFound.self) {
      try ScenarioLibrary.path(for: "flask-helo", from: workspace.directory)
    }
    #expect(
      error?.description
        == "No scenario \"flask-helo\" in \(workspace.directory)/scenarios. "
        + "Did you mean \"flask-hello\"? It has a, b, c, flask-hello. Or name a file by its path.")
  }

  @Test
  func withoutALibraryAPathIsSuggested() throws {
    let workspace = try Workspace()
    let error = #expect(throws: ScenarioLibrary.NotFound.self) {
      try ScenarioLibrary.path(for: "demo", from: workspace.directory)
    }
    #expect(
      error?.description
        == "No scenario \"demo\": neither this directory nor one above it has a directory "
        + "\"scenarios\". Name a file, such as ./demo.yaml.")
  }

  @Test
  func anEmptyLibraryIsSaidToBeEmpty() throws {
    let workspace = try Workspace()
    try workspace.write("scenarios/readme", "")
    let error = #expect(throws: ScenarioLibrary.NotFound.self) {
      try ScenarioLibrary.path(for: "demo", from: workspace.directory)
    }
    #expect(
      error?.description
        == "No scenario \"demo\": \(workspace.directory)/scenarios holds no .yaml file. "
        + "Name a file by its path.")
  }
}
