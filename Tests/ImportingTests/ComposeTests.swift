import Scenarios
import TestSupport
import Testing

@testable import Importing

struct ComposeTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var yaml: String
    var artifact: String?
    var facts: [String]
    var lost: [String] = []
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "all actions of develop.watch",
      yaml: """
        name: acme
        services:
          db:
            image: postgres
          web:
            build:
              context: .
              args: [MODE=dev, TOKEN]
            image: acme/web:1
            depends_on: [db]
            develop:
              watch:
                - action: sync
                  path: ./src
                  target: /srv/src
                  ignore: [node_modules/, "*.tmp"]
                - action: sync+restart
                  path: main.py
                  target: /srv/main.py
                - action: rebuild
                  path: src/requirements.txt
                - action: dance
                  path: .
        """,
      facts: [
        "image acme/web . Dockerfile", "arg MODE=dev", "manifests k8s/web.yaml",
        "sync src/** -> /srv/src strip src but src/node_modules src/*.tmp src/requirements.txt",
        "sync main.py -> /srv", "paths sync-restart rebuild rebuild-plain",
      ],
      lost: [
        "compose.yaml:3: service “db” isn't started", "compose.yaml:8: build argument “TOKEN”",
        "compose.yaml:10: depends_on", "compose.yaml:22: watch action “dance”",
      ]),
    Case(
      name: "only restarts: a sync path",
      yaml: """
        services:
          web:
            build: .
            image: acme/web
            develop:
              watch:
                - {action: sync+restart, path: ., target: /srv}
        """,
      facts: [
        "image acme/web . Dockerfile", "manifests k8s/web.yaml", "sync ** -> /srv",
        "paths sync rebuild rebuild-plain",
      ]),
    Case(
      name: "no watch: the COPYs",
      yaml: """
        volumes: {data: {}}
        services:
          other: {build: ./src}
          web:
            build: {context: ., dockerfile: Dockerfile}
            image: acme/web
            env_file: .env
        """,
      artifact: "web",
      facts: [
        "image acme/web . Dockerfile", "manifests k8s/web.yaml",
        "sync src/** -> /srv/src strip src",
        "sync main.py -> /srv", "paths sync-restart rebuild rebuild-plain",
      ],
      lost: [
        "service “other” isn't started; choose it with --artifact other",
        "compose.yaml:7: env_file",
        "compose.yaml:1: volumes", "has no develop.watch",
      ]),
  ]

  private static func project(_ yaml: String, _ files: [String: String] = [:]) throws -> Project {
    let common = [
      "compose.yaml": yaml, "Dockerfile": Project.dockerfile, "main.py": Project.main,
      "src/a.py": "", "requirements.txt": "",
    ]
    return try Project(common.merging(files) { $1 })
  }

  @Test("a compose file becomes a scenario, and what doesn't is told", arguments: cases)
  func importing(_ example: Case) throws {
    let project = try Self.project(example.yaml, ["k8s/web.yaml": Project.pod("acme/web")])
    let imported = try project.imported(artifact: example.artifact)
    let notes = imported.notCarriedOver.map(\.description)
    #expect(notes.count == example.lost.count, "\(notes)")
    for (note, wanted) in zip(notes, example.lost) { #expect(note.contains(wanted), "\(note)") }
    #expect(imported.unfinished == [])
    #expect(try project.scenario(imported.text).clusterFacts == example.facts)
  }

  @Test("without manifests it offers one, which makes the scenario whole when it is saved")
  func manifest() throws {
    let project = try Self.project(
      """
      services:
        web:
          build: .
          image: acme/web
          command: python3 main.py --verbose
          environment: {GREETING: "a \\"b\\" # c"}
          ports: ["127.0.0.1:80:8080/tcp"]
      """)
    let imported = try project.imported()
    #expect(imported.unfinished.count == 1)
    let manifest = imported.text.split(separator: "\n").filter { $0.hasPrefix("    #   ") }
      .map { $0.dropFirst(8) }.joined(separator: "\n")
    #expect(manifest.contains("containerPort: 8080"))
    try project.directory.write("k8s/app.yaml", manifest)
    #expect(try project.scenario(imported.text).clusterFacts.contains("manifests k8s/app.yaml"))
    #expect(try project.imported().unfinished == [])
  }

  @Test("where a sync restarts the app, its own reloader is off")
  func restartWithReloader() throws {
    let project = try Self.project(
      """
      services:
        web:
          build: .
          image: acme/web
          develop:
            watch:
              - {action: sync+restart, path: ., target: /srv}
      """,
      [
        "k8s/web.yaml": Project.pod("acme/web"),
        "Dockerfile": "FROM x\nWORKDIR /srv\nCOPY . .\nCMD [\"flask\", \"run\", \"--reload\"]\n",
      ])
    let paths = try project.scenario(project.imported().text).workflows[0].paths
    let sync = try #require(paths.first { "\($0.pathName)" == "sync" })
    #expect(sync.command == ["flask", "run"] && sync.environment == ["FLASK_DEBUG": "0"])
    #expect(sync.markers == Markers())
  }

  @Test("a manifest to begin with is offered where there is no file yet")
  func freeFile() throws {
    let project = try Self.project(
      "services: {web: {build: ., image: acme/web}}\n", ["k8s/app.yaml": Project.pod("other")])
    let imported = try project.imported()
    #expect(imported.unfinished.map(\.description)[0].contains("as k8s/devbench.yaml, or"))
    #expect(imported.text.contains("manifests: [k8s/devbench.yaml]"))
  }

  @Test("a compose file that can't serve is told")
  func faulty() throws {
    for (yaml, message) in [
      ("services: {web: {image: x}}\n", "compose.yaml:1: no service is built"),
      ("services:\n  web: [\n", "compose.yaml:"),
    ] {
      let project = try Self.project(yaml)
      let failure = #expect(throws: ImportFailure.self) { try project.imported() }
      #expect("\(try #require(failure))".replacing(":1:1:", with: ":1:").contains(message))
    }
  }
}
