import Testing

@testable import Importing

struct SkaffoldTests {
  private static func project(_ yaml: String, _ files: [String: String] = [:]) throws -> Project {
    let common = [
      "skaffold.yaml": yaml, "Dockerfile": Project.dockerfile, "main.py": Project.main,
      "src/a.py": "", "k8s/app.yaml": Project.pod("shop"), "requirements.txt": "",
    ]
    return try Project(common.merging(files) { $1 })
  }

  @Test("a skaffold.yaml becomes a scenario, and what doesn't is told", arguments: SkaffoldCase.all)
  func importing(_ example: SkaffoldCase) throws {
    let project = try Self.project(example.yaml, example.files)
    let imported = try project.imported(artifact: example.artifact)
    let notes = imported.notCarriedOver.map(\.description)
    #expect(notes.count == example.lost.count, "\(notes)")
    for (note, wanted) in zip(notes, example.lost) { #expect(note.contains(wanted), "\(note)") }
    let unfinished = imported.unfinished.map(\.description)
    #expect(unfinished.count == example.unfinished.count, "\(unfinished)")
    for (note, wanted) in zip(unfinished, example.unfinished) { #expect(note.contains(wanted)) }
    guard example.unfinished.isEmpty else { return }
    #expect(try project.scenario(imported.text).clusterFacts == example.facts)
  }

  @Test(
    "a faulty skaffold.yaml is told with its place",
    arguments: [
      ("apiVersion: skaffold/v4beta11\nbuild:\n\tartifacts: []\n", "skaffold.yaml:3:1: "),
      ("apiVersion: skaffold/v4beta11\nbuild: {artifacts: [}\n", "skaffold.yaml:2:"),
      ("kind: Pod\n", "skaffold.yaml:1:1: no apiVersion"),
      ("apiVersion: skaffold/v4beta11\nbuild: {}\n", "there are no build.artifacts"),
      (
        "apiVersion: skaffold/v4beta11\nrequires:\n  - path: ./front\n  - path: back/skaffold.yaml\n",
        "skaffold.yaml:3:1: there are no build.artifacts here, but maybe in what it requires; write a scenario "
          + "for one of: ./front, back"
      ),
      ("a: 1\na: 2\n", "skaffold.yaml:2:1: duplicate key"),
      ("", "skaffold.yaml:1:1: no apiVersion"),
    ])
  func faulty(yaml: String, message: String) throws {
    let project = try Self.project(yaml)
    let failure = #expect(throws: ImportFailure.self) { try project.imported() }
    #expect("\(try #require(failure))".contains(message), "\(failure!)")
  }

  @Test("an artifact that there isn't is told with those that there are")
  func unknownArtifact() throws {
    let example = SkaffoldCase.all.first { $0.name.contains("two artifacts") }
    let project = try Self.project(try #require(example).yaml)
    let failure = #expect(throws: ImportFailure.self) { try project.imported(artifact: "car") }
    #expect("\(try #require(failure))" == "There is no artifact “car”. Choose one of: shop, cart.")
  }
}
