/// One thing wrong with a scenario file, and what to write instead.
package struct ScenarioFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file as the user gave it.
  package var file: String
  /// Counts from 1.
  package var line: Int
  /// Counts from 1, in Unicode scalars.
  package var column: Int
  /// What is wrong; what to write instead. One line, free of control characters.
  package var message: String

  package init(file: String, line: Int, column: Int, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// `file:line:column: message`, which editors and CI systems turn into a link.
  package var description: String { "\(file):\(line):\(column): \(message)" }

  /// The same for what is no fault.
  package var asNote: String { "\(file):\(line):\(column): note: \(message)" }
}

/// Everything wrong with a scenario file, in the file's order; never empty.
package struct ScenarioFaults: Error, Sendable, Hashable, CustomStringConvertible {
  package var faults: [ScenarioFault]

  package init(_ faults: [ScenarioFault]) {
    self.faults = faults
  }

  /// One fault a line.
  package var description: String { faults.map(\.description).joined(separator: "\n") }
}
