/// Words of commands that are printed for people to copy.
package enum ShellWord {
  /// As a POSIX shell reads it back.
  package static func quoted(_ text: String) -> String {
    let isPlain = text.wholeMatch(of: /[A-Za-z0-9_.\/+@%:,-]+/) != nil && !text.hasPrefix("-")
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
