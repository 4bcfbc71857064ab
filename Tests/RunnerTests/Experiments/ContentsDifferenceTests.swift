import Testing
import Workflows

@testable import Runner

struct ContentsDifferenceTests {
  private static let file = SetUpContents.Entry(
    kind: "file", mode: 0o644, owner: "0:0", size: 3, digest: "aa")

  private static func changed(
    _ body: (inout SetUpContents.Entry) -> Void
  ) -> SetUpContents.Entry {
    var entry = file
    body(&entry)
    return entry
  }

  @Test(
    "each way in which a file can differ has its words",
    arguments: [
      (file, file, nil),
      (file, nil, "only the first time"),
      (nil, file, "only the second time"),
      (file, changed { $0.digest = "bb" }, "another content"),
      (file, changed { ($0.size, $0.digest) = (4, "bb") }, "3 B, then 4 B"),
      (file, changed { $0.mode = 0o4755 }, "mode 644, then 4755"),
      (file, changed { $0.owner = "0:7" }, "owner 0:0, then 0:7"),
      (
        file, SetUpContents.Entry(kind: "directory", mode: 0o644, owner: "0:0"),
        "file, then directory"
      ),
      (
        SetUpContents.Entry(kind: "symbolic link", mode: 0o777, owner: "0:0", link: "a"),
        SetUpContents.Entry(kind: "symbolic link", mode: 0o777, owner: "0:0", link: "b"),
        "leads to a, then to b"
      ),
    ] as [(SetUpContents.Entry?, SetUpContents.Entry?, String?)])
  func files(_ first: SetUpContents.Entry?, _ second: SetUpContents.Entry?, _ how: String?) {
    let difference = ContentsDifference(
      of: SetUpContents(files: first.map { ["x": $0] } ?? [:]),
      and: SetUpContents(files: second.map { ["x": $0] } ?? [:]))
    #expect(difference.files.map(\.how) == [how].compactMap { $0 })
    #expect(difference.compared == 1)
    #expect(difference.equal == (how == nil ? 1 : 0))
  }

  @Test("settings differ by name, values of variables aren't told, compiled modules come last")
  func settings() {
    let other = Self.changed { $0.digest = "bb" }
    let difference = ContentsDifference(
      of: SetUpContents(
        files: ["a.pyc": Self.file, "b": Self.file, "c": Self.file],
        settings: ["Env KEY": "secret", "Cmd": "[1]", "User": "me"]),
      and: SetUpContents(
        files: ["a.pyc": other, "b": other, "c": Self.file],
        settings: ["Env KEY": "other", "Cmd": "[2]", "Volumes": "{}"]))
    #expect(
      difference.settings == [
        .init(name: "Cmd", how: "[1], then [2]"), .init(name: "Env KEY", how: "another value"),
        .init(name: "User", how: "only the first time"),
        .init(name: "Volumes", how: "only the second time"),
      ])
    #expect(difference.files.map(\.name) == ["b", "a.pyc"])
    #expect(difference.derived == 1)
    #expect(difference.equal == 1)
  }
}
