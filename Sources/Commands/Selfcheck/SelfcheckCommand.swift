import ArgumentParser
import Foundation
import Processes
import Reports
import ResultStore
import Runner

struct SelfcheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selfcheck",
    abstract: "Measure devbench itself against an app that knows the truth.",
    discussion: """
      A fixture app records the instant at which it began to answer with each edit. devbench measures \
      the same edits through its usual run, and the two are compared. The exit status is 1 if a true \
      instant lies outside its bracket or a limit is missed: then don't trust figures from this \
      machine in its present state.

      EXAMPLES
        devbench selfcheck
        devbench selfcheck --edits 50 --json
      """)

  @Option(help: ArgumentHelp("How many edits, 10 to 10000.", valueName: "n"))
  var edits = 200

  @Option(help: ArgumentHelp("From one probe request to the next, 1 to 1000.", valueName: "ms"))
  var interval = 5

  @Option(help: ArgumentHelp("Repeats the delays and pauses of an earlier check.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(help: "The result as JSON.")
  var json = false

  func validate() throws {
    guard (10...10_000).contains(edits) else {
      throw ValidationError("--edits is from 10 to 10000, not \(edits).")
    }
    guard (1...1000).contains(interval) else {
      throw ValidationError("--interval is from 1 to 1000, not \(interval).")
    }
    guard seed < RunOptions.seedLimit else {
      throw ValidationError("--seed is below \(RunOptions.seedLimit).")
    }
  }

  func run() async throws {
    let state = StateDirectory.standard()
    _ = await state.removeLeftovers()
    let interrupts = Interrupts()
    let check = Selfcheck(edits: edits, interval: .milliseconds(interval), seed: seed, state: state)
    if !json { Console.error("Measuring \(edits) edits of a fixture app …") }
    let result: SelfcheckResult
    do {
      result = try await interrupts.cancelling { try await check.run() }
    } catch {
      if let status = interrupts.status { throw status.code }
      throw error
    }
    Console.print(json ? try result.json() : result.text())
    if !result.isTrustworthy { throw ExitStatus.failed.code }
  }
}
