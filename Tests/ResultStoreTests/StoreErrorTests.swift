import ResultStore
import Testing

@Suite struct StoreErrorTests {
  private static let path = "/data/my results.sqlite"

  static let wayOut: [(StoreError, String)] = [
    (.missing(path: path), "measure some with `devbench run SCENARIO`"),
    (.directory(path: path), "name a file in it, such as \(path)/results.sqlite, with --db"),
    (.noPermission(path: path), "change the permissions"),
    (.readOnly(path: path), "make both writable"),
    (.unreadableJournal(path: path), "copy both files to a writable directory"),
    (.locked(path: path, waited: .seconds(30)), "still was after 30 s; wait for that process"),
    (.notADatabase(path: path), "Move it away"),
    (.damaged(path: path, detail: "malformed"), "(malformed)"),
    (.foreign(path: path), "of another program"),
    (.newer(path: path), "Use that devbench"),
    (.older(path: path), "any `devbench run` with this database does"),
    (.diskFull(path: path), "Free some space"),
    (.noRuns(path: path), "measure one with `devbench run SCENARIO`"),
    (.unknownRun(path: path, reference: "x", recent: []), "there are none yet. `devbench runs`"),
    (.unknownRun(path: path, reference: "x", recent: ["b", "a"]), "the newest are b, a."),
    (
      .ambiguousRun(path: path, reference: "2", candidates: ["2a", "2b"], more: false),
      "'2' is the start of several runs in \(path): 2a, 2b; type more"
    ),
    (.refused(path: path, detail: "a lost phase"), "a lost phase. This is a fault in devbench"),
    (.other(path: path, detail: "disk I/O error"), "disk I/O error. Check the file and its disk"),
  ]

  @Test(arguments: wayOut) func saysWhichFileAndWhatToDo(_ error: StoreError, _ text: String) {
    #expect(error.description.contains(Self.path))
    #expect(error.description.contains(text))
    #expect(error.description.hasSuffix("."))
    #expect("\(error)" == error.description)
  }
}
