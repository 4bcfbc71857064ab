import Clock
import Foundation
import Processes
import Scenarios

/// The app's dependencies, where the scenario says how they are installed.
extension LocalNativeSession {
  /// Before the first start alone: a working copy keeps what is installed in it.
  func install() async throws(WorkflowFailure) {
    guard let installation, installed == nil else { return }
    let (tell, growth) = (tell, TreeGrowth(of: tree))
    let from = MonotonicInstant.now()
    let task = Task {
      try await installation.run { tell?(.output(source: "install", line: $0)) }
    }
    installing = task
    let result = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    installing = nil
    journal?.add("install", from: from)
    do { try result.get() } catch { throw WorkflowFailure(error) }
    let roots = growth.roots()
    installed = roots
    journal?.installed(roots.count)
  }

  /// The versions of tools that are there only once they are installed.
  package func facts() async -> [String: String] {
    guard !spec.install.isEmpty else { return [:] }
    var facts: [String: String] = [:]
    for (name, command) in spec.tools {
      let output = try? await run(command, input: [], limit: .seconds(20))
      let text = output.map { String(decoding: $0.output, as: UTF8.self) } ?? ""
      let lines =
        text.split(whereSeparator: \.isNewline).map(String.init) + (output?.errorLines ?? [])
      facts[name] = output?.status == 0 ? lines.first ?? "prints no version" : "unknown"
    }
    return facts
  }

  package func contents() async throws(WorkflowFailure) -> SetUpContents? {
    guard let installed else { return nil }
    let files = InstalledFiles(in: tree)
    // It reads much, and the session has other things to answer to.
    let result = await Task.detached { try files.entries(below: installed) }.result
    do { return SetUpContents(files: try result.get()) } catch { throw WorkflowFailure(error) }
  }
}
