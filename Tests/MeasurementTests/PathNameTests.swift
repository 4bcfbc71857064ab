import Measurement
import Testing

struct PathNameTests {
  static let good: [(String, PathName)] = [
    ("sync", PathName(.sync)),
    ("sync-restart", PathName(.sync, variant: "restart")),
    ("reload-watchdog", PathName(.reload, variant: "watchdog")),
    ("rebuild-plain-2.0_x", PathName(.rebuild, variant: "plain-2.0_x")),
    ("sync--", PathName(.sync, variant: "-")),
    (
      "sync-" + String(repeating: "a", count: 32),
      PathName(.sync, variant: String(repeating: "a", count: 32))
    ),
  ]

  @Test(arguments: good)
  func aNameIsReadAndWrittenAlike(_ text: String, _ name: PathName) {
    #expect(PathName(parsing: text) == name)
    #expect("\(name)" == text)
  }

  @Test(arguments: [
    "", "-", "copy", "copy-restart", "sync-", "-restart", "sync/restart", "sync-a/b", "sync-../..",
    "sync-a b", "sync-é", "sync-\n", "Sync", "syncrestart",
    "sync-" + String(repeating: "a", count: 33),
  ])
  func whatNamesNoPathIsRefused(_ text: String) {
    #expect(PathName(parsing: text) == nil)
  }

  @Test
  func aCellsNameHasTheVariant() {
    let cell = Cell(workflow: .localCluster, path: .sync, variant: "restart", edit: "message")
    #expect(cell.name == "local-cluster/sync-restart/message")
    #expect(
      Cell(workflow: .localCluster, path: .sync, edit: "message").name
        == "local-cluster/sync/message")
  }
}
