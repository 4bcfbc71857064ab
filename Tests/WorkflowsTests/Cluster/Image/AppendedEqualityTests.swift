import Containers
import FileSync
import Foundation
import Scenarios
import TestSupport
import Testing

@testable import Workflows

/// What the builder `append` makes has to be what a full build of the same tree makes.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct AppendedEqualityTests {
  enum Expected: Sendable {
    case appended
    /// A full build, for a reason with this in it.
    case full(String)
  }

  struct Case: Sendable {
    let name: String
    let expected: Expected
    let change: @Sendable (AppTree) throws -> Void

    init(
      _ name: String, _ expected: Expected, _ change: @escaping @Sendable (AppTree) throws -> Void
    ) {
      self.name = name
      self.expected = expected
      self.change = change
    }
  }

  private static let files = [
    "requirements.txt": "flask\n", "app.py": "print(1)\n", "run.sh": "#!/bin/sh\n",
    "main.cfg": "a=1\n", "README.md": "read me\n", "secret.txt": "hush\n",
    "static/site.css": "a {}\n", "static/img/logo.svg": "<svg/>\n",
    "static/img/old.svg": "<svg/>\n",
    "conf/a.conf": "x\n", "conf/b.conf": "y\n", "lib/core.py": "pass\n",
    "lib/util/text.py": "pass\n",
    "shared/one": "1\n", "shared/config": "base\n", "override/config": "own\n",
    ".dockerignore": "secret.txt\nstatic/*.bak\n*.log\n",
  ]

  private static let dockerfile = """
    RUN mkdir -p /srv/www/img /srv/app /etc/app && chmod 750 /srv/www && chmod 2775 /srv/app \\
        && chown 7:8 /srv/www && echo web:x:1234:55:web:/:/bin/sh >> /etc/passwd
    WORKDIR /srv/app
    COPY requirements.txt .
    RUN cat requirements.txt > /installed
    COPY --chown=1000:1001 app.py run.sh ./
    COPY static /srv/www/
    COPY --chmod=640 conf/*.conf /etc/app/
    COPY --chown=web lib ./lib/
    COPY main.cfg /etc/renamed.cfg
    COPY shared override /opt/shared/
    USER 1000
    CMD ["sh"]
    """

  private static let cases: [Case] = [
    Case("nothing", .appended) { _ in },
    Case("an edit", .appended) { try $0.directory.write("app.py", "print(2)\n") },
    Case("an edit of a file that is renamed by COPY", .appended) {
      try $0.directory.write("main.cfg", "a=2\n")
    },
    Case("two files and a mode", .appended) {
      try $0.directory.write("app.py", "")
      try $0.chmod("run.sh", 0o755)
    },
    Case("chmod +x", .appended) { try $0.chmod("app.py", 0o755) },
    Case("set-user-ID", .appended) { try $0.chmod("app.py", 0o6755) },
    Case("a new file in a copied directory", .appended) {
      try $0.directory.write("static/new.css", "b {}\n")
    },
    Case("a new file for a pattern", .appended) { try $0.directory.write("conf/c.conf", "z\n") },
    Case("a new directory with files", .appended) {
      try $0.directory.write("static/fonts/deep/a.woff", "font\n")
      try $0.directory.write("static/fonts/b.woff", "font\n")
      try $0.chmod("static/fonts", 0o700)
    },
    Case("an empty directory", .appended) {
      try FileManager.default.createDirectory(
        atPath: $0.directory("lib/empty"), withIntermediateDirectories: false)
      try $0.chmod("lib/empty", 0o1775)
    },
    Case("a directory's mode", .appended) { try $0.chmod("static/img", 0o711) },
    Case("a file below a directory of the image with an owner", .appended) {
      try $0.directory.write("static/img/logo.svg", "<svg></svg>\n")
    },
    Case("a file of a user of the image", .appended) {
      try $0.directory.write("lib/util/more.py", "pass\n")
    },
    Case("a link in a copied directory", .appended) { try $0.link("static/l", to: "../../x") },
    Case("a long name and one with odd signs", .appended) {
      try $0.directory.write(
        "static/\(String(repeating: "d", count: 120))/\(String(repeating: "é", count: 100))", "x")
      try $0.directory.write("static/ -a\n'\"\\ b", "y")
    },
    Case("an editor's file", .appended) { try $0.directory.write("static/.site.css.swp", "b0") },
    Case("a file that is left out of the context", .appended) {
      try $0.directory.write("secret.txt", "other\n")
      try $0.directory.write("static/x.bak", "bak\n")
    },
    Case("a file that no instruction takes", .appended) {
      try $0.directory.write("README.md", "more\n")
    },
    Case("one of two overlapping copies", .full("copied to one place")) {
      try $0.directory.write("shared/config", "changed\n")
    },
    Case("a file beside overlapping copies", .appended) {
      try $0.directory.write("shared/one", "changed\n")
    },
    Case("a link that changes", .full("takes the place of something else")) {
      try $0.link("static/site.css", to: "img/logo.svg")
    },
    Case("a removed file", .full("static/img/old.svg was removed")) {
      try $0.remove("static/img/old.svg")
    },
    Case("a rename", .full("static/img/old.svg was removed")) {
      try $0.move("static/img/old.svg", to: "static/img/new.svg")
    },
    Case("a file replaced by a directory", .full("takes the place of something else")) {
      try $0.remove("static/site.css")
      try $0.directory.write("static/site.css/x", "x")
    },
    Case("a directory replaced by a file", .full("was removed")) {
      try $0.remove("static/img")
      try $0.directory.write("static/img", "x")
    },
    Case("a file that RUN used", .full("requirements.txt is used by RUN (line 6")) {
      try $0.directory.write("requirements.txt", "flask\nrequests\n")
    },
    Case("the Dockerfile", .full("the Dockerfile")) {
      try $0.write(dockerfile: dockerfile + "\nENV A=1")
    },
    Case("the ignore file", .full("the Dockerfile or what it leaves out")) {
      try $0.directory.write(".dockerignore", "secret.txt\nstatic/*.css\n")
    },
    Case("a link that COPY follows", .full("follows the link")) {
      try $0.move("lib", to: "lib2")
      try $0.link("lib", to: "lib2")
    },
  ]

  @Test func appendedImageHasTheFullBuildsFiles() async throws {
    try await ClusterEngine.with { engine in
      for one in Self.cases {
        let tree = try AppTree(engine, dockerfile: Self.dockerfile, files: Self.files)
        try await compare(tree, one)
      }
    }
  }

  private static let wholeContext: [Case] = [
    Case("an edit", .appended) { try $0.directory.write("app.py", "print(2)\n") },
    Case("git's own files", .appended) { try $0.directory.write(".git/index", "2") },
    Case("what is taken back in", .appended) { try $0.directory.write("vendor/keep/b", "2") },
    Case("what is left out", .appended) { try $0.directory.write("vendor/drop/c", "2") },
    Case("the base's directory of the same name", .appended) {
      try $0.directory.write("etc/new", "2")
    },
    Case("a new directory that the base image has", .full("which the base image may have")) {
      try $0.directory.write("usr/new", "2")
    },
    Case("a new directory for a link of the base image", .full("takes the place of something else"))
    {
      try $0.directory.write("link/new", "2")
    },
  ]

  @Test func wholeContextOverTheBasesOwnDirectories() async throws {
    try await ClusterEngine.with { engine in
      for one in Self.wholeContext {
        let tree = try AppTree(
          engine,
          dockerfile: "RUN mkdir -p /usr/deep /real && ln -s real /link\nCOPY . /\nCMD [\"sh\"]",
          files: [
            "app.py": "1", ".git/index": "1", ".git/HEAD": "1", "etc/app.conf": "1",
            "vendor/keep/a": "1", "vendor/drop/b": "1",
            ".dockerignore": "vendor/*\n!vendor/keep\n",
          ])
        try await compare(tree, one)
      }
    }
  }

  /// A place behind a link of the image's would be hidden by the layer's directory.
  @Test func targetBehindALinkIsBuiltInFull() async throws {
    try await ClusterEngine.with { engine in
      let tree = try AppTree(
        engine, dockerfile: "RUN mkdir /real && ln -s real /link\nCOPY app.py /link/\n",
        files: ["app.py": "1"])
      try await compare(
        tree,
        Case("an edit", .full("/link is no directory in the image")) {
          try $0.directory.write("app.py", "2")
        })
    }
  }

  @Test func randomTreesAndChanges() async throws {
    var random = RandomTree(seed: UInt64.random(in: 0 ... .max))
    try await ClusterEngine.with { engine in
      for round in 0..<12 {
        let tree = try AppTree(
          engine,
          dockerfile: """
            RUN mkdir -p /data/d0/d1 && chmod 2750 /data/d0 && chown 5:6 /data/d0/d1
            WORKDIR /app
            COPY --chown=\(["0:0", "33:44", "77"][round % 3]) d0 ./d0/
            COPY d1 /data/
            COPY \(round % 2 == 0 ? "" : "--chmod=644 ")*.txt d2/*.txt ./text/
            """,
          files: [
            "d0/f": "x", "d1/f": "x", "d2/f.txt": "x", "f.txt": "y",
            ".dockerignore": ["", "**/*.log\nd0/d1\n", "d1/*\n!d1/f*\n"][round % 3],
          ])
        for _ in 0..<20 { try random.change(tree, removals: true) }
        try FileManager.default.createDirectory(
          atPath: tree.directory("d2"), withIntermediateDirectories: true)
        for name in ["d0/f", "d1/f", "d2/f.txt", "f.txt"] {
          // Not through a link.
          try tree.remove(name)
          try tree.directory.write(name, "x")
        }
        let before = random
        for _ in 0..<4 { random.skip() }
        try await compare(
          tree,
          Case("seed \(random.seed), round \(round)", .appended) {
            var random = before
            for _ in 0..<4 { try random.change($0, removals: round % 4 == 3) }
          }, strict: false)
      }
    }
  }

  /// - Parameter strict: whether it matters which of the builders can do it.
  private func compare(_ tree: AppTree, _ one: Case, strict: Bool = true) async throws {
    let appender: LayerAppender
    do {
      appender = try await tree.buildForAppending()
    } catch let failure as WorkflowFailure where !strict {
      // A random tree may be none that can be built: a link to nothing, say.
      guard case .build = failure else { throw failure }
      return
    }
    try one.change(tree)
    do {
      let appended = try await appender.append(named: tree.builder.tag.reference(1))
      if case .full = one.expected, strict { Issue.record("\(one.name) was appended") }
      let full: AppImage
      do {
        full = try await tree.build()
      } catch {
        Issue.record("\(one.name) was appended, and doesn't build: \(error)")
        return
      }
      let got = Set(try await tree.engine.tree(of: appended.id))
      let wanted = Set(try await tree.engine.tree(of: full.id))
      #expect(
        got == wanted,
        """
        \(one.name): too much \(got.subtracting(wanted).sorted()), \
        missing \(wanted.subtracting(got).sorted())
        """)
      #expect(appended.document.isConfigured(like: full.document), "\(one.name)")
    } catch let obstacle as LayerAppender.Obstacle {
      guard strict else { return }
      guard case .full(let reason) = one.expected else {
        Issue.record("\(one.name) was not appended: \(obstacle)")
        return
      }
      #expect(obstacle.description.contains(reason), "\(one.name): \(obstacle)")
    }
    await appender.end()
  }
}
