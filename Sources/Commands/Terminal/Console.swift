import Foundation
import Glibc

/// The two streams that a command writes to. What streams is flushed at once: a pipe would hold it.
enum Console {
  static func print(_ text: String, terminator: String = "\n") {
    write(text + terminator, to: stdout)
  }

  static func error(_ text: String, terminator: String = "\n") {
    write(text + terminator, to: stderr)
  }

  /// Whether a person sees standard output.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Columns of the terminal; 80 where there is none, or it doesn't say.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 else { return 80 }
    return Int(size.ws_col)
  }

  // A reader that went away is no reason to stop measuring: what could not be shown is stored.
  private static func write(_ text: String, to stream: UnsafeMutablePointer<FILE>) {
    fputs(text, stream)
    fflush(stream)
  }
}
