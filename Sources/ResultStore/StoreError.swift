import Clock

/// Why results couldn't be stored or read. Every description names the file and the way out.
///
/// Whatever the case, the file was left as it was: nothing is repaired, replaced or overwritten.
package enum StoreError: Error, Sendable, Hashable {
  /// No file is there, and reading doesn't create one.
  case missing(path: String)
  case directory(path: String)
  case noPermission(path: String)
  /// The file, its directory or its file system doesn't take writes.
  case readOnly(path: String)
  /// Read-only, and without its index; SQLite can't read the `-wal` file that a dead process left.
  case unreadableJournal(path: String)
  /// Another process held the lock for longer than the busy timeout.
  case locked(path: String, waited: Duration)
  case notADatabase(path: String)
  /// An SQLite database whose pages don't fit together, or whose values make no sense.
  case damaged(path: String, detail: String)
  /// An SQLite database of another program.
  case foreign(path: String)
  case newer(path: String)
  case older(path: String)
  case diskFull(path: String)
  /// A database without a single run, or not even tables.
  case noRuns(path: String)
  /// `recent` are the newest runs, newest first.
  case unknownRun(path: String, reference: String, recent: [String])
  /// `candidates` are the first matches, `more` says that there are others.
  case ambiguousRun(path: String, reference: String, candidates: [String], more: Bool)
  /// A run is to be merged whose id is taken by one that it is no earlier or later state of.
  case differs(path: String, run: String, difference: RunDifference)
  /// The value breaks an invariant of the schema and wasn't stored: a fault of devbench's own.
  case refused(path: String, detail: String)
  case other(path: String, detail: String)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path):
      "There are no results at \(path); measure some with `devbench run SCENARIO`, or name another "
        + "file with --db."
    case .directory(let path):
      "\(path) is a directory; name a file in it, such as \(path)/results.sqlite, with --db."
    case .noPermission(let path):
      "Permission to use \(path) is denied; change the permissions of the file and its directory, "
        + "or name another file with --db."
    case .readOnly(let path):
      "\(path) can't be written, it or its directory is read-only; make both writable, or name "
        + "another file with --db."
    case .unreadableJournal(let path):
      "\(path) is in a read-only place, and the last samples are still in \(path)-wal, which "
        + "SQLite can't read there; copy both files to a writable directory and read them there."
    case .locked(let path, let waited):
      "\(path) is locked by another process, and still was after \(Self.seconds(waited)); wait for "
        + "that process to end (`fuser \(path)` names it), or name another file with --db."
    case .notADatabase(let path):
      "\(path) isn't an SQLite database; it was left as it is. Move it away, or name another file "
        + "with --db."
    case .damaged(let path, let detail):
      "\(path) is damaged (\(detail)); it was left as it is. Save what `sqlite3 \(path) .recover` "
        + "can read, move the file away, or name another file with --db."
    case .foreign(let path):
      "\(path) is an SQLite database of another program; it was left as it is. Name another file "
        + "with --db."
    case .newer(let path):
      "\(path) was written by a newer devbench; it was left as it is. Use that devbench, or name "
        + "another file with --db."
    case .older(let path):
      "\(path) was written by an older devbench, and reading doesn't upgrade it; any `devbench "
        + "run` with this database does."
    case .diskFull(let path):
      "No space is left for \(path); what was committed before is safe. Free some space, or name a "
        + "file on another disk with --db."
    case .noRuns(let path):
      "\(path) holds no runs yet; measure one with `devbench run SCENARIO`."
    case .unknownRun(let path, let reference, let recent):
      "No run in \(path) is called or starts with '\(reference)'; "
        + (recent.isEmpty ? "there are none yet." : "the newest are \(Self.list(recent)).")
        + " `devbench runs` lists them."
    case .ambiguousRun(let path, let reference, let candidates, let more):
      "'\(reference)' is the start of several runs in \(path): \(Self.list(candidates))"
        + (more ? " and more" : "") + "; type more of the one you mean."
    case .differs(let path, let run, let difference):
      "The run \(run) in \(path) is another one: \(difference). It was left as it is; to look at "
        + "both, import the file into an empty database with --db."
    case .refused(let path, let detail):
      "\(path) refused a value: \(detail). This is a fault in devbench; please report it."
    case .other(let path, let detail):
      "\(path) couldn't be used: \(detail). Check the file and its disk, or name another file with "
        + "--db."
    }
  }

  private static func list(_ ids: [String]) -> String {
    ids.joined(separator: ", ")
  }

  private static func seconds(_ duration: Duration) -> String {
    let milliseconds = duration.wholeNanoseconds / 1_000_000
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }
}
