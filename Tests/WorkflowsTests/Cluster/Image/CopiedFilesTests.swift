import Containers
import FileSync
import Testing

@testable import Workflows

struct CopiedFilesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let dockerfile: String
    let file: TreePath
    let kind: TreeEntry.Kind
    /// The place, or a part of what is said instead; empty if no instruction takes it.
    let wanted: String

    init(
      _ dockerfile: String, _ file: TreePath, _ wanted: String, kind: TreeEntry.Kind = .file
    ) {
      self.dockerfile = dockerfile
      self.file = file
      self.kind = kind
      self.wanted = wanted
    }

    var testDescription: String { "\(dockerfile) | \(file)" }
  }

  @Test(arguments: [
    // Targets.
    Case("WORKDIR /app\nCOPY app.py .", "app.py", "/app/app.py"),
    Case("WORKDIR /app\nCOPY app.py ./", "app.py", "/app/app.py"),
    Case("WORKDIR /app\nCOPY app.py sub/", "app.py", "/app/sub/app.py"),
    Case("WORKDIR /app\nCOPY app.py /app", "app.py", "/app/app.py"),
    Case("COPY app.py /srv/", "app.py", "/srv/app.py"),
    Case("COPY app.py /srv/main.py", "app.py", "/srv/main.py (or below it)"),
    Case("COPY ./app.py /srv/./x/", "app.py", "/srv/x/app.py"),
    Case("COPY app.py ../x/", "app.py", "that only the base image names"),
    Case("COPY app.py .", "app.py", "that only the base image names"),
    Case("WORKDIR app\nCOPY app.py .", "app.py", "that only the base image names"),
    // Edge case 22: WORKDIR isn't doubled.
    Case("WORKDIR /app\nWORKDIR sub\nCOPY app.py .", "app.py", "/app/sub/app.py"),
    Case("WORKDIR /app\nWORKDIR /app\nCOPY app.py .", "app.py", "/app/app.py"),
    Case("WORKDIR /app\nCOPY app.py /app/", "app.py", "/app/app.py"),
    Case("WORKDIR $DIR\nCOPY app.py .", "app.py", "that only the base image names"),
    Case("WORKDIR $DIR\nWORKDIR /app\nCOPY app.py .", "app.py", "/app/app.py"),
    // Sources.
    Case("COPY app.py b.py /srv/", "b.py", "/srv/b.py"),
    Case("COPY app.py b.py /srv/", "c.py", ""),
    Case("COPY *.py /srv/", "x.py", "/srv/x.py"),
    Case("COPY *.py /srv/", "sub/x.py", ""),
    Case("COPY s*/x.? /srv/", "sub/x.y", "/srv/x.y"),
    Case("COPY **/x.py /srv/", "sub/x.py", "a variable or a pattern of its own"),
    Case("COPY [\"a b\", \"/srv/\"]", "a b", "/srv/a b"),
    Case("COPY \"a b\" /srv/", "a b", "/srv/a b"),
    Case("COPY . .", "app.py", "that only the base image names"),
    Case("WORKDIR /app\nCOPY . .", "a/b/c", "/app/a/b/c"),
    Case("WORKDIR /app\nCOPY / .", "a/b/c", "/app/a/b/c"),
    Case("COPY src /srv", "src/a/b", "/srv/a/b"),
    Case("COPY src/ /srv/", "src/a/b", "/srv/a/b"),
    Case("COPY src /srv/", "src", "/srv/ (or below it)", kind: .directory),
    Case("COPY src/sub /srv/", "src", "", kind: .directory),
    Case("COPY src/sub /srv/", "src/other", ""),
    Case("COPY src /srv/", "src", "follows this link", kind: .link),
    Case("COPY src /srv/", "src/link", "/srv/link", kind: .link),
    Case("COPY ../up /srv/", "up", "a variable or a pattern of its own"),
    Case("COPY $FILE /srv/", "app.py", "a variable or a pattern of its own"),
    Case("COPY app.py $DIR/", "app.py", "a variable or a pattern of its own"),
    // Options.
    Case("COPY --chown=1:2 --chmod=640 app.py /srv/", "app.py", "/srv/app.py"),
    Case("COPY --chown=web app.py /srv/", "app.py", "/srv/app.py"),
    Case("COPY --chown=$WHO app.py /srv/", "app.py", "--chown=$WHO"),
    Case("COPY --chmod=u+x app.py /srv/", "app.py", "--chmod=u+x"),
    Case("COPY --chmod=4755 app.py /srv/", "app.py", "--chmod=4755"),
    Case("COPY --link app.py /srv/", "app.py", "COPY --link"),
    Case("COPY --parents app.py /srv/", "app.py", "COPY --parents"),
    Case("COPY --from=other app.py /srv/", "app.py", ""),
    // What else may have seen the file.
    Case("COPY app.py /srv/\nRUN true", "app.py", "is used by RUN (line 3"),
    Case("COPY app.py /srv/\nRUN true\nCOPY b.py /srv/", "b.py", "/srv/b.py"),
    Case("COPY app.py /srv/\nRUN true\nCOPY app.py /x/", "app.py", "is used by RUN (line 3"),
    Case("COPY app.py /srv/\nADD b.tar /x/", "app.py", "is used by ADD"),
    Case("ADD app.py /srv/", "app.py", "is used by ADD"),
    Case("COPY app.py /srv/\nVOLUME /srv", "app.py", "is used by VOLUME"),
    Case("VOLUME /srv\nCOPY app.py /srv/", "app.py", "/srv/app.py"),
    Case("COPY app.py /srv/\nCOPY --from=other /x /srv/", "app.py", "is used by COPY"),
    Case("COPY app.py /srv/\nCOPY $X /srv/", "app.py", "is used by COPY"),
    Case("COPY app.py /srv/\nCOPY <<EOF /srv/app.py\nx\nEOF", "app.py", "is used by COPY"),
    Case("COPY app.py /srv/\nENV A=1\nUSER 5\nLABEL a=b\nCMD [\"x\"]", "app.py", "/srv/app.py"),
    Case("RUN --mount=type=bind,target=/c true", "app.py", "is used by RUN --mount"),
    Case("RUN --mount=target=/c,source=. true", "app.py", "is used by RUN --mount"),
    Case("RUN --mount=type=bind,from=x,target=/c true\nCOPY a /b/", "a", "/b/a"),
    Case("RUN --mount=type=cache,target=/c true\nCOPY a /b/", "a", "/b/a"),
    // Stages.
    Case("COPY app.py /srv/\nFROM x\nCOPY app.py /srv/", "app.py", "is used by COPY (line 2"),
    Case("COPY b.py /srv/\nFROM x\nCOPY app.py /srv/", "app.py", "/srv/app.py"),
    Case("WORKDIR /app\nFROM x\nCOPY app.py .", "app.py", "that only the base image names"),
  ])
  func place(of one: Case) throws {
    let copies = try Dockerfile(parsing: "FROM base\n\(one.dockerfile)").copiedFiles
    let found: String
    do {
      found = try copies.places(of: one.file, one.kind).map {
        "\($0.path)\($0.isTarget ? " (or below it)" : "")"
      }.joined(separator: " and ")
    } catch {
      #expect(!one.wanted.isEmpty && "\(error)".contains(one.wanted), "\(error)")
      return
    }
    #expect(found == one.wanted.replacing("/srv/ (", with: "/srv ("))
  }

  @Test func fileMayHaveSeveralPlaces() throws {
    let copies = try Dockerfile(parsing: "FROM base\nCOPY a /x/\nCOPY . /y\nCOPY a b /z/")
      .copiedFiles
    #expect(try copies.places(of: "a", .file).map(\.path) == ["/x/a", "/y/a", "/z/a"])
  }

  @Test(arguments: [
    ("COPY --chown=1:2 a /x/", CopiedFiles.Owner.numbers(user: 1, group: 2)),
    ("COPY a /x/", .numbers(user: 0, group: 0)), ("COPY --chown=1 a /x/", .named("1")),
    ("COPY --chown=web:web a /x/", .named("web:web")), ("COPY --chown=:5 a /x/", .named(":5")),
  ])
  func owner(_ instruction: String, _ wanted: CopiedFiles.Owner) throws {
    let copies = try Dockerfile(parsing: "FROM base\n\(instruction)").copiedFiles
    #expect(copies.plain.map(\.owner) == [wanted])
  }

  @Test(
    arguments: [
      ("COPY src/a/* /x/", "src", true), ("COPY src/a /x/", "src/a/b", true),
      ("COPY src/a /x/", "src/b", false), ("COPY src /x/", "other", false),
      ("COPY . /x/", "any/thing", true), ("RUN --mount=type=bind,target=/c true", "any", true),
      ("ADD x.tar /", "x.tar", true),
    ] as [(String, TreePath, Bool)])
  func looksOnlyWhereAnInstructionDoes(
    _ instruction: String, _ path: TreePath, _ wanted: Bool
  ) throws {
    let copies = try Dockerfile(parsing: "FROM base\n\(instruction)").copiedFiles
    #expect(copies.mayTake(path) == wanted)
  }

  @Test(
    arguments: [
      ("COPY current/app.py /x/", "current", true), ("COPY current /x/", "current", true),
      ("COPY cur* /x/", "current", true), ("COPY . /x/", "current", false),
      ("COPY src /x/", "src/current", false),
    ] as [(String, TreePath, Bool)])
  func copyFollowsLinksThatItNames(
    _ instruction: String, _ link: TreePath, _ wanted: Bool
  ) throws {
    let copies = try Dockerfile(parsing: "FROM base\n\(instruction)").copiedFiles
    #expect((copies.lineFollowing(link) != nil) == wanted)
  }
}
