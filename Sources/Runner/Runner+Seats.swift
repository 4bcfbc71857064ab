import Foundation
import Measurement
import Processes
import ResultStore
import Scenarios
import Workflows

/// The apps of a run, brought to run.
extension Runner {
  /// Starts an app for each workflow and path that has cells, and for each developer that they have.
  func seat(
    _ arm: RunArm, _ index: Int, in directory: RunDirectory, on seats: SeatMap, remote: RunRemote
  ) async throws(RunFailure) {
    for cell in arm.cells {
      // The first builds the image, has the remote made and pushes every layer; the others find all that.
      let missing = (1...cell.developers).filter { seats[cell, $0, index] == nil }
      for developers in [missing.filter { $0 == 1 }, missing.filter { $0 > 1 }] {
        var new: [Seat] = []
        for developer in developers {
          if Task.isCancelled { throw .interrupted }
          guard
            let seat = try await seat(
              of: cell, developer, arm, index, in: directory, remote: remote)
          else { continue }
          seats.add(seat)
          new.append(seat)
        }
        try await start(new)
        for seat in new where seat.developer == 1 {
          let facts = await seat.session.facts().sorted { $0.key < $1.key }.map {
            Environment.Tool(name: "\(cell.workflow.rawValue) \($0.key)", version: $0.value)
          }
          try stored { () throws(StoreError) in try store.add(tools: facts, run: arm.record.id) }
        }
        try passOnNotes(of: arm.record.id)
      }
    }
  }

  /// - Returns: nil if the scenario has no such workflow or path.
  private func seat(
    of cell: Cell, _ developer: Int, _ arm: RunArm, _ index: Int, in directory: RunDirectory,
    remote: RunRemote
  ) async throws(RunFailure) -> Seat? {
    guard let workflow = arm.workflow(of: cell), let path = arm.spec(of: cell) else { return nil }
    let scenario = arm.scenario
    tell(.starting(cell.workflow, cell.pathName))
    let tree: String
    do {
      tree = try directory.makeDirectory(
        "\(cell.workflow.rawValue)-\(cell.pathName)" + (developer > 1 ? "-\(developer)" : "")
          + (index > 0 ? "-b" : ""))
    } catch {
      throw .workspace("a working tree can't be made: \(error.localizedDescription)")
    }
    let workspace = try await Workspace(
      copying: scenario.app.source, to: tree, edits: scenario.edits)
    do {
      var setup = SessionSetup(
        workflow: workflow, path: path, probe: scenario.app.probe, tree: tree,
        directory: directory,
        note: { [notes] in notes.add($0, of: cell.workflow, cell.pathName) })
      setup.remote = remote
      return Seat(
        of: cell, developer: developer, arm: index, session: try makeSession(setup),
        workspace: workspace)
    } catch {
      throw .workflow(cell.workflow, cell.pathName, error, output: [])
    }
  }

  /// Starts all at once; the first that fails ends the others' starts.
  private func start(_ seats: [Seat]) async throws(RunFailure) {
    let failure = await withTaskGroup(of: RunFailure?.self) { group in
      for seat in seats {
        group.addTask {
          do throws(RunFailure) {
            try await seat.start()
            return nil
          } catch {
            return error
          }
        }
      }
      var first: RunFailure?
      for await failure in group where failure != nil && first == nil {
        first = failure
        group.cancelAll()
      }
      return first
    }
    if let failure { throw failure }
  }
}
