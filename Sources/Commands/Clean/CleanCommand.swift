import ArgumentParser
import Containers
import Processes
import Reports

struct CleanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clean",
    abstract: "Remove what devbench made: containers, images, workspaces, objects in clusters.",
    discussion: """
      Removed are containers, pods, volumes and images that carry devbench's label, processes that \
      carry it and whose devbench is gone, and the workspaces and settings in devbench's state \
      directory. In Kubernetes clusters, what a devbench of yours on this machine left that was \
      killed, and a namespace that it made. Nothing else is touched: not the results, not what you made yourself, and nothing \
      of a run that is still alive.

      Base images that devbench made from Debian's packages take long to make and stay, unless --all \
      is given. The exit status is 1 if something could not be removed.

      EXAMPLES
        devbench clean --dry-run
        devbench clean --all
      """)

  @Flag(help: "Only list what would be removed.")
  var dryRun = false

  @Flag(help: "Remove the base images that devbench made as well.")
  var all = false

  func run() async throws {
    let state = StateDirectory.standard()
    var cleaning = Cleaning(state: state, all: all)
    var problems = await cleaning.look()
    for item in cleaning.items {
      let name = PlainText.line(item.description)
      if let reason = item.kept {
        Console.print("kept          \(name): \(PlainText.line(reason))")
      } else if dryRun {
        Console.print("would remove  \(name)")
      } else if let problem = await cleaning.remove(item) {
        problems.append("\(name) could not be removed: \(problem)")
      } else {
        Console.print("removed       \(name)")
      }
    }
    if cleaning.items.isEmpty && problems.isEmpty {
      Console.print("There is nothing of devbench's to remove.")
    }
    problems += [cleaning.tidy()].compactMap { $0 }
    if let note = cleaning.note { Console.print(note) }
    for problem in problems { Console.error(PlainText.clean(problem)) }
    if !problems.isEmpty { throw ExitStatus.failed.code }
  }
}
