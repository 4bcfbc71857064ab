import ArgumentParser
import Reports
import ResultStore
import Scenarios

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add runs that another devbench exported to the database.",
    usage: "devbench import <file> ... [<options>]",
    discussion: """
      Reads what devbench export --format json writes. A run that is there already changes nothing; \
      one that was still running when it came is completed; one that is there with other content is \
      refused, and told of. Each run is added whole or not at all, so that an interrupted import can \
      be repeated.

      EXAMPLES
        devbench import night.jsonl
        devbench import machines/*.jsonl --db all.sqlite
        ssh box devbench export --all | devbench import -
      """)

  @Argument(help: "The files; “-” is standard input.", completion: .file())
  var files: [String]

  @OptionGroup var database: DatabaseOption

  func run() async throws {
    var importing = Importing(path: database.path)
    do {
      for file in files { try importing.file(file) }
    } catch {
      // What went before is in the database.
      if importing.counts.hasAny { Console.print(importing.counts.sentence) }
      throw error
    }
    if importing.counts.hasAny { Console.print(importing.counts.sentence) }
    if importing.counts.faults > 0 { throw ExitStatus.failed.code }
  }
}

/// Files going into a database.
struct Importing {
  /// Of one file no more are told: of a file that is something else, every line is faulty.
  static let mostMessages = 20

  struct Counts {
    var added = 0
    var completed = 0
    var alreadyThere = 0
    /// Runs among them that came with calibrations, blessings or their taking back that were news.
    var judged = 0
    /// Runs that could not be taken, and files.
    var faults = 0

    var hasAny: Bool { added + completed + alreadyThere > 0 }

    var sentence: String {
      "\(added) \(added == 1 ? "run" : "runs") imported"
        + (completed > 0 ? ", \(completed) completed" : "") + ", \(alreadyThere) already there"
        + (judged > 0 ? " (\(judged) with new blessings or calibrations)" : "")
    }
  }

  let path: String
  private(set) var counts = Counts()
  /// Opened for the first run: what can't be read makes no database.
  private var store: ResultStore?
  private let reader = RunDocumentReader(digest: ScenarioFile.digest)

  init(path: String) {
    self.path = path
  }

  /// Takes over all runs of a file that can be.
  ///
  /// - Throws: `StoreError` if the database takes no more.
  mutating func file(_ file: String) throws {
    let name = file == "-" ? "standard input" : file
    var messages = 0
    var runs = 0
    func tell(_ message: String) {
      messages += 1
      if messages <= Self.mostMessages { Console.error(PlainText.clean(message)) }
    }
    do {
      var lines = try ImportLines(path: file)
      while let line = try lines.next() {
        runs += 1
        do {
          try add(reader.read(line.bytes))
        } catch let fault as RunDocumentFault {
          counts.faults += 1
          tell("\(name), line \(line.number): \(Self.sentence(fault, line))")
          // What comes after is no better.
          if case .newer = fault { break }
          if runs == 1, !line.isRun { break }
        } catch let error as StoreError {
          // The rest of the runs may fit; a database that takes nothing ends the import.
          switch error {
          case .differs, .refused: counts.faults += 1
          default: throw error
          }
          tell("\(name), line \(line.number): \(error)")
        }
      }
    } catch let failure as ImportLines.Failure {
      counts.faults += 1
      tell("\(name) \(failure)")
      return
    }
    if messages > Self.mostMessages {
      Console.error("\(name): \(messages - Self.mostMessages) more lines are faulty")
    }
    if runs == 0 {
      counts.faults += 1
      Console.error(
        PlainText.clean("\(name) holds no runs; write some with `devbench export --format json`"))
    }
  }

  private mutating func add(_ run: StoredRun) throws {
    let store = try self.store ?? ResultStore.open(path: path)
    self.store = store
    switch try store.merge(run) {
    case .added: counts.added += 1
    case .completed: counts.completed += 1
    case .alreadyThere: counts.alreadyThere += 1
    case .judged:
      counts.alreadyThere += 1
      counts.judged += 1
    }
  }

  private static func sentence(_ fault: RunDocumentFault, _ line: ImportLines.Line) -> String {
    guard case .notJSON = fault, !line.hasEnd, line.isRun else { return "\(fault)" }
    return "it was cut off in this line; copy or export it again"
  }
}
