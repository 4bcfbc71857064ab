import Foundation
import Glibc
import Measurement
import Scenarios
import TestSupport
import Testing

@testable import Importing

/// Projects that are read from what their language has, and directories as they are found.
struct ProjectTests {
  private static let server = """
    const http = require("node:http");
    http.createServer((request, response) => {
      response.end("Hello there\\n");
    }).listen(process.env.PORT);
    """

  @Test("the sample apps become scenarios that can run", arguments: ["flask-hello", "node-hello"])
  func samples(_ name: String) throws {
    let apps = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../scenarios/apps")
      .standardized
    let directory = apps.appendingPathComponent(name).path
    let imported = try ImportedScenario.write(
      for: directory, into: directory, file: "devbench.yaml")
    #expect(imported.unfinished == [] && imported.notCarriedOver == [])
    let scenario = try ScenarioFile.check(
      text: imported.text, file: "devbench.yaml", directory: directory)
    #expect(scenario.notes == [])
    #expect(
      scenario.workflows.map { $0.paths.map { "\($0.pathName)" } } == [
        ["reload", "restart"], ["sync", "sync-restart", "rebuild", "rebuild-plain"],
      ])
    // Two that restart an app would race.
    let watching = scenario.workflows.flatMap(\.paths).filter {
      $0.command.contains("--watch") || $0.command.contains("--reload")
    }
    #expect(watching.map { "\($0.pathName)" } == ["reload"])
  }

  @Test(
    "package.json says how the app starts",
    arguments: [
      (
        #"{"dev": "node --watch server.js", "start": "node server.js"}"#,
        ["reload node --watch server.js", "restart node server.js"]
      ),
      (#"{"start": "NODE_ENV=x node server.js"}"#, ["restart npm run start"]),
      (#"{"dev": "nodemon server.js"}"#, ["reload npm run dev"]),
      (#"{"dev": "NODE_ENV=x node --watch server.js"}"#, ["reload npm run dev"]),
      (#"{"dev": "node server.js"}"#, ["restart node server.js"]),
      ("{}", ["restart node server.js"]),
    ])
  func packageJSON(scripts: String, paths: [String]) throws {
    let project = try Project([
      "package.json": "{\"main\": \"server.js\", \"scripts\": \(scripts)}",
      "server.js": Self.server,
    ])
    let imported = try project.imported()
    #expect(imported.unfinished == [])
    let scenario = try project.scenario(imported.text)
    let found = try #require(scenario.workflows.first).paths.map {
      "\($0.pathName) \($0.command.joined(separator: " "))"
    }
    #expect(found == paths)
    #expect(scenario.workflows[0].paths.allSatisfy { $0.environment["PORT"] == "{{port}}" })
    // Node's watcher loses a file that is renamed.
    #expect(imported.text.contains("save: truncate") == scripts.contains("--watch"))
  }

  @Test("a package.json that isn't JSON is told with its place")
  func faultyPackage() throws {
    let project = try Project(["package.json": "{\n  \"scripts\": {\"dev\" \"x\"}\n}\n"])
    let failure = #expect(throws: ImportFailure.self) { try project.imported() }
    #expect("\(try #require(failure))".hasPrefix("package.json:2:"), "\(failure!)")
    #expect("\(try #require(failure))".contains("the JSON isn't valid"))
  }

  @Test(
    "an edit is a text that the source itself says is answered, or none",
    arguments: [
      ("app.py", "@app.route('/')\ndef a():\n  return 'Hello you'\n", "Hello you"),
      ("app.py", "@app.route('/')\ndef a():\n  return f'Hello {you}'\n", nil),
      (
        "app.py", "@app.get(\"/\")\nasync def a():\n  return {\"message\": \"Hello World\"}\n",
        "Hello World"
      ),
      (
        "app.py", "x = 'Hello you'\n@app.route('/')\ndef a():\n  return 'Hello you'\n",
        "return 'Hello you"
      ),
      (
        "app.py", "@app.route('/')\ndef a():\n  if x: return 'One thing'\n  return 'Another'\n", nil
      ),
      ("app.py", "print('Hello you')\n", nil),
      ("s.js", "app.get('/', (req, res) => {\n  res.send('Hello you')\n})\n", "Hello you"),
      ("s.js", "app.get('/', (req, res) => res.json({ message: \"Hi you\" }))\n", "Hi you"),
      ("s.js", "app.get('/', (req, res) => res.send(`Hi ${x}`))\n", nil),
      ("s.js", "app.use((req, res) => res.status(404).send('Not here'))\n", nil),
      (
        "m.go",
        "http.HandleFunc(\"/\", hi)\nfunc hi(w http.ResponseWriter, r *http.Request) {\n  fmt.Fprintf(w, \"Hello %s\", n)\n}\n",
        "Hello"
      ),
      ("m.go", "func main() {\n  fmt.Println(\"Hello\")\n}\n", nil),
      // Lines that end as Windows' do.
      ("app.py", "@app.route('/')\r\ndef a():\r\n  return 'Hello you'\r\n", "Hello you"),
      // Comments.
      (
        "s.js", "app.get('/', (req, res) => {\n  // res.send('Hello old')\n  res.send(x)\n})\n", nil
      ),
      ("s.js", "/*\napp.get('/', (req, res) => res.send('Hello old'))\n*/\n", nil),
      (
        "app.py", "@app.route('/')\ndef a():\n  # return 'Old one'\n  return 'New one'\n", "New one"
      ),
      // A router answers below what another file mounts it at.
      (
        "a.py", "bp = Blueprint('a', __name__)\n@bp.route('/')\ndef a():\n  return 'Hello you'\n",
        nil
      ),
      (
        "a.py",
        "r = APIRouter()\napp.include_router(r)\n@r.get('/')\ndef a():\n  return 'Hello you'\n",
        "Hello you"
      ),
      ("s.js", "const r = express.Router()\nr.get('/', (q, res) => res.send('Hello you'))\n", nil),
      (
        "s.js",
        "const r = new Router()\nr.get('/', ctx => { ctx.body = 'Hello you' })\napp.use(r.routes())\n",
        "Hello you"
      ),
      (
        "m.go",
        "api := r.Group(\"/v1\")\napi.GET(\"/\", func(c *gin.Context) {\n  c.String(200, \"Hello you\")\n})\n",
        nil
      ),
      (
        "m.go",
        "r := gin.Default()\nr.GET(\"/\", func(c *gin.Context) {\n  c.JSON(200, gin.H{\"message\": \"Hello you\"})\n})\n",
        "Hello you"
      ),
      ("index.html", "<title>My page</title><h1>\nx</h1>\n", "My page"),
    ])
  func edits(file: String, text: String, find: String?) throws {
    let project = try Project([
      file: text, "Dockerfile": "FROM x\nWORKDIR /a\nCOPY . .\n", "k8s.yaml": Project.pod("x"),
    ])
    let imported = try project.imported()
    guard let find else {
      #expect(imported.unfinished.count == 1 && imported.text.contains("FILL-IN"))
      let faults = #expect(throws: ScenarioFaults.self) { try project.scenario(imported.text) }
      #expect("\(try #require(faults))".contains("FILL-IN"))
      return
    }
    let edit = try #require(try project.scenario(imported.text).edits.first)
    #expect(edit.changes.map(\.action) == [.replace(find: find, replacement: find + " {{token}}")])
  }

  @Test("a Dockerfile goes with the manifests that run what it builds")
  func dockerfile() throws {
    let files = [
      "Dockerfile": Project.dockerfile, "main.py": Project.main, "src/a.py": "",
      "deploy/app.yaml": Project.pod("registry.example/team/shop:2"),
      "deploy/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
      "charts/t.yaml": "apiVersion: v1\nkind: Pod\n{{- if .Values.x }}\n",
      "other/values.yaml": "a: 1\n", "node_modules/x/k8s.yaml": Project.pod("other"),
    ]
    let imported = try Project(files).imported()
    #expect(imported.unfinished == [])
    #expect(
      imported.notCarriedOver.map(\.description) == [
        "charts/t.yaml: a template isn't rendered, so its objects aren't deployed"
      ])
    let project = try Project(files)
    #expect(
      try project.scenario(imported.text).clusterFacts == [
        "image registry.example/team/shop . Dockerfile",
        "manifests deploy/app.yaml deploy/config.yaml",
        "sync src/** -> /srv/src strip src", "sync main.py -> /srv",
        "paths sync-restart rebuild rebuild-plain",
      ])
    let several = try Project(files.merging(["deploy/b.yaml": Project.pod("cart")]) { $1 })
    #expect(try several.imported().unfinished.first?.description.contains("--artifact") == true)
    #expect(try several.imported(artifact: "cart").unfinished == [])
  }

  @Test("an unfinished scenario is refused until a person has seen to it")
  func refused() throws {
    let project = try Project([
      "skaffold.yaml": "apiVersion: skaffold/v4beta11\nbuild: {artifacts: [{image: shop}]}\n",
      "Dockerfile": Project.dockerfile, "main.py": Project.main, "k8s/a.yaml": Project.pod("other"),
    ])
    let imported = try project.imported()
    #expect(imported.unfinished.map(\.description)[0].contains("no pod of the manifests runs"))
    let faults = #expect(throws: ScenarioFaults.self) { try project.scenario(imported.text) }
    #expect("\(try #require(faults))".contains("FILL-IN"))
    try project.directory.write("k8s/a.yaml", Project.pod("shop"))
    let lines = imported.text.split(separator: "\n").filter { !$0.hasPrefix("FILL-IN:") }
    _ = try project.scenario(lines.joined(separator: "\n"))
  }

  @Test(
    "an edited template takes debug mode to be shown",
    arguments: [("render_template('a.html')", true), ("'Hello you'", false)])
  func template(answer: String, isDebug: Bool) throws {
    let project = try Project([
      "app.py": "app = Flask(__name__)\n@app.route('/')\ndef a():\n  return \(answer)\n",
      "templates/a.html": "<h1>Hello all</h1>\n",
    ])
    let paths = try project.scenario(project.imported().text).workflows[0].paths
    #expect(paths.map { $0.command.contains("--debug") } == [isDebug, false])
  }

  @Test("a virtual environment has to be activated")
  func virtualEnvironment() throws {
    let files = [
      "app.py": "app = Flask(__name__)\n@app.route('/')\ndef a():\n  return 'Hello you'\n"
    ]
    #expect(try Project(files).imported().notCarriedOver == [])
    let notes = try Project(files.merging([".venv/pyvenv.cfg": ""]) { $1 }).imported()
      .notCarriedOver
    #expect(notes.map(\.description).count == 1 && notes[0].description.hasPrefix(".venv: "))
  }

  @Test("names with quotes, signs and other letters come through")
  func awkwardNames() throws {
    let name = "a \"b\" #c: 'ä' {日本}"
    let project = try Project([
      "\(name)/Dockerfile": "FROM x\nWORKDIR /a\nCOPY . .\n", "\(name)/app.py": Project.main,
      "\(name)/k8s.yaml": Project.pod("x"),
    ])
    let imported = try project.imported()
    #expect(imported.unfinished == [])
    let scenario = try project.scenario(imported.text)
    #expect(scenario.workflows.first?.paths.first?.cluster?.image.context == name)
    #expect(scenario.edits.first?.changes.first?.file == "\(name)/app.py")
  }

  @Test("links in circles, links out, devices and directories that can't be read do no harm")
  func strangeDirectories() throws {
    let project = try Project(["app.py": "app = Flask(__name__)\n" + Project.main, "sub/x.txt": ""])
    let files = FileManager.default
    try files.createSymbolicLink(atPath: project.directory("sub/loop"), withDestinationPath: "..")
    try files.createSymbolicLink(
      atPath: project.directory("self.py"), withDestinationPath: "self.py")
    try files.createSymbolicLink(
      atPath: project.directory("Dockerfile"), withDestinationPath: "/etc/passwd")
    #expect(mkfifo(project.directory("package.json"), 0o600) == 0)
    let imported = try project.imported()
    #expect(imported.unfinished == [] && imported.notCarriedOver == [])
    #expect(try project.scenario(imported.text).workflows.map(\.kind) == [.localNative])
  }

  @Test("where there is nothing, the next step is told")
  func nothing() throws {
    let empty = try Project([:])
    for source in [nil] + ImportSource.allCases.map(Optional.some) {
      let failure = #expect(throws: ImportFailure.self) { try empty.imported(from: source) }
      #expect("\(try #require(failure))".contains(source == nil ? "by hand" : "--from"))
    }
    #expect(throws: ImportFailure.self) {
      try ImportedScenario.write(for: "/nowhere", into: "/nowhere", file: "x.yaml")
    }
    #expect(throws: ImportFailure.self) {
      try ImportedScenario.write(for: empty.directory.path, into: "/usr", file: "x.yaml")
    }
  }
}
