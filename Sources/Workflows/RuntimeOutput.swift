/// What a program printed that was run where an app runs, and how it ended.
package struct RuntimeOutput: Sendable, Hashable {
  /// The whole standard output.
  package var output: [UInt8]
  /// The last lines of the standard error.
  package var errorLines: [String]
  /// 128 and the signal's number for one that a signal ended.
  package var status: Int32

  package init(output: [UInt8], errorLines: [String], status: Int32) {
    self.output = output
    self.errorLines = errorLines
    self.status = status
  }
}
