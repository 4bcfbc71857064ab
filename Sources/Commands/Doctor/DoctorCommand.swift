import ArgumentParser
import Kubernetes
import Measurement
import Processes
import Reports

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what this machine has and lacks, and the command that mends it.",
    usage: "devbench doctor [<scenarios> ...] [<options>]",
    discussion: """
      The exit status is 1 if something is missing that devbench needs, or that a scenario needs: one \
      of those named, or of the nearest scenarios/ directory.

      With --fix, base images of the scenarios' Dockerfiles are pulled first; where no registry \
      answers, devbench makes one from Debian's packages. Nothing else is changed.

      EXAMPLES
        devbench doctor
        devbench doctor --fix
        devbench doctor flask-hello --workflow local-cluster
        devbench doctor --context kind-dev --namespace devbench
      """)

  @Argument(
    help: "Names under scenarios/, or paths of scenario files; by default all under scenarios/.",
    completion: ScenarioArgument.completion)
  var scenarios: [String] = []

  @Option(
    name: .customLong("workflow"),
    help: ArgumentHelp("Only what this workflow needs; may be repeated.", valueName: "workflow"))
  var workflows: [WorkflowKind] = []

  @Option(
    help: ArgumentHelp(
      "Also look at a Kubernetes cluster, by a context of the kubeconfig; those of the scenarios are "
        + "looked at anyway.", valueName: "name"))
  var context: String?

  @Option(
    help: ArgumentHelp(
      "Where in that cluster; by default the namespace that the context names.", valueName: "name"))
  var namespace: String?

  @Flag(help: "Get the base images that the scenarios need, then say what is missing.")
  var fix = false

  @OptionGroup var colour: ColourOptions

  func validate() throws {
    guard namespace == nil || context != nil else {
      throw ValidationError("--namespace takes a --context")
    }
  }

  func run() async throws {
    let target = context.map { KubernetesTarget(context: $0, namespace: namespace) }
    let scope = try DoctorScope(references: scenarios, workflows: workflows)
    var isMissing = false
    if fix {
      let engine = EngineChecks(state: .standard(), scenarios: scope.scenarios)
      let isFixed = await engine.fix { Console.print("fixing   " + PlainText.line($0)) }
      if !isFixed { isMissing = engine.isNeeded }
    }
    for check in await MachineCheck.all(scope, target) {
      let (word, emphasis): (String, Emphasis) =
        switch check.verdict {
        case .good: ("ok     ", .good)
        case .warning: ("warning", .heading)
        case .missing: ("missing", .bad)
        }
      if check.verdict == .missing { isMissing = true }
      Console.print(
        Emphasis.paint(word, emphasis, colour: colour.useColour)
          + "  \(PlainText.line(check.subject)): \(PlainText.line(check.finding, limit: 400))")
      if let mend = check.mend { Console.print("         → \(PlainText.line(mend, limit: 4096))") }
    }
    if isMissing { throw ExitStatus.failed.code }
  }
}
